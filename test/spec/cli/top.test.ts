import { createColors } from 'picocolors';
import { describe, expect, it } from 'vitest';
import { compact } from '../../../src/cli/text/format.js';
import type { Snapshot } from '../../../src/cli/top/snapshot.js';
import { type Frame, viewOf } from '../../../src/cli/top/view.js';

const plain: Frame = { columns: 80, rows: 23, colors: createColors(false) };

/** A cell with a million ready jobs, far more classes than rows, and names that are too long. */
function large(classes: number, atRisk: number): Snapshot {
  return {
    cell: 'main',
    turn: 123_456_789,
    atMs: 1_795_801_685_442,
    policy: 'default@1',
    openDags: 250_000,
    dagsAtRisk: atRisk * 1_000,
    dagsOverdue: atRisk * 10,
    knownJobs: 10_000_000,
    readyJobs: 1_000_000,
    inboxWaiting: 65_536,
    clockAheadMs: 0,
    windowMs: 30_000,
    endToEnd: { p50Ms: 3_600_000 * 30, p99Ms: 86_400_000 * 12 },
    frontierWait: { p50Ms: 4.4, p99Ms: 61_500 },
    classes: Array.from({ length: classes }, (_, at) => ({
      group: at % 2 === 0 ? 'default' : 'a-group-with-a-long-name',
      executorClass: `class-${at}-with-a-rather-long-name`,
      slots: at * 100,
      slotsInUse: at * 90,
      ready: at === 3 ? 1_000_000 : at,
      slotWait: { p50Ms: 990_000, p99Ms: 86_400_000 * 100 },
      meanOccupancyMs: 61_234,
      releasedPerSecond: 12_345.6,
      readyForMs: 3_600_000 * 100,
    })),
    atRisk: Array.from({ length: Math.min(60, atRisk * 1_010) }, (_, at) => ({
      dagId: `a-dag-with-a-long-name-${at}`,
      tenant: 'tenant-of-it',
      risk: at < 3 ? 'missed' : 'at-risk',
      deadlineAtMs: 1_795_801_685_442 + (at - 3) * 60_000,
      jobsLeft: 99_999,
      jobsTotal: 100_000,
    })),
  };
}

describe('marie top', () => {
  it.each([
    [200, 5],
    [200, 0],
    [3, 5],
    [0, 0],
    [10, 1],
  ])('fits into 80 x 24 with %i classes and %i000 DAGs at risk', (classes, atRisk) => {
    const lines = viewOf(large(classes, atRisk), plain);
    expect(lines.length).toBeLessThanOrEqual(23);
    for (const line of lines) expect(line.length).toBeLessThanOrEqual(80);
    expect(lines.some((line) => line.includes('DAGs at risk'))).toBe(atRisk > 0);
    const shown = lines.filter((line) => line.includes('░') || line.includes('█')).length;
    const counted = /… ([\d,]+) more/.exec(lines.slice(0, lines.indexOf('DAGs at risk') + 99).join('\n'));
    if (classes === 200) expect(shown + Number(counted?.[1])).toBe(classes);
    else expect(shown).toBe(classes);
  });

  it('shows the busiest class first, and says what is left out', () => {
    const lines = viewOf(large(200, 5), plain);
    const classes = lines.filter((line) => line.includes('░') || line.includes('█'));
    expect(classes[0]).toMatch(/^a-group-with-… █{8} +270\/300 1,000,000 +17m\/100d +61s +12,346 +4d$/);
    expect(lines.at(-1)).toMatch(/^… 5,0\d\d more$/);
  });

  it('cuts the name of a DAG at risk only where there is no room for it', () => {
    const lines = (columns: number) => viewOf(large(2, 1), { ...plain, columns, rows: null });
    const first = 'a-dag-with-a-long-name-0 (tenant-of-it)';
    expect(lines(120).find((line) => line.startsWith(first))).toMatch(/ overdue +3m late +99,999\/100,000 jobs left$/);
    expect(lines(80).find((line) => line.startsWith(first.slice(0, 29)))).toHaveLength(80);
  });

  it('gives every class where there is room for it, as in a pipe', () => {
    const lines = viewOf(large(200, 1), { ...plain, rows: null });
    expect(lines.filter((line) => line.includes('in use'))).toHaveLength(1);
    expect(lines.filter((line) => /^(class-|a-group)/.test(line))).toHaveLength(200);
  });

  it('marks a class that has work and no slots, and what is late', () => {
    const colors = createColors(true);
    const snapshot = large(2, 1);
    const [idle, busy] = snapshot.classes;
    const stuck = { ...idle!, executorClass: 'stuck', ready: 5, slots: 0, slotsInUse: 0 };
    const full = { ...busy!, group: 'default', executorClass: 'full', ready: 5, slots: 2, slotsInUse: 2 };
    const lines = viewOf({ ...snapshot, classes: [stuck, full] }, { ...plain, colors });
    expect(lines.find((line) => line.includes('stuck'))?.startsWith(colors.red('x').slice(0, 5))).toBe(true);
    expect(lines.find((line) => line.includes('full'))?.startsWith(colors.yellow('x').slice(0, 5))).toBe(true);
    expect(lines.find((line) => line.includes('late'))?.startsWith(colors.red('x').slice(0, 5))).toBe(true);
  });
});

describe('a compact duration', () => {
  it('has at most five characters', () => {
    const ms = [null, 0, 999, 1_000, 9_940, 9_960, 99_400, 150_000, 5_990_000, 6_100_000, 3_600_000 * 50];
    const texts = ['-', '0ms', '999ms', '1.0s', '9.9s', '10s', '99s', '3m', '100m', '2h', '2d'];
    expect(ms.map(compact)).toEqual(texts);
  });
});

import { describe, expect, it } from 'vitest';
import { kernel } from '../../bench/kernel.js';
import { boundOf, costs } from '../../bench/support/bound.js';
import { DOCUMENT_JOBS, document, documentSubmission, fanOutSubmission } from '../../bench/support/dags.js';
import { writeDocuments } from '../../bench/support/documents-history.js';
import { historyOf, turnsOfFiles } from '../../bench/support/history.js';
import { thisMachine } from '../../bench/support/machine.js';
import { spreadOf } from '../../bench/support/percentiles.js';
import { PlannerScene } from '../../bench/support/planner-scene.js';
import { type CpuProfile, SAMPLE_US, summarise } from '../../bench/support/profile.js';
import { amount, tableOf } from '../../bench/support/report.js';
import { measureSpeed } from '../../bench/support/speed.js';
import { temporaryFolder } from '../support/fabric/fabric.js';

/** A profile of stacks, innermost function first, each with how many samples it has. */
function profileOf(stacks: readonly (readonly [readonly string[], number])[]): CpuProfile {
  const nodes: {
    id: number;
    callFrame: { functionName: string; url: string; lineNumber: number };
    children: number[];
  }[] = [];
  const samples: number[] = [];
  const node = (frame: string): (typeof nodes)[number] => {
    const [functionName = '', url = ''] = frame.split('@');
    const made = { id: nodes.length + 1, callFrame: { functionName, url, lineNumber: 0 }, children: [] };
    nodes.push(made);
    return made;
  };
  const root = node('(root)');
  for (const [stack, count] of stacks) {
    let parent = root;
    for (const frame of stack.toReversed()) {
      const child = node(frame);
      parent.children.push(child.id);
      parent = child;
    }
    for (let i = 0; i < count; i++) samples.push(parent.id);
  }
  return { nodes, samples, timeDeltas: samples.map(() => SAMPLE_US) };
}

const KERNEL = 'decide@file:///x/dist/src/kernel/decide/index.js';
const GATEWAY = 'read@file:///x/dist/src/gateway/routes/submit.js';

describe('a summary of a profile', () => {
  it('gives each part its own time, and the runtime to whoever called it', () => {
    const { parts } = summarise(
      profileOf([
        [[KERNEL], 6],
        [['parse@', GATEWAY], 3],
        [['writeSync@node:fs', 'append@file:///x/dist/src/journal/files/active.js'], 1],
      ]),
    );
    expect(parts.map(({ name, share }) => [name, share])).toEqual([
      ['kernel', 0.6],
      ['HTTP + JSON', 0.3],
      ['journal', 0.1],
    ]);
  });

  it('leaves idle time out of the shares, and keeps it in the total', () => {
    const summary = summarise(
      profileOf([
        [['(idle)@'], 9],
        [[KERNEL], 1],
      ]),
    );
    expect(summary.parts).toEqual([{ name: 'kernel', ms: SAMPLE_US / 1_000, share: 1 }]);
    expect(summary.busyMs / summary.totalMs).toBeCloseTo(0.1);
  });

  it('does not charge a function with the time in which the thread had no processor', () => {
    const profile = profileOf([
      [[KERNEL], 2],
      [[GATEWAY], 2],
    ]);
    const late = { ...profile, timeDeltas: [SAMPLE_US, 900_000, SAMPLE_US, SAMPLE_US] };
    const summary = summarise(late);
    expect(summary.lostMs).toBeGreaterThan(890);
    expect(summary.totalMs).toBeLessThan(5);
    expect(boundOf('it', summary)).toContain('had no processor');
  });

  it('names what limits, and divides the costs by what was done', () => {
    const summary = summarise(
      profileOf([
        [[KERNEL], 30],
        [[GATEWAY], 10],
      ]),
    );
    expect(boundOf('the one thread', summary)).toBe('the one thread is 100 % busy: kernel 75 %, HTTP + JSON 25 %');
    expect(costs(summary, 4)).toEqual([
      { part: 'kernel', share: 0.75, usEach: (30 * SAMPLE_US) / 4 },
      { part: 'HTTP + JSON', share: 0.25, usEach: (10 * SAMPLE_US) / 4 },
    ]);
    expect(costs(summary, 10, 8)[0]).toEqual({ part: 'kernel', share: 0.75, usEach: 600 });
    expect(costs(summary, 0)[0]?.usEach).toBeNull();
  });
});

describe('what is measured', () => {
  it('spreads values', () => {
    expect(spreadOf(Array.from({ length: 100 }, (_, i) => 99 - i))).toEqual({ count: 100, p50: 50, p99: 99, max: 99 });
    expect(spreadOf([])).toEqual({ count: 0, p50: 0, p99: 0, max: 0 });
  });

  it('is a document of 24 jobs in each of its forms', () => {
    expect(DOCUMENT_JOBS).toBe(24);
    expect(document('d').jobs.map(({ id }) => id)).toEqual(documentSubmission('d').jobs.map(({ id }) => id));
    expect(document('d').jobs).toHaveLength(24);
    expect(fanOutSubmission('d').jobs.filter(({ fanOut }) => fanOut !== undefined)).toHaveLength(1);
  });

  it('is read from the journal', async () => {
    const folder = temporaryFolder();
    const { dags, events } = await writeDocuments(folder, 3_000);
    const all = await historyOf(turnsOfFiles(folder), 0, Number.MAX_SAFE_INTEGER);
    expect(all).toMatchObject({ succeededDags: dags, otherEnds: 0, window: { dagsSucceeded: dags } });
    expect(Number(all.window.details['eventsPerSecond'])).toBeCloseTo(events / all.window.seconds, -1);
    expect((await historyOf(turnsOfFiles(folder), 0, 1)).window.dagsSucceeded).toBe(0);
  });
});

describe('a benchmark', () => {
  it('gives a value with its unit, target, bound, costs and details', async () => {
    const options = {
      seconds: 0.2,
      warmUpSeconds: 0.1,
      scale: 0.01,
      retainedJobs: 1_000,
      keepProfiles: false,
      only: [],
      rounds: 1,
      minutes: null,
      instances: null,
      rows: null,
    };
    const measured = await kernel.run({ ...options, folder: '', note: () => undefined });
    expect(measured).toMatchObject({ unit: 'decisions/s', target: 100_000, better: 'higher' });
    expect(measured.value).toBeGreaterThan(0);
    expect(measured.bound).toMatch(/kernel \d+ %/);
    expect(measured.parts.some(({ part, usEach }) => part === 'kernel' && usEach! > 0)).toBe(true);
    expect(measured.details['runnableThen']).toBeGreaterThan(1_000);
    const before = { addsPerNs: 9.7, readNs: 150.5 };
    const table = tableOf({
      name: 'kernel',
      machine: { ...thisMachine(), speed: { before, after: before } },
      ...measured,
    });
    expect(table).toContain('bound by: the one thread');
    expect(table).toContain('before and after: 9.7 additions a ns, 150.5 ns a read; 9.7');
    expect(table).toMatch(/kernel\s+│\s+\d+ %/);
  });

  it('measures the planner on a frontier that keeps its size, in all three lanes', async () => {
    const scene = new PlannerScene(2_000);
    const { decisions, eachUs, lanes } = scene.run(0.05, true);
    expect(decisions).toBeGreaterThan(900);
    expect(lanes.reduce((sum, count) => sum + count)).toBe(decisions);
    expect(eachUs.length).toBeGreaterThan(900);
    expect(Math.min(...eachUs)).toBeGreaterThan(0);
    expect(scene.counts().runnable).toBeGreaterThan(1_500);
    expect(scene.kernel.state.recount().toBytes()).toEqual(scene.kernel.state.hash.toBytes());
  });

  it('tells how fast a thread is', () => {
    const { addsPerNs, readNs } = measureSpeed();
    // Beside others at work it may be any number of times slower; no machine is faster than this.
    expect(addsPerNs).toBeGreaterThanOrEqual(0);
    expect(addsPerNs).toBeLessThan(100);
    expect(readNs).toBeGreaterThan(0.5);
  });

  it('shows values as people read them', () => {
    expect(amount(2 ** 31, 'bytes')).toBe('2.00 GiB');
    expect(amount(12_345.6, 'jobs/s')).toBe('12,346 jobs/s');
    expect(amount(1.234, 'ms')).toBe('1.23 ms');
  });
});

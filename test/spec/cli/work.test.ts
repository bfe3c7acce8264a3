import { describe, expect, it } from 'vitest';
import { openIo } from '../../../src/cli/terminal/io.js';
import { type Far, Work } from '../../../src/cli/terminal/work.js';

/** What is shown last of some moments of work. */
function shown(
  unit: Far['unit'],
  moments: readonly (readonly [number, Omit<Far, 'unit' | 'phase'> & Partial<Far>])[],
): string {
  let nowMs = 0;
  const work = new Work({ ...openIo({}), columns: 80 }, () => nowMs);
  let text = '';
  for (const [atMs, far] of moments) {
    nowMs = atMs;
    text = work.text({ phase: 'copied', unit, ...far });
  }
  return text;
}

describe('long work', () => {
  it('is shown with its rate and how long the rest takes, if the total is known', () => {
    expect(shown('turns', [[2_000, { done: 500, total: 2_000 }]])).toBe(
      'copied 25 %, 500 turns (250/s), about 6 s left',
    );
  });

  it('is shown with its rate alone, if nobody knows the total', () => {
    expect(shown('turns', [[2_000, { done: 500, total: null }]])).toBe('copied 500 turns (250/s)');
  });

  it('counts something else than what the rest follows from', () => {
    const far = { done: 500, total: 1_000, counted: 90_000, detail: '500 turns' };
    expect(shown('entries', [[2_000, far]])).toBe('copied 50 %, 500 turns, 90,000 entries (45,000/s), about 2 s left');
  });

  it('leaves out the detail where the terminal is too narrow, and keeps the time left', () => {
    const far = { done: 5_000_000, total: 10_000_000, counted: 90_000_000, detail: '5,000,000 turns' };
    expect(shown('entries', [[80_000, far]])).toBe(
      'copied 50 %, 90,000,000 entries (1,125,000/s), about 1 min 20 s left',
    );
  });

  it('is in units for bytes', () => {
    const far = { done: 3 * 1024 * 1024, total: 12 * 1024 * 1024 };
    expect(shown('bytes', [[3_000, far]])).toBe('copied 25 %, 3.0 MiB (1.0 MiB/s), about 9 s left');
  });

  it('has no rate before time has gone by, and never more than 100 %', () => {
    expect(shown('turns', [[0, { done: 0, total: 10 }]])).toBe('copied 0 %, 0 turns');
    expect(shown('turns', [[1_000, { done: 20, total: 10 }]])).toBe(
      'copied 100 %, 20 turns (20/s), less than 1 s left',
    );
  });

  it('begins anew with the next phase', () => {
    const phases = [
      [1_000, { done: 900, total: 1_000 }],
      [2_000, { phase: 'checked', done: 0, total: 5_000 }],
      [3_000, { phase: 'checked', done: 2_000, total: 5_000 }],
    ] as const;
    expect(shown('turns', phases)).toBe('checked 40 %, 2,000 turns (2,000/s), about 2 s left');
  });

  it('has the rate of the pass that goes on, if there are several', () => {
    const passes = [
      [1_000, { done: 900, total: 1_000 }],
      [2_000, { done: 100, total: 1_000 }],
      [3_000, { done: 200, total: 1_000 }],
    ] as const;
    expect(shown('turns', passes)).toBe('copied 20 %, 200 turns (100/s), about 8 s left');
  });
});

/** What time it is for a journal, and how much of it nobody could act in (architecture.md: Time). */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Gaps } from '../../../src/scheduler/time/gaps.js';
import { JournalTime } from '../../../src/scheduler/time/journal-time.js';

const START_MS = 1_700_000_000_000;

describe('gaps', () => {
  it('count what they have in common once, in whatever order they are told, and short ones not at all', () => {
    const span = fc.tuple(fc.nat(60), fc.nat(30)).map(([from, length]) => [from * 100, (from + length) * 100] as const);
    fc.assert(
      fc.property(fc.array(span, { maxLength: 12 }), (spans) => {
        const gaps = new Gaps();
        for (const [from, to] of spans) gaps.note(from, to);
        const long = spans.filter(([from, to]) => to - from > 1_000);
        const moments = Array.from({ length: 90 }, (_, i) => i * 100);
        const all = moments.filter((at) => long.some(([from, to]) => from <= at && at < to)).length * 100;
        expect([gaps.isOpen(), gaps.take(), gaps.take()]).toEqual([all > 0, all, 0]);
      }),
    );
  });

  it('that are told once are not told again as part of a longer one', () => {
    const gaps = new Gaps();
    gaps.note(5_000, 8_000);
    expect(gaps.take()).toBe(3_000);
    gaps.note(1_000, 10_000);
    expect(gaps.take()).toBe(6_000);
    gaps.note(2_000, 11_000);
    expect(gaps.take()).toBe(0);
    gaps.note(2_000, 11_100);
    expect(gaps.take()).toBe(1_100);
  });
});

/** Journal time of a process whose wall clock is so much ahead of it when it begins. */
function begun(aheadMs: number) {
  const clocks = { at: 0, wall: START_MS + aheadMs };
  const time = new JournalTime({ monotonicMs: () => clocks.at, wallMs: () => clocks.wall }, START_MS);
  const pass = (ms: number): number => {
    clocks.at += ms;
    clocks.wall += ms;
    return time.now() - START_MS;
  };
  return { time, clocks, pass };
}

describe('journal time', () => {
  it.each([
    ['as the wall clock does', 0, 8_000],
    ['faster by an eighth, where that is ahead', 5_000, 9_000],
    ['no faster than up to it', 400, 8_400],
    ['by its own clock alone, where that is more than 5 s ahead', 5_001, 8_000],
    ['slower by an eighth, where that is behind', -60_000, 7_000],
  ])('passes %s', (_how, aheadMs, passedMs) => {
    const { time, pass } = begun(aheadMs);
    expect(time.aheadMs()).toBe(aheadMs);
    expect(pass(8_000)).toBe(passedMs);
    expect([time.peek() - START_MS, time.aheadMs(), time.takeLeap()]).toEqual([
      passedMs,
      8_000 + aheadMs - passedMs,
      0,
    ]);
  });

  it('leaps to a clock that is accepted, tells by how much once, and goes on from there', () => {
    const { time, pass } = begun(60_000);
    time.accept(START_MS + 60_000);
    time.accept(START_MS + 30_000);
    // Both are told together: their sum is what the wall clock shows.
    expect([time.peek() - START_MS, time.aheadMs()]).toEqual([60_000, 0]);
    expect([pass(100), time.takeLeap(), time.takeLeap()]).toEqual([60_000, 59_900, 0]);
    expect(pass(800)).toBe(60_900);
    expect(time.takeLeap()).toBe(0);
  });

  it('never falls, whatever either clock does', () => {
    const step = fc.tuple(fc.integer({ min: -10_000, max: 10_000 }), fc.integer({ min: -100_000, max: 100_000 }));
    fc.assert(
      fc.property(fc.array(step), (steps) => {
        const { time, clocks } = begun(0);
        let last = time.now();
        for (const [passed, moved] of steps) {
          clocks.at += passed;
          clocks.wall += moved;
          const at = time.now();
          expect(at).toBeGreaterThanOrEqual(last);
          last = at;
        }
      }),
    );
  });
});

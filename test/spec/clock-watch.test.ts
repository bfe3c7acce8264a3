import { expect, it } from 'vitest';
import { ClockWatch } from '../../src/main/clock-watch.js';

/** Hears one difference for so many seconds, a second apart, and gives what was told: second, difference, message. */
function watching() {
  let seconds = 0;
  const told: (readonly [number, number, string])[] = [];
  const warn = (fields: object, message: string): void => {
    told.push([seconds, (fields as { aheadMs: number }).aheadMs, message]);
  };
  const watch = new ClockWatch({ warn }, () => seconds * 1000);
  const hear = (aheadMs: number | null, forSeconds: number): void => {
    for (const until = seconds + forSeconds; seconds < until; seconds += 1) watch.hear(aheadMs);
  };
  return { told, hear };
}

it('a clock that has leapt ahead is told of at once, each minute, and when it is followed', () => {
  const { told, hear } = watching();
  hear(40, 10);
  hear(3_600_000, 70);
  hear(12, 10);
  expect(told).toEqual([
    [10, 3_600_000, expect.stringContaining('leapt ahead')],
    [70, 3_600_000, expect.stringContaining('leapt ahead')],
    [80, 12, expect.stringContaining('again')],
  ]);
});

it('one that is behind is told of as well, and said to be so', () => {
  const { told, hear } = watching();
  hear(-3_600_000, 61);
  expect(told.map(([at, , message]) => [at, message.includes('is behind')])).toEqual([
    [0, true],
    [60, true],
  ]);
});

it('nothing is told while the clocks are within 5 s of each other, or where nobody leads', () => {
  const { told, hear } = watching();
  for (const aheadMs of [0, 5_000, -5_000, null]) hear(aheadMs, 61);
  hear(5_001, 1);
  hear(null, 1);
  expect(told).toHaveLength(1);
});

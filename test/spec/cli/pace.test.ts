import { describe, expect, it } from 'vitest';
import { Pace } from '../../../src/cli/terminal/pace.js';

function timed(samples: readonly (readonly [number, number])[]): Pace {
  let nowMs = 0;
  const pace = new Pace(() => nowMs);
  for (const [atMs, done] of samples) {
    nowMs = atMs;
    pace.at(done);
  }
  return pace;
}

describe('a pace', () => {
  it('says nothing before there are two moments, or while nothing comes', () => {
    expect(timed([]).text(10)).toBe('');
    expect(timed([[0, 0]]).text(10)).toBe('');
    expect(
      timed([
        [0, 3],
        [5_000, 3],
      ]).text(10),
    ).toBe('');
  });

  it.each([
    [
      [
        [0, 0],
        [2_000, 4],
      ],
      100,
      '2.0/s, about 48 s left',
    ],
    [
      [
        [0, 0],
        [1_000, 1_000],
      ],
      1_000_000,
      '1,000/s, about 16 min 39 s left',
    ],
    [
      [
        [0, 0],
        [1_000, 50],
      ],
      60,
      '50/s, less than 1 s left',
    ],
  ] as const)('%j of %d is %s', (samples, total, text) => {
    expect(timed(samples).text(total)).toBe(text);
  });

  it('follows the last ten seconds', () => {
    const slow = [0, 1_000, 2_000].map((atMs) => [atMs, atMs / 1_000] as const);
    const fast = [20_000, 21_000, 22_000].map((atMs, at) => [atMs, 2 + (at + 1) * 100] as const);
    expect(timed([...slow, ...fast]).perSecond()).toBeCloseTo(300 / 20, 0);
    const later = [30_000, 31_000, 32_000, 33_000].map((atMs, at) => [atMs, 302 + (at + 1) * 50] as const);
    expect(timed([...slow, ...fast, ...later]).perSecond()).toBeLessThan(60);
  });
});

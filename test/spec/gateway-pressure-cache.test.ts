/** The SLA pressure is counted now and then: what was counted serves for a while, by a clock that may leap. */
import { expect, it } from 'vitest';
import { PressureCache } from '../../src/gateway/signals/pressure-cache.js';
import type { FoldSignals } from '../../src/scheduler/views.js';

const HOUR_MS = 3_600_000;

it('counts the pressure again after a while, also where the clock was put back meanwhile', async () => {
  let nowMs = 10 * HOUR_MS;
  let counts = 0;
  const pressure: FoldSignals['pressure'] = async () => {
    counts += 1;
    return [];
  };
  const cache = new PressureCache({ pressure } as FoldSignals, { nowMs: () => nowMs });
  const readAt = async (ms: number): Promise<number> => {
    nowMs = ms;
    await cache.read();
    return counts;
  };
  expect(await readAt(10 * HOUR_MS)).toBe(1);
  expect(await readAt(10 * HOUR_MS + 4_999)).toBe(1);
  expect(await readAt(10 * HOUR_MS + 5_000)).toBe(2);
  expect(await readAt(9 * HOUR_MS)).toBe(3);
  expect(await readAt(9 * HOUR_MS + 1)).toBe(3);
});

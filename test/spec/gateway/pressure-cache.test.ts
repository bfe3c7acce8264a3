/** The SLA pressure is counted now and then: what was counted serves for a while. */
import { expect, it } from 'vitest';
import { PressureCache } from '../../../src/gateway/signals/pressure-cache.js';
import type { FoldSignals } from '../../../src/scheduler/views/port.js';

it('counts the pressure again after a while', async () => {
  let nowMs = 0;
  let counts = 0;
  const pressure: FoldSignals['pressure'] = async () => {
    counts += 1;
    return [];
  };
  const cache = new PressureCache({ pressure } as FoldSignals, { monotonicMs: () => nowMs });
  const readAt = async (ms: number): Promise<number> => {
    nowMs = ms;
    await cache.read();
    return counts;
  };
  expect(await readAt(0)).toBe(1);
  expect(await readAt(4_999)).toBe(1);
  expect(await readAt(5_000)).toBe(2);
});

/** What a class can do: no more than its slots, its limit and its rates of starts let it. */
import { expect, it } from 'vitest';
import type { ClassView, RateView } from '../../../src/answers/types.js';
import { capacityOf } from '../../../src/gateway/capacity.js';

const rate = (per: RateView['per'], add: number, perMs: number) => ({ per, add, perMs, burst: add, tokens: 0 });

/** Of a class of 4 slots, of which each is taken for 100 ms, and of which 90 jobs are ready. */
function capacity(rates: readonly RateView[], slotsClosed = 0) {
  const view = { slotsAdvertised: 4, slotsReclaiming: 0, slotsReserved: 0, slotsClosed, maxSlots: null, ready: 90 };
  const { perSecond, perHour, readyForMs } = capacityOf({
    ...view,
    meanOccupancyMs: 100,
    rates,
  } as unknown as ClassView);
  return { perSecond, perHour, readyForMs };
}

it('is what the slots do, where no rate of starts allows less', () => {
  const bySlots = { perSecond: 40, perHour: 144_000, readyForMs: 2_250 };
  expect(capacity([])).toEqual(bySlots);
  expect(capacity([rate('starts', 100, 1_000), rate('units', 1, 60_000)])).toEqual(bySlots);
});

it('is what the slots do that get work: those of a cordoned executor get none', () => {
  expect(capacity([], 3)).toEqual({ perSecond: 10, perHour: 36_000, readyForMs: 9_000 });
});

it('is what the tightest rate of starts allows', () => {
  const rates = [rate('starts', 100, 1_000), rate('starts', 1, 20_000)];
  expect(capacity(rates)).toEqual({ perSecond: 0.05, perHour: 180, readyForMs: 1_800_000 });
});

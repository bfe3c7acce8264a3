import type { ClassCapacity, ClassView } from '../answers/types.js';

const SECOND_MS = 1_000;
const HOUR_S = 3_600;

/**
 * The capacity of a class; a mean of 0 ms counts as 1. A class's row knows how long its attempts held their slots, not how
 * many each of them had, so that a job of several slots counts as one of one.
 */
export function capacityOf(view: ClassView): ClassCapacity {
  const { group, executorClass, slotsReserved, maxSlots, ready, meanOccupancyMs } = view;
  const standing = Math.max(0, view.slotsAdvertised - view.slotsReclaiming - view.slotsClosed);
  const slots = maxSlots === null ? standing : Math.min(standing, maxSlots);
  const bySlots = meanOccupancyMs === null ? null : (slots * SECOND_MS) / Math.max(1, meanOccupancyMs);
  const perSecond = bySlots === null ? null : Math.min(bySlots, startsPerSecond(view));
  return {
    group,
    executorClass,
    slots,
    slotsInUse: slotsReserved,
    ready,
    meanOccupancyMs,
    perSecond: perSecond === null ? null : rounded(perSecond),
    perHour: perSecond === null ? null : Math.round(perSecond * HOUR_S),
    readyForMs: perSecond === null || perSecond === 0 ? null : Math.round((ready * SECOND_MS) / perSecond),
  };
}

/**
 * Starts that the rates of a class allow for ever; those of units
 * say nothing of jobs, which may have any number of them.
 */
function startsPerSecond({ rates }: ClassView): number {
  const starts = rates.filter(({ per }) => per === 'starts');
  return Math.min(Number.POSITIVE_INFINITY, ...starts.map(({ add, perMs }) => (add * SECOND_MS) / perMs));
}

function rounded(perSecond: number): number {
  return Math.round(perSecond * 1_000) / 1_000;
}

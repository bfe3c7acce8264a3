/** The executors of a plan, and what they offer. */
import { Code } from '../../catalogue/generated/codes.js';
import { START_MS } from '../cell/virtual-cell.js';
import { type Arrival, arrival } from '../cell/world.js';
import { className } from '../class-name.js';
import { numberedId } from '../plan/numbered-id.js';
import type { Plan } from '../plan/plan.js';

/** An executor class of a plan. */
type PlanClass = Plan['classes'][string];

/** Who registers before the first DAG arrives. */
export function* registrations({ classes, scale }: Plan): Generator<Arrival, void, void> {
  for (const [place, [name, one]] of Object.entries(classes).entries()) {
    yield* register(name, place, one, scale, START_MS, 1);
  }
}

/** Every executor of a changed class registers anew with what it has of the share; those left with none stop for a while. */
export function* changes({ classes, scale, changes: planned }: Plan): Generator<Arrival, void, void> {
  for (const { at, class: only, share } of planned.toSorted((a, b) => a.at - b.at)) {
    for (const [place, [name, one]] of Object.entries(classes).entries()) {
      if (!isChanged(classes, only, name)) continue;
      yield* register(name, place, one, scale, START_MS + at, share);
    }
  }
}

/** Whether a change that is `only` about one class is about this one: by its name in `classes`, or with its group. */
export function isChanged(classes: Plan['classes'], only: string | undefined, name: string): boolean {
  if (only === undefined) return true;
  return Object.hasOwn(classes, only) ? only === name : only === className(classes[name]!.group, name);
}

function* register(
  name: string,
  place: number,
  one: PlanClass,
  scale: number,
  at: number,
  share: number,
): Generator<Arrival, void, void> {
  for (const [index, slots] of executorSlots(one, scale, share).entries()) {
    yield arrival(at, Code.RegisterExecutor, {
      executor: numberedId(name, place, index),
      incarnation: 'one',
      group: one.group,
      executorClass: name,
      slots,
      labels: [],
      sessionMs: 0,
      held: [],
    });
  }
}

/** Slots of a class: the nearest whole number of what a scale and a share of it come to; of a scale alone, at least one. */
function classSlots({ executors, slots }: PlanClass, scale: number, share = 1): number {
  return Math.round(Math.max(1, Math.round(executors * slots * scale)) * share);
}

/** Executors that stand for so many times the slots of a class. */
function executorCount(one: PlanClass, scale: number): number {
  return Math.ceil(classSlots(one, scale) / one.slots);
}

/** Executors of all classes. */
export function executorsOf({ classes, scale }: Pick<Plan, 'classes' | 'scale'>): number {
  return Object.values(classes).reduce((sum, one) => sum + executorCount(one, scale), 0);
}

/** Slots of each executor of a class: as many as a share leaves go to the first ones, of which the last may have fewer. */
function executorSlots(one: PlanClass, scale: number, share = 1): readonly number[] {
  const left = classSlots(one, scale, share);
  return Array.from({ length: executorCount(one, scale) }, (_, index) => {
    return Math.max(0, Math.min(one.slots, left - index * one.slots));
  });
}

/** Slots of the largest executor of each class, by the name under which reports list it. */
export function largestByClass({ classes, scale }: Pick<Plan, 'classes' | 'scale'>): ReadonlyMap<string, number> {
  const entries = Object.entries(classes).map(([name, one]) => {
    return [className(one.group, name), Math.min(one.slots, classSlots(one, scale))] as const;
  });
  return new Map(entries);
}

/** Slots of a class, by the name under which reports list it, when no change has been made. */
export function slotsByClass({ classes, scale }: Plan): ReadonlyMap<string, number> {
  const entries = Object.entries(classes).map(([name, one]) => {
    return [className(one.group, name), classSlots(one, scale)] as const;
  });
  return new Map(entries);
}

/** Slot-ms that each class offers from the beginning until `untilMs`, its changes counted. */
export function offeredByClass(
  { classes, scale, changes: planned }: Plan,
  untilMs: number,
): ReadonlyMap<string, number> {
  const sorted = planned.toSorted((a, b) => a.at - b.at);
  const offered = new Map<string, number>();
  for (const [name, one] of Object.entries(classes)) {
    const key = className(one.group, name);
    let [from, now, sum] = [0, classSlots(one, scale), 0];
    for (const { at, class: only, share } of sorted) {
      if (at >= untilMs || !isChanged(classes, only, name)) continue;
      sum += now * (at - from);
      [from, now] = [at, classSlots(one, scale, share)];
    }
    offered.set(key, sum + now * (untilMs - from));
  }
  return offered;
}

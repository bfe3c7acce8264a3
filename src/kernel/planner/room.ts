/** The room that a class has for its next job: what the planner looks for a job for, and what explain says it is. */
import type { Indexes } from '../indexes/indexes.js';
import { Placement } from '../indexes/placement.js';
import { MAX_DURATION_MS } from '../limits.js';
import type { Room } from '../policy/policy.js';
import type { State } from '../rows/state.js';

/** What room depends on: a turn, or a moment that is explained. */
interface Moment {
  readonly state: State;
  readonly indexes: Indexes;
  readonly at: number;
}

/** Sets `room` to what there is on executors that are not reserved. */
export function openRoom({ indexes, at }: Moment, classSeq: number, cls: number, room: Room): Room {
  const { placement } = indexes;
  room.classSeq = classSeq;
  room.cls = cls;
  room.at = at;
  room.slots = Math.min(placement.widest(classSeq), placement.allowed(cls));
  room.estimateMs = MAX_DURATION_MS;
  return room;
}

/**
 * Sets `room` to what there is on the executor that is reserved: for a job that will have ended there before it is
 * needed, `at + 5/4 estimate <= reservedAt`.
 */
export function roomBeside({ state, indexes, at }: Moment, classSeq: number, cls: number, room: Room): Room {
  const { classes, executors } = state;
  const executor = executors.find(classes.c.reservedExecutor[cls]!);
  const leftMs = Math.max(0, classes.c.reservedAtMs[cls]! - at);
  room.classSeq = classSeq;
  room.cls = cls;
  room.at = at;
  room.slots = leftMs === 0 ? 0 : Math.min(Placement.offered(state, executor), indexes.placement.allowed(cls));
  room.estimateMs = Math.floor((leftMs * 4) / 5);
  return room;
}

/** The first moment at which `roomBeside` has no room any more for a job of that estimate. */
export function besideUntil({ classes }: State, cls: number, estimateMs: number): number {
  return classes.c.reservedAtMs[cls]! - Math.ceil((estimateMs * 5) / 4) + 1;
}

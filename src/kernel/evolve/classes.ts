/** What a class's row keeps of dispatches and releases: credits of the lanes, long work, occupancies, a reservation. */
import { Code, Lane, LeaseState, Shape } from '../../catalogue/generated/codes.js';
import type * as E from '../../catalogue/generated/types.js';
import type { Fold } from '../fold.js';
import { log2Sixteenths } from '../log2.js';
import { teachPattern } from './patterns.js';

export function reservationMade(fold: Fold, body: E.ReservationMade): void {
  const { state } = fold;
  const { classes } = state;
  const { f } = classes;
  const cls = classes.find(body.class);
  state.set(classes, cls, f.reservedDag, body.dag);
  state.set(classes, cls, f.reservedJob, body.job);
  state.set(classes, cls, f.reservedExecutor, body.executor);
  state.set(classes, cls, f.reservedAtMs, body.reservedAtMs);
  state.set(classes, cls, f.reservedLane, body.lane);
}

export function reservationEnded(fold: Fold, body: E.ReservationEnded): void {
  const { state } = fold;
  const { classes } = state;
  const { f } = classes;
  const cls = classes.find(body.class);
  for (const field of [f.reservedDag, f.reservedJob, f.reservedExecutor, f.reservedAtMs, f.reservedLane]) {
    state.set(classes, cls, field, 0);
  }
}

/** The deepest that the credit of regular work falls, in slot-ms, unless one job costs more (policy.md, section 4). */
const REGULAR_DEBT = 60_000;

/** Credits of the lanes after a dispatch: they depend on lane and cost alone (policy.md, sections 4 and 5). */
export function payLanes(fold: Fold, cls: number, lane: number, cost: number): void {
  const { state } = fold;
  const { classes } = state;
  const { guardCredit, regularCredit } = classes.c;
  const guard = guardCredit[cls]!;
  const regular = regularCredit[cls]!;
  const nextGuard = lane === Lane.guard ? guard - 15 * cost : Math.min(0, guard + cost);
  const nextRegular =
    lane === Lane.urgent
      ? Math.min(0, regular + cost)
      : Math.max(regular - 3 * cost, -Math.max(REGULAR_DEBT, 3 * cost));
  if (nextGuard !== guard) state.set(classes, cls, classes.f.guardCredit, nextGuard);
  if (nextRegular !== regular) state.set(classes, cls, classes.f.regularCredit, nextRegular);
}

/** Long work that runs, and when short work was dispatched last (policy.md, section 6). */
export function noteShape(fold: Fold, cls: number, lease: number, shape: number): void {
  const { state } = fold;
  const { classes, leases } = state;
  if (shape === Shape.short) state.set(classes, cls, classes.f.lastShortAtMs, fold.at);
  else state.set(leases, lease, leases.f.shape, shape);
  if (shape === Shape.long) state.add(classes, cls, classes.f.longRunning, 1);
}

/** Samples up to which the means of a class are plain ones; after that they move by one part in so many. */
const SAMPLES = 256;

/** What is learned from an attempt that ended well: the class's mean occupancy, that of the logarithm, the pattern's. */
export function learnOccupancy(fold: Fold, lease: number, cls: number, occupancyMs: number): void {
  const { state, input } = fold;
  const { classes, leases, dags, space } = state;
  if (leases.c.state[lease] !== LeaseState.released) return;
  if (input?.code !== Code.CompleteJob || input.body.lease.token !== leases.keyA[lease]) return;
  const dag = dags.find(leases.c.dag[lease]!);
  if (dag !== 0) teachPattern(fold, space.handle(dag, leases.c.job[lease]!), occupancyMs);
  const { f, c } = classes;
  const isFull = c.occupancyCount[cls] === SAMPLES;
  const sum = c.occupancySum[cls]!;
  const logSum = c.logSum[cls]!;
  state.set(classes, cls, f.occupancySum, sum + occupancyMs - (isFull ? Math.floor(sum / SAMPLES) : 0));
  const log = log2Sixteenths(occupancyMs);
  state.set(classes, cls, f.logSum, logSum + log - (isFull ? Math.floor(logSum / SAMPLES) : 0));
  if (!isFull) state.add(classes, cls, f.occupancyCount, 1);
}

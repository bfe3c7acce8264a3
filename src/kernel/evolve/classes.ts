/** What a class's row keeps of dispatches and releases: credits of the lanes, long work, occupancies, a reservation. */
import { Code, Lane, LeaseState, Shape } from '../../catalogue/generated/codes.js';
import type * as E from '../../catalogue/generated/types.js';
import type { Fold } from '../fold.js';
import { log2Sixteenths } from '../log2.js';
import { teachPattern } from './patterns.js';

export function reservationMade(fold: Fold, body: E.ReservationMade): void {
  const { state } = fold;
  const { classes } = state;
  const cls = classes.find(body.class);
  classes.set.reservedDag(cls, body.dag);
  classes.set.reservedJob(cls, body.job);
  classes.set.reservedExecutor(cls, body.executor);
  classes.set.reservedAtMs(cls, body.reservedAtMs);
  classes.set.reservedLane(cls, body.lane);
}

export function reservationEnded(fold: Fold, body: E.ReservationEnded): void {
  const { state } = fold;
  const { classes } = state;
  const cls = classes.find(body.class);
  classes.set.reservedDag(cls, 0);
  classes.set.reservedJob(cls, 0);
  classes.set.reservedExecutor(cls, 0);
  classes.set.reservedAtMs(cls, 0);
  classes.set.reservedLane(cls, 0);
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
  classes.set.guardCredit(cls, nextGuard);
  classes.set.regularCredit(cls, nextRegular);
}

/** Long work that runs, and when short work was dispatched last (policy.md, section 6). */
export function noteShape(fold: Fold, cls: number, lease: number, shape: number): void {
  const { state } = fold;
  const { classes, leases } = state;
  if (shape === Shape.short) classes.set.lastShortAtMs(cls, fold.at);
  else leases.set.shape(lease, shape);
  if (shape === Shape.long) classes.add.longRunning(cls, 1);
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
  const { c } = classes;
  const isFull = c.occupancyCount[cls] === SAMPLES;
  const sum = c.occupancySum[cls]!;
  const logSum = c.logSum[cls]!;
  classes.set.occupancySum(cls, sum + occupancyMs - (isFull ? Math.floor(sum / SAMPLES) : 0));
  const log = log2Sixteenths(occupancyMs);
  classes.set.logSum(cls, logSum + log - (isFull ? Math.floor(logSum / SAMPLES) : 0));
  if (!isFull) classes.add.occupancyCount(cls, 1);
}

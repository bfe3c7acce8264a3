/** What a class's row keeps of dispatches and releases: credits of the lanes, long work, occupancies, a reservation. */
import { Code, Lane, LeaseState, Shape } from '../../catalogue/generated/codes.js';
import type * as E from '../../catalogue/generated/types.js';
import { type Fold, slotsOf } from '../fold.js';
import { MAX_COST, MAX_SUM, MAX_TAG } from '../limits.js';
import { log2Sixteenths } from '../log2.js';
import type { State } from '../rows/state.js';
import { allowed, empty, workingSlots } from './capacity.js';
import { teachPattern } from './patterns.js';

export function reservationMade(fold: Fold, body: E.ReservationMade): void {
  const { state } = fold;
  const { classes, dags, space } = state;
  const cls = classes.find(body.class);
  classes.set.reservedDag(cls, body.dag);
  classes.set.reservedJob(cls, body.job);
  classes.set.reservedExecutor(cls, body.executor);
  classes.set.reservedAtMs(cls, body.reservedAtMs);
  classes.set.reservedLane(cls, body.lane);
  classes.set.reservedSlots(cls, slotsOf(state, space.handle(dags.find(body.dag), body.job)));
  classes.set.keptAtMs(cls, fold.running);
}

/** However it ends, the guard pays for the slots that were kept free for it: others could not have them. */
export function reservationEnded(fold: Fold, body: E.ReservationEnded): void {
  const { classes } = fold.state;
  const cls = classes.find(body.class);
  keepFree(fold, cls);
  gainGuard(fold.state, cls, -GUARD_PAYS * classes.c.keptFree[cls]!);
  classes.set.reservedDag(cls, 0);
  classes.set.reservedJob(cls, 0);
  classes.set.reservedExecutor(cls, 0);
  classes.set.reservedAtMs(cls, 0);
  classes.set.reservedLane(cls, 0);
  classes.set.reservedSlots(cls, 0);
  classes.set.keptFree(cls, 0);
  classes.set.keptAtMs(cls, 0);
}

/**
 * Counts the slot-ms that others might have had on an executor that is reserved for the guard's choice, before its slots,
 * those in use in the class, or the limit of these change, or the reservation ends: `keptFree`, up to `keptAtMs`. That is
 * running time: while the fabric was stopped nobody could have had them. Nor could anybody where there was room for the
 * job already: it waited for tokens, and the class with it.
 */
export function keepFree({ state, running }: Fold, cls: number): void {
  const { classes, executors } = state;
  const { reservedExecutor, reservedSlots, reservedLane, keptAtMs } = classes.c;
  if (reservedExecutor[cls] === 0 || reservedLane[cls] !== Lane.guard) return;
  const executor = executors.find(reservedExecutor[cls]!);
  const free = Math.min(empty(state, executor), allowed(state, cls));
  const kept = free < reservedSlots[cls]! ? free * (running - keptAtMs[cls]!) : 0;
  classes.set.keptFree(cls, Math.min(MAX_COST, classes.c.keptFree[cls]! + kept));
  classes.set.keptAtMs(cls, running);
}

/** Credits of the lanes begin at 0, and an executor that is kept has been kept for nobody so far. */
export function clearCredits({ state: { classes }, running }: Fold, cls: number): void {
  classes.set.guardCredit(cls, 0);
  classes.set.overpaid(cls, 0);
  classes.set.promised(cls, 0);
  classes.set.regularCredit(cls, 0);
  classes.set.keptFree(cls, 0);
  if (classes.c.reservedExecutor[cls] !== 0) classes.set.keptAtMs(cls, running);
}

/** Whether a job of the class, by the numbers of its DAG and its own, is the one that has the reservation. */
export function hasReservation({ classes }: State, cls: number, dagSeq: number, job: number): boolean {
  const { reservedExecutor, reservedDag, reservedJob } = classes.c;
  return reservedExecutor[cls] !== 0 && reservedDag[cls] === dagSeq && reservedJob[cls] === job;
}

/** What the guard pays for each slot-ms: others must do so many, so that it has a sixteenth of all. */
const GUARD_PAYS = 15;

/** What regular work pays for each slot-ms: urgent work may do so many, so that it has a quarter where both wait. */
const REGULAR_PAYS = 3;

/** The deepest that the credit of regular work falls, in slot-ms, unless one job costs more (policy.md: Deadlines). */
const REGULAR_DEBT = 60_000;

/** The deepest that it falls with a job of this cost. */
function deepest(cost: number): number {
  return -Math.max(REGULAR_DEBT, REGULAR_PAYS * cost);
}

/** The most that it rises to, for each slot of the class: it goes before all that is urgent for a third of that. */
const REGULAR_SAVED_MS = 60_000;

/** What a gain makes of it: no more than so many slot-ms, or a minute of all slots. */
function raised(state: State, cls: number, credit: number, atMost: number, gain: number): number {
  const most = Math.min(atMost, REGULAR_SAVED_MS * workingSlots(state, cls));
  return Math.max(credit, Math.min(most, credit + gain));
}

/**
 * Credits of the lanes after a dispatch (policy.md: Deadlines; The guard), and what the lease, by its row, has given them.
 * The guard's is never above 0, so that may be less than the cost. What an urgent job gives to regular work is kept until
 * that has had it, no more than what the job costs: else one that is longer than three others would leave them less than
 * their quarter.
 */
export function payLanes({ state }: Fold, cls: number, lease: number, lane: number, cost: number): void {
  const { classes, leases } = state;
  const { guardCredit, regularCredit } = classes.c;
  const guard = guardCredit[cls]!;
  const regular = regularCredit[cls]!;
  const nextGuard = lane === Lane.guard ? Math.max(-MAX_SUM, guard - GUARD_PAYS * cost) : Math.min(0, guard + cost);
  const nextRegular =
    lane === Lane.urgent
      ? raised(state, cls, regular, cost, cost)
      : Math.max(regular - REGULAR_PAYS * cost, deepest(cost));
  classes.set.guardCredit(cls, nextGuard);
  classes.set.regularCredit(cls, nextRegular);
  const earned = Math.max(0, nextGuard - guard);
  if (earned > 0) classes.set.promised(cls, Math.min(MAX_TAG, classes.c.promised[cls]! + earned));
  leases.set.earned(lease, earned);
  leases.set.given(lease, nextRegular - regular);
}

/**
 * Corrects the guard's credit to what it would be, had a dispatch been charged what was used: `actual` instead of
 * `cost`. Work of others that gave `earned` of its cost, as no more was missing, has no more to give; and what was
 * expected to take days and did not takes back no more than it gave, or it would lock the guard out for days.
 */
export function correctGuard(
  fold: Fold,
  cls: number,
  lane: number,
  { cost, actual, earned }: { readonly cost: number; readonly actual: number; readonly earned: number },
): void {
  if (lane === Lane.guard) return giveBack(fold, cls, GUARD_PAYS * (cost - actual));
  const given = earned < cost ? Math.min(actual, earned) : actual;
  gainGuard(fold.state, cls, given - earned + (earned > 0 ? takeOverpaid(fold, cls, given, earned) : 0));
}

/** What the guard gains or pays; gives what is too much, as its credit is never above 0. */
function gainGuard({ classes }: State, cls: number, gain: number): number {
  const credit = classes.c.guardCredit[cls]! + gain;
  classes.set.guardCredit(cls, Math.max(-MAX_SUM, Math.min(0, credit)));
  return Math.max(0, credit);
}

/**
 * The guard has paid more for a dispatch than that took. What others that run gave to pay for it and is not needed now
 * is noted: they would give it back once more, where they took less than they were charged, and lock the guard out.
 */
function giveBack({ state }: Fold, cls: number, gain: number): void {
  const { classes } = state;
  const over = gainGuard(state, cls, gain);
  if (over > 0) classes.set.overpaid(cls, Math.min(classes.c.promised[cls]!, classes.c.overpaid[cls]! + over));
}

/**
 * What the release of work that gave `earned`, and so much really, need not take back. What it gave pays for that much;
 * and with the last that gave anything nothing of it is left, or the guard would have more than its share of what comes
 * later.
 */
function takeOverpaid({ state: { classes } }: Fold, cls: number, given: number, earned: number): number {
  const promised = Math.max(0, classes.c.promised[cls]! - earned);
  classes.set.promised(cls, promised);
  const overpaid = classes.c.overpaid[cls]!;
  if (overpaid === 0) return 0;
  const taken = Math.min(overpaid, Math.max(0, earned - given));
  classes.set.overpaid(cls, Math.min(promised, Math.max(0, overpaid - taken - given)));
  return taken;
}

/**
 * Corrects the credit of regular work in the same way: what used more than it was charged gives or pays the rest. What used
 * less takes back what it gave or paid for time that it did not use, and no more: not all was perhaps missing, nor had to
 * be paid. So neither lane comes to more or less than its share by estimates of its own that are wrong.
 */
export function correctRegular(
  { state }: Fold,
  cls: number,
  lane: number,
  { cost, actual, given }: { readonly cost: number; readonly actual: number; readonly given: number },
): void {
  const { classes } = state;
  const credit = classes.c.regularCredit[cls]!;
  const isUrgent = lane === Lane.urgent;
  let next: number;
  if (actual >= cost) {
    next = isUrgent
      ? raised(state, cls, credit, actual, actual - cost)
      : Math.max(credit - REGULAR_PAYS * (actual - cost), Math.min(credit, deepest(actual)));
  } else if (isUrgent) next = Math.max(-MAX_SUM, credit - Math.max(0, given - actual));
  else next = raised(state, cls, credit, MAX_TAG, Math.max(0, -given - REGULAR_PAYS * actual));
  classes.set.regularCredit(cls, next);
}

/** Long work that runs, and when short work was dispatched last (policy.md: Short and long). */
export function noteShape(fold: Fold, cls: number, lease: number, shape: number): void {
  const { state } = fold;
  const { classes, leases } = state;
  if (shape === Shape.short) classes.set.lastShortAtMs(cls, fold.at);
  else leases.set.shape(lease, shape);
  if (shape === Shape.long) classes.add.longRunning(cls, 1);
}

/** Samples up to which the means of a class are plain ones; after that they move by one part in so many. */
const SAMPLES = 256;

/**
 * Whether work may have ended while the fabric stood still, by more than an eighth of what it took: not every
 * executor has been heard since.
 */
function endedUnheard({ state, at }: Fold, occupancyMs: number): boolean {
  const { wentOnAtMs, longestSessionMs, unheardMs } = state.cell.c;
  const ranMs = at - wentOnAtMs[state.cellRow]!;
  return ranMs < occupancyMs && ranMs < longestSessionMs[state.cellRow]! && unheardMs[state.cellRow]! * 8 > occupancyMs;
}

/**
 * What is learned from an attempt that ended well: the class's mean occupancy, that of the logarithm, the pattern's.
 * Nothing when the fabric stood still meanwhile and has just gone on: the work may have ended long before that was heard.
 */
export function learnOccupancy(fold: Fold, lease: number, cls: number, occupancyMs: number): void {
  const { state, input } = fold;
  const { classes, leases, dags, space } = state;
  if (leases.c.state[lease] !== LeaseState.released || endedUnheard(fold, occupancyMs)) return;
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

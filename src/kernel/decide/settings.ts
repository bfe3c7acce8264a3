import { Code } from '../../catalogue/generated/codes.js';
import type * as I from '../../catalogue/generated/types.js';
import type { Rate } from '../../catalogue/generated/types.js';
import { MAX_BUCKET, MAX_LIMIT, MAX_RATES, MAX_WEIGHT } from '../limits.js';
import type { OpenTurn } from '../open-turn.js';
import { policyFactory, unknownPolicy } from '../policy/index.js';
import { IdKind, seqOf } from '../rows/ids.js';
import { refuseIfTooManyClasses, releaseHeld } from './admission.js';
import { isName } from './check-submission.js';
import { refuse } from './refuse.js';

export function setPolicy(t: OpenTurn, body: I.SetPolicy): void {
  if (policyFactory(body.policy) === null) {
    return refuse(t, 'unknown-policy', '/policy', unknownPolicy(body.policy));
  }
  t.emit(Code.PolicyChanged, { policy: body.policy });
}

export function setClassLimits(t: OpenTurn, body: I.SetClassLimits): void {
  const { state } = t;
  if (body.executorClass === '' || !isName(body.group + body.executorClass)) {
    return refuse(t, 'invalid-class', '/class', 'the class must be named, without a NUL character');
  }
  const problem = rateProblem(body.rates);
  if (problem !== null) return refuse(t, 'invalid-limit', problem.path, problem.detail);
  const { maxSlots, unitCost, shortReserve } = body;
  if (refuseIfOutOfBounds(t, { maxSlots, unitCost, shortReserve })) return;
  const known = seqOf(state, IdKind.class, body.group, body.executorClass);
  if (known === 0 && refuseIfTooManyClasses(t, 1, '/class')) return;
  t.emit(Code.ClassLimitsChanged, { class: known === 0 ? state.cell.c.nextClass[state.cellRow]! + 1 : known });
}

/** What is wrong with the first rate that is wrong; null when all are right. */
function rateProblem(rates: readonly Rate[]): { readonly path: string; readonly detail: string } | null {
  if (rates.length > MAX_RATES) return { path: '/rates', detail: `more than ${MAX_RATES} rates` };
  for (const [i, { per, add, perMs, burst }] of rates.entries()) {
    const path = `/rates/${i}`;
    if (per !== 'starts' && per !== 'units') return { path: `${path}/per`, detail: 'must be starts or units' };
    if (add < 1 || add > MAX_BUCKET) return { path: `${path}/add`, detail: `${add} is outside 1 to 2^50` };
    if (perMs < 1 || burst < 1) return { path, detail: 'perMs and burst must be at least 1' };
    if (burst * perMs > MAX_BUCKET) return { path, detail: 'burst x perMs must be at most 2^50' };
  }
  return null;
}

export function setTenantLimits(t: OpenTurn, body: I.SetTenantLimits): void {
  const { state } = t;
  if (body.tenant === '') return refuse(t, 'missing-field', '/tenant', 'must not be empty');
  if (!isName(body.tenant)) return refuse(t, 'invalid-value', '/tenant', 'a name holds no NUL character');
  if (body.weight < 1 || body.weight > MAX_WEIGHT) {
    return refuse(t, 'invalid-limit', '/weight', `${body.weight} is outside 1 to ${MAX_WEIGHT}`);
  }
  const { openDags, activeDags, runnableJobs } = body;
  if (refuseIfOutOfBounds(t, { openDags, activeDags, runnableJobs })) return;
  const known = seqOf(state, IdKind.tenant, '', body.tenant);
  const tenant = known === 0 ? state.cell.c.nextTenant[state.cellRow]! + 1 : known;
  t.emit(Code.TenantLimitsChanged, { tenant });
  releaseHeld(t, tenant);
}

export function setCellLimits(t: OpenTurn, body: I.SetCellLimits): void {
  const { knownJobs, retainTerminalMs, retainTerminalJobs, retainExecutorsMs } = body;
  if (refuseIfOutOfBounds(t, { knownJobs, retainTerminalMs, retainTerminalJobs, retainExecutorsMs })) return;
  t.emit(Code.CellLimitsChanged, {});
}

/** Refuses limits of which one is out of bounds; says whether it did. */
function refuseIfOutOfBounds(t: OpenTurn, limits: Readonly<Record<string, number | null>>): boolean {
  for (const [name, value] of Object.entries(limits)) {
    if (value === null || (value >= 0 && value <= MAX_LIMIT)) continue;
    refuse(t, 'invalid-limit', `/${name}`, `${value} is outside 0 to ${MAX_LIMIT}`);
    return true;
  }
  return false;
}

/** Furthest that an accepted clock may lie ahead of journal time: a hundred years is a typing error. */
const MAX_CLOCK_LEAP_MS = 366 * 24 * 3600 * 1000;

export function acceptClock(t: OpenTurn, body: I.AcceptClock): void {
  if (body.clockAtMs < 0 || body.clockAtMs > t.at + MAX_CLOCK_LEAP_MS) {
    return refuse(
      t,
      'invalid-clock',
      '/clockAtMs',
      `${body.clockAtMs} is more than a year ahead of journal time ${t.at}`,
    );
  }
  t.emit(Code.ClockAccepted, { clockAtMs: body.clockAtMs });
}

export function reportSnapshot(t: OpenTurn, body: I.ReportSnapshot): void {
  t.emit(Code.SnapshotTaken, { turn: body.turn, uri: body.uri });
}

export function undecodable(t: OpenTurn, body: I.Undecodable): void {
  refuse(t, 'undecodable', '', `${body.reason}: ${body.detail}`);
}

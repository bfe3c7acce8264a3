/** Admission (policy.md): what a cell and a tenant have no room for is refused; what a tenant may have later is held. */
import { CauseCode, Code } from '../../catalogue/generated/codes.js';
import {
  DEFAULT_ACTIVE_DAGS,
  DEFAULT_KNOWN_JOBS,
  DEFAULT_OPEN_DAGS,
  DEFAULT_RUNNABLE_JOBS,
  MAX_CLASSES,
  MAX_EVENTS_PER_TURN,
} from '../limits.js';
import type { OpenTurn } from '../open-turn.js';
import { limitOf } from '../rows/limit-field.js';
import type { State } from '../rows/state.js';
import { readyFirst } from './ready.js';
import { refuse } from './refuse.js';

/**
 * Refuses the input when the cell would know too many jobs with so many more, or the tenant has as many open DAGs as it
 * may; says whether it did. A tenant of 0 has none yet.
 */
export function refuseIfFull(t: OpenTurn, tenantSeq: number, moreJobs: number): boolean {
  const { cell, cellRow, tenants } = t.state;
  const { knownJobs, maxKnownJobs } = cell.c;
  const most = limitOf(maxKnownJobs[cellRow]!, DEFAULT_KNOWN_JOBS);
  if (knownJobs[cellRow]! + moreJobs > most) {
    refuse(t, 'cell-known-jobs', '', `the cell knows ${knownJobs[cellRow]!} jobs of at most ${most}`);
    return true;
  }
  if (tenantSeq === 0) return false;
  const tenant = tenants.find(tenantSeq);
  const { openDags, maxOpenDags } = tenants.c;
  const mostOpen = limitOf(maxOpenDags[tenant]!, DEFAULT_OPEN_DAGS);
  if (openDags[tenant]! < mostOpen) return false;
  refuse(t, 'tenant-open-dags', '/tenant', `the tenant has ${openDags[tenant]!} open DAGs of at most ${mostOpen}`);
  return true;
}

/** Refuses the input when the cell would have too many classes with so many more; says whether it did. */
export function refuseIfTooManyClasses(t: OpenTurn, more: number, path: string): boolean {
  const known = t.state.cell.c.nextClass[t.state.cellRow]!;
  if (known + more <= MAX_CLASSES) return false;
  refuse(t, 'invalid-class', path, `the cell knows ${known} executor classes of at most ${MAX_CLASSES}`);
  return true;
}

/** Most held DAGs of a tenant that are released at once: the end of the turn releases more, and so do the next ones. */
const MAX_RELEASES = 16;

/** Releases held DAGs of a tenant, in order, as far as its limits allow. */
export function releaseHeld(t: OpenTurn, tenantSeq: number): void {
  for (let n = 0; n < MAX_RELEASES && t.events < MAX_EVENTS_PER_TURN; n++) {
    const dag = t.indexes.held.first(tenantSeq);
    if (dag === 0 || holdReason(t.state, tenantSeq) !== '') return;
    t.emit(Code.DagReleased, { dag: t.state.dags.keyA[dag]! });
    readyFirst(t, dag);
  }
}

/** Most tenants of which the end of a turn releases DAGs: the next turn goes on with others. */
const MAX_TENANTS = 64;

/**
 * Releases held DAGs of tenants that have come below their limits and still are: their ready jobs were dispatched, or more
 * was due than is released at once. Only who has something released counts: one that stays at its limits is in nobody's way.
 */
export function releaseDue(t: OpenTurn): void {
  t.cause = CauseCode.plan;
  t.input = null;
  const { held } = t.indexes;
  const again: number[] = [];
  let left = MAX_TENANTS;
  while (left > 0 && t.events < MAX_EVENTS_PER_TURN) {
    const tenant = held.takeEased();
    if (tenant === 0) break;
    if (holdReason(t.state, tenant) === '') {
      releaseHeld(t, tenant);
      left -= 1;
    } else if (t.state.tenants.c.unscannedJobs[t.state.tenants.find(tenant)] === 0) continue;
    // There may be more of it; and of jobs at which nobody has looked yet fewer may be runnable than are counted.
    again.push(tenant);
  }
  for (const tenant of again) held.ease(tenant);
}

/** Why a new DAG of the tenant is held; empty when it is not. Behind a held DAG it waits for its turn. */
export function heldFor(t: OpenTurn, tenantSeq: number): string {
  const reason = holdReason(t.state, tenantSeq);
  return reason === '' && t.indexes.held.first(tenantSeq) !== 0 ? 'held-before' : reason;
}

/** The limit for which a new DAG of the tenant would be held; empty when there is none. */
export function holdReason({ tenants }: State, tenantSeq: number): string {
  const tenant = tenants.find(tenantSeq);
  if (tenant === 0) return '';
  const { activeDags, runnableJobs, unscannedJobs, maxActiveDags, maxRunnableJobs } = tenants.c;
  if (activeDags[tenant]! >= limitOf(maxActiveDags[tenant]!, DEFAULT_ACTIVE_DAGS)) return 'active-dags';
  const runnable = runnableJobs[tenant]! + unscannedJobs[tenant]!;
  return runnable >= limitOf(maxRunnableJobs[tenant]!, DEFAULT_RUNNABLE_JOBS) ? 'runnable-jobs' : '';
}

/** Limits in force, and how much of them is used. */
import type { CellLimitsView, LimitView, TenantView } from '../../answers/types.js';
import * as L from '../../kernel/limits.js';
import { limitOf } from '../../kernel/rows/limit-field.js';
import type { State } from '../../kernel/rows/state.js';
import type { Page } from './port.js';

/** A limit that is in force, as its row keeps it. */
function limitView(kept: number, byDefault: number, used: number | null): LimitView {
  return { limit: limitOf(kept, byDefault), used, isDefault: kept === 0 };
}

/** The limits of the cell. */
export function cellLimitsOf({ cell, cellRow }: State): CellLimitsView {
  const { maxKnownJobs, knownJobs, retainTerminalMs, retainTerminalJobs, retiredJobs, retainExecutorsMs } = cell.c;
  return {
    knownJobs: limitView(maxKnownJobs[cellRow]!, L.DEFAULT_KNOWN_JOBS, knownJobs[cellRow]!),
    retainTerminalMs: limitView(retainTerminalMs[cellRow]!, L.DEFAULT_RETAIN_MS, null),
    retainTerminalJobs: limitView(retainTerminalJobs[cellRow]!, L.DEFAULT_RETAIN_JOBS, retiredJobs[cellRow]!),
    retainExecutorsMs: limitView(retainExecutorsMs[cellRow]!, L.DEFAULT_RETAIN_EXECUTORS_MS, null),
  };
}

/** A tenant by its sequence number, null when there is none. */
export function tenantOf({ tenants }: State, seq: number): TenantView | null {
  const { c } = tenants;
  const row = tenants.find(seq);
  if (row === 0) return null;
  return {
    tenant: c.name[row]!,
    weight: c.weight[row] === 0 ? 1 : c.weight[row]!,
    openDags: limitView(c.maxOpenDags[row]!, L.DEFAULT_OPEN_DAGS, c.openDags[row]!),
    activeDags: limitView(c.maxActiveDags[row]!, L.DEFAULT_ACTIVE_DAGS, c.activeDags[row]!),
    runnableJobs: limitView(c.maxRunnableJobs[row]!, L.DEFAULT_RUNNABLE_JOBS, c.runnableJobs[row]!),
    heldDags: c.heldDags[row]!,
  };
}

/** Tenants after a sequence number, with their limits. */
export function tenantsOf(state: State, after: number, limit: number): Page<TenantView, number> {
  const items: TenantView[] = [];
  const last = state.cell.c.nextTenant[state.cellRow]!;
  for (let seq = after + 1; seq <= last; seq++) {
    if (items.length >= limit) return { items, next: seq - 1 };
    const tenant = tenantOf(state, seq);
    if (tenant !== null) items.push(tenant);
  }
  return { items, next: null };
}

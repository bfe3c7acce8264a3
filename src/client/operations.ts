import type {
  CellLimitsView,
  CellProcess,
  CellView,
  ClassCapacity,
  ClassView,
  Controlled,
  ExecutorView,
  PressureSeries,
  Signal,
  TenantView,
} from '../answers/types.js';
import { type Calls, readJson, readList, segment, sendControl } from './calls.js';

/** A bucket of tokens: `add` of them each `perMs`, at most `burst` at once; a start takes one, or one for each unit. */
export interface Rate {
  readonly per: 'starts' | 'units';
  readonly add: number;
  readonly perMs: number;
  /** What its bucket holds; without it, as much as `add`. */
  readonly burst?: number;
}

/** null and absent mean no limit. */
export interface ClassLimits {
  readonly maxSlots?: number | null;
  readonly unitCost?: number;
  /** One slot in so many is kept from long jobs while short ones come; 0: none; null and absent: 8. */
  readonly shortReserve?: number | null;
  readonly rates?: readonly Rate[];
}

/** null and absent mean the default. */
export interface TenantLimits {
  readonly weight?: number;
  readonly openDags?: number | null;
  readonly activeDags?: number | null;
  readonly runnableJobs?: number | null;
}

/** null and absent mean the default. */
export interface CellLimits {
  readonly knownJobs?: number | null;
  readonly retainTerminalMs?: number | null;
  readonly retainTerminalJobs?: number | null;
  readonly retainExecutorsMs?: number | null;
}

/** What operators see and set of a cell. */
export class Operations {
  constructor(private readonly calls: Calls) {}

  async cell(): Promise<CellView> {
    const cell = await readJson<CellView>(this.calls, { path: '/v1/cell' });
    // A fabric that is older than this client doesn't tell these.
    return { ...cell, nowMs: cell.nowMs ?? cell.atMs, clockAheadMs: cell.clockAheadMs ?? null };
  }

  /** What the process that answers is in its cell. */
  process(): Promise<CellProcess> {
    return readJson(this.calls, { path: '/v1/process' });
  }

  classes(): Promise<readonly ClassView[]> {
    return readList(this.calls, { path: '/v1/classes' }, 'classes');
  }

  executors(): Promise<readonly ExecutorView[]> {
    return readList(this.calls, { path: '/v1/executors' }, 'executors');
  }

  executor(id: string): Promise<ExecutorView> {
    return readJson(this.calls, { path: `/v1/executors/${segment(id)}` });
  }

  capacity(): Promise<readonly ClassCapacity[]> {
    return readList(this.calls, { path: '/v1/capacity' }, 'classes');
  }

  /** The signals that are times, over the last so many ms; five minutes unless told otherwise. */
  signals(windowMs?: number): Promise<readonly Signal[]> {
    const query = windowMs === undefined ? '' : `?windowMs=${windowMs}`;
    return readList(this.calls, { path: `/v1/signals${query}` }, 'signals');
  }

  /** The share of open DAGs that are at risk or past a deadline. */
  pressure(): Promise<readonly PressureSeries[]> {
    return readList(this.calls, { path: '/v1/signals/sla-pressure' }, 'series');
  }

  cellLimits(): Promise<CellLimitsView> {
    return readJson(this.calls, { path: '/v1/cell/limits' });
  }

  tenant(tenant: string): Promise<TenantView> {
    return readJson(this.calls, { path: `/v1/tenants/${segment(tenant)}` });
  }

  /** All tenants that something has named, fetched page by page. */
  async *tenants(): AsyncIterable<TenantView> {
    let cursor: string | null = '0';
    while (cursor !== null) {
      const page: { tenants: TenantView[]; next: string | null } = await readJson(
        this.calls,
        { path: `/v1/tenants?cursor=${cursor}&limit=1000` },
        'tenants',
        'next',
      );
      yield* page.tenants;
      cursor = page.next;
    }
  }

  /** Follows a wall clock that has leapt: `clockAtMs` is what it shows. */
  acceptClock(clockAtMs: number): Promise<Controlled> {
    return sendControl(this.calls, 'PUT', '/v1/cell/clock', { clockAtMs });
  }

  /** Gives an executor no more work. */
  cordon(executor: string): Promise<Controlled> {
    return sendControl(this.calls, 'POST', `/v1/executors/${segment(executor)}/cordon`, {});
  }

  uncordon(executor: string): Promise<Controlled> {
    return sendControl(this.calls, 'POST', `/v1/executors/${segment(executor)}/uncordon`, {});
  }

  /** Cordons an executor, and asks it to end: what has not started comes back. */
  drain(executor: string): Promise<Controlled> {
    return sendControl(this.calls, 'POST', `/v1/executors/${segment(executor)}/drain`, {});
  }

  setClassLimits(group: string, executorClass: string, limits: ClassLimits): Promise<Controlled> {
    const path = `/v1/classes/${segment(group)}/${segment(executorClass)}/limits`;
    return sendControl(this.calls, 'PUT', path, limits);
  }

  setTenantLimits(tenant: string, limits: TenantLimits): Promise<Controlled> {
    return sendControl(this.calls, 'PUT', `/v1/tenants/${segment(tenant)}/limits`, limits);
  }

  setCellLimits(limits: CellLimits): Promise<Controlled> {
    return sendControl(this.calls, 'PUT', '/v1/cell/limits', limits);
  }

  setPolicy(policy: string): Promise<Controlled> {
    return sendControl(this.calls, 'PUT', '/v1/policy', { policy });
  }
}

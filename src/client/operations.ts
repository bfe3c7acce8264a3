import { type Calls, readJson, segment, sendControl } from './calls.js';
import type { PressureSeries, Signal } from './signals.js';
import type { Controlled } from './types.js';

/** A cell as it stands after a turn. */
export interface Cell {
  readonly cell: string;
  readonly turn: number;
  readonly atMs: number;
  readonly epoch: number;
  readonly policy: string;
  readonly stateHash: string;
  readonly openDags: number;
  readonly knownJobs: number;
  readonly readyJobs: number;
  readonly inboxWaiting: number;
  /** By how much the wall clock is ahead of journal time, below zero if it is behind; null but of a leader. */
  readonly clockAheadMs: number | null;
}

/** What one process is in its cell. */
export interface CellProcess {
  readonly cell: string;
  readonly role: 'starting' | 'standby' | 'leader' | 'stopped';
  /** Of the leader that it knows. */
  readonly epoch: number;
  /** The last turn in its fold. */
  readonly turn: number;
}

/** An executor class with its slots and limits. */
export interface ExecutorClass {
  readonly group: string;
  readonly executorClass: string;
  readonly executors: number;
  readonly slotsAdvertised: number;
  readonly slotsReserved: number;
  readonly slotsReclaiming: number;
  readonly slotsFree: number;
  /** Slots of cordoned executors in which nothing runs; they are among those advertised. */
  readonly slotsClosed: number;
  readonly ready: number;
  readonly meanOccupancyMs: number | null;
  /** Slots that may be in use at once, null where only the executors limit them. */
  readonly maxSlots: number | null;
  readonly unitCost: number;
  /** One slot in so many is kept from long jobs while short ones come, 0 for none; null where the default (8) holds. */
  readonly shortReserve: number | null;
  readonly rates: readonly (Rate & { readonly tokens: number })[];
}

/** A bucket of tokens: `add` of them each `perMs`, at most `burst` at once; a start takes one, or one for each unit. */
export interface Rate {
  readonly per: 'starts' | 'units';
  readonly add: number;
  readonly perMs: number;
  readonly burst: number;
}

/** What a class can do with jobs of one slot each: slots / mean slot occupancy. */
export interface ClassCapacity {
  readonly group: string;
  readonly executorClass: string;
  readonly slots: number;
  readonly slotsInUse: number;
  readonly ready: number;
  readonly meanOccupancyMs: number | null;
  readonly perSecond: number | null;
  readonly perHour: number | null;
  /** How long the ready jobs keep these slots busy, in ms. */
  readonly readyForMs: number | null;
}

/** A limit in force; null where there is none. */
export interface LimitInForce {
  readonly limit: number | null;
  readonly used: number | null;
  readonly isDefault: boolean;
}

/** A tenant with its weight and its limits. */
export interface Tenant {
  readonly tenant: string;
  readonly weight: number;
  readonly openDags: LimitInForce;
  readonly activeDags: LimitInForce;
  readonly runnableJobs: LimitInForce;
  readonly heldDags: number;
}

/** The limits of the cell, and how much of them is used. */
export interface CellLimitsInForce {
  readonly knownJobs: LimitInForce;
  readonly retainTerminalMs: LimitInForce;
  readonly retainTerminalJobs: LimitInForce;
  readonly retainExecutorsMs: LimitInForce;
}

/** An executor that has registered. */
export interface RegisteredExecutor {
  readonly executor: string;
  readonly seq: number;
  readonly incarnation: string;
  readonly group: string;
  readonly executorClass: string;
  readonly state: string;
  readonly slots: number;
  /** Slots that work holds, and those of them of which nobody has said that cancelled or timed out work stopped. */
  readonly slotsReserved: number;
  readonly slotsReclaiming: number;
  readonly sessionUntilMs: number;
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

  async cell(): Promise<Cell> {
    const cell = await readJson<Cell>(this.calls, '/v1/cell');
    // A fabric that is older than this client doesn't tell it.
    return { ...cell, clockAheadMs: cell.clockAheadMs ?? null };
  }

  /** What the process that answers is in its cell. */
  process(): Promise<CellProcess> {
    return readJson(this.calls, '/v1/process');
  }

  async classes(): Promise<readonly ExecutorClass[]> {
    return (await readJson<{ classes: ExecutorClass[] }>(this.calls, '/v1/classes')).classes;
  }

  async executors(): Promise<readonly RegisteredExecutor[]> {
    return (await readJson<{ executors: RegisteredExecutor[] }>(this.calls, '/v1/executors')).executors;
  }

  executor(id: string): Promise<RegisteredExecutor> {
    return readJson(this.calls, `/v1/executors/${segment(id)}`);
  }

  async capacity(): Promise<readonly ClassCapacity[]> {
    return (await readJson<{ classes: ClassCapacity[] }>(this.calls, '/v1/capacity')).classes;
  }

  /** The signals that are times, over the last so many ms; five minutes unless told otherwise. */
  async signals(windowMs?: number): Promise<readonly Signal[]> {
    const query = windowMs === undefined ? '' : `?windowMs=${windowMs}`;
    return (await readJson<{ signals: Signal[] }>(this.calls, `/v1/signals${query}`)).signals;
  }

  /** The share of open DAGs that are at risk or past a deadline. */
  async pressure(): Promise<readonly PressureSeries[]> {
    return (await readJson<{ series: PressureSeries[] }>(this.calls, '/v1/signals/sla-pressure')).series;
  }

  cellLimits(): Promise<CellLimitsInForce> {
    return readJson(this.calls, '/v1/cell/limits');
  }

  tenant(tenant: string): Promise<Tenant> {
    return readJson(this.calls, `/v1/tenants/${segment(tenant)}`);
  }

  /** All tenants that something has named, fetched page by page. */
  async *tenants(): AsyncIterable<Tenant> {
    let cursor: string | null = '0';
    while (cursor !== null) {
      const page: { tenants: Tenant[]; next: string | null } = await readJson(
        this.calls,
        `/v1/tenants?cursor=${cursor}&limit=1000`,
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

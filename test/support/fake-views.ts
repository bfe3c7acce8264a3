/** A fold for tests of the gateway, which holds what they put there. */
import type { DagSummary, DagView, ExecutorView, ExplainView, FoundJob, JobView } from '../../src/answers/types.js';
import type {
  ChildView,
  DagQuery,
  DispatchView,
  JobQuery,
  JobRange,
  OutputView,
  Page,
  Views,
} from '../../src/scheduler/views/port.js';

export const CELL = 'main';

/** A dispatch of a token, as a fold would give it. */
export function dispatchOf(token: number, inputsJson = '{}'): DispatchView {
  return {
    token: `${CELL}.1.0.1.${token}`,
    tenant: 'default',
    dagId: 'd1',
    job: 'split',
    child: null,
    childCount: null,
    attempt: 1,
    executorClass: 'splitter',
    slots: 1,
    timeoutMs: null,
    inputsJson,
    itemJson: null,
  };
}

/** A fold that holds what a test puts there. */
export class FakeViews implements Views {
  turn = 0;
  readonly dags = new Map<string, DagView>();
  readonly jobsOf = new Map<number, JobView[]>();
  readonly outputs = new Map<string, OutputView>();
  readonly children = new Map<string, ChildView[]>();
  /** Whether the DAG of a collection is gone when more of it is asked for. */
  isForgotten = (): boolean => false;
  readonly registered = new Map<string, { seq: number; incarnation: string; live: boolean }>();
  readonly unacknowledgedOf = new Map<number, number[]>();
  readonly stoppingOf = new Map<number, number[]>();
  readonly states = new Map<number, ExecutorView['state']>();
  readonly withdrawnOf = new Map<number, number>();
  /** Leases that are over: their dispatches cannot be resolved any more. */
  readonly over = new Set<number>();
  resolve: (token: number) => DispatchView = (token) => dispatchOf(token);

  cell() {
    return {
      cell: CELL,
      turn: this.turn,
      atMs: 1_000 + this.turn,
      nowMs: 1_000 + this.turn,
      epoch: 1,
      policy: 'fifo@1',
      stateHash: '00',
      openDags: 1,
      knownJobs: 2,
      readyJobs: 3,
      inboxWaiting: 4,
      clockAheadMs: 7,
    };
  }

  readonly mayBeGranted = (): boolean => true;

  classes() {
    const counts = {
      executors: 1,
      slotsAdvertised: 4,
      slotsReserved: 3,
      slotsReclaiming: 1,
      slotsFree: 1,
      slotsClosed: 0,
      ready: 9,
    };
    const limits = { maxSlots: null, unitCost: 0, shortReserve: null, rates: [] };
    return [{ group: 'default', executorClass: 'ocr', ...counts, meanOccupancyMs: 12, ...limits }];
  }

  executors(): readonly ExecutorView[] {
    return [...this.registered].map(([executor, { seq, incarnation }]) => ({
      executor,
      seq,
      incarnation,
      group: 'default',
      executorClass: 'splitter',
      state: this.states.get(seq) ?? 'live',
      slots: 4,
      slotsReserved: 0,
      slotsReclaiming: 0,
      slotsWithdrawn: this.withdrawnOf.get(seq) ?? 0,
      sessionUntilMs: 9_999,
    }));
  }

  executor(id: string) {
    return this.registered.get(id) ?? null;
  }

  async dag(tenant: string, dagId: string) {
    return this.dags.get(`${tenant}/${dagId}`) ?? null;
  }

  /** What searches were asked for, and what they answer. */
  readonly asked: (DagQuery | JobQuery)[] = [];
  foundDags: Page<DagSummary, number> = { items: [], next: null };
  foundJobs: Page<FoundJob, { readonly dag: number; readonly index: number }> = { items: [], next: null };

  async findDags(query: DagQuery) {
    this.asked.push(query);
    return this.foundDags;
  }

  async findJobs(query: JobQuery) {
    this.asked.push(query);
    return this.foundJobs;
  }

  async job(dag: number, id: string) {
    return (this.jobsOf.get(dag) ?? []).find(({ job }) => job === id) ?? null;
  }

  readonly explained = new Map<string, ExplainView>();

  async explain(dag: number, job: string) {
    return this.explained.get(`${dag}/${job}`) ?? null;
  }

  async graph(dag: number, from: number, limit: number) {
    const jobs = (this.jobsOf.get(dag) ?? []).slice(from, from + limit);
    return { items: jobs.map((job) => ({ ...job, after: [], conditional: false })), next: null, turn: this.turn };
  }

  cellLimits() {
    const limit = { limit: 5, used: 1, isDefault: true };
    return { knownJobs: limit, retainTerminalMs: limit, retainTerminalJobs: limit, retainExecutorsMs: limit };
  }

  tenant(name: string) {
    const limit = { limit: 5, used: 1, isDefault: true };
    return name === 'acme'
      ? { tenant: name, weight: 1, openDags: limit, activeDags: limit, runnableJobs: limit, heldDags: 0 }
      : null;
  }

  tenants(after: number) {
    const acme = this.tenant('acme');
    return { items: acme === null || after > 0 ? [] : [acme], next: null };
  }

  async jobAt(dag: number, index: number) {
    return this.jobsOf.get(dag)?.[index] ?? null;
  }

  async dagWithJobs(tenant: string, dagId: string, { from, limit }: JobRange) {
    const dag = await this.dag(tenant, dagId);
    return dag === null ? null : { dag, jobs: (this.jobsOf.get(dag.dag) ?? []).slice(from, from + limit) };
  }

  async collection(dag: number, job: string, from: number, limit: number) {
    const children = (this.children.get(`${dag}/${job}`) ?? []).slice(from, from + limit);
    const count = children.length;
    return { count, next: async (atMost: number) => (this.isForgotten() ? null : children.splice(0, atMost)) };
  }

  async failure() {
    return null;
  }

  async output(dag: number, job: string) {
    return this.outputs.get(`${dag}/${job}`) ?? null;
  }

  async dispatches(tokens: readonly number[]) {
    return tokens.map((token) => (this.over.has(token) ? null : this.resolve(token)));
  }

  unacknowledged(executor: number) {
    return this.unacknowledgedOf.get(executor) ?? [];
  }

  isDraining(executor: number): boolean {
    return this.states.get(executor) === 'draining';
  }

  stopping(executor: number) {
    return this.stoppingOf.get(executor) ?? [];
  }

  /** Which executor holds a token, for stop messages. */
  readonly holders = new Map<number, number>();

  leaseOf(token: number) {
    const executor = this.holders.get(token);
    return executor === undefined ? null : { executor, dag: 1, job: 0, attempt: 1, token };
  }

  ownerOf(token: number): number {
    return this.holders.get(token) ?? 0;
  }
}

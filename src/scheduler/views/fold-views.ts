import type {
  CellLimitsView,
  CellView,
  ClassView,
  DagSummary,
  DagView,
  ExecutorView,
  ExplainView,
  FailureView,
  FoundJob,
  JobView,
  TenantView,
} from '../../answers/types.js';
import { LeaseState } from '../../catalogue/generated/codes.js';
import type { LeaseRef, SubmitDag } from '../../catalogue/generated/types.js';
import { hex } from '../../catalogue/hex.js';
import type { InputSource } from '../../inbox/port.js';
import type { Indexes } from '../../kernel/indexes/indexes.js';
import type { Kernel } from '../../kernel/kernel.js';
import { ExecutorState } from '../../kernel/rows/flags.js';
import { IdKind, seqOf } from '../../kernel/rows/ids.js';
import { limitOf } from '../../kernel/rows/limit-field.js';
import type { LoopTimers } from '../ports.js';
import type { ColdRows } from '../rows/cold.js';
import type { Materializer } from '../rows/materializer.js';
import { FoldCollection } from './collection.js';
import { resolveDispatches } from './dispatches.js';
import { explainJob } from './explanation.js';
import { withFailureCodes } from './failure-codes.js';
import { freeSlots, readyJobs, tokensOf } from './from-rows.js';
import { childrenFrom, indexOfName, jobView, newestAttempt } from './jobs.js';
import { cellLimitsOf, tenantOf, tenantsOf } from './limits.js';
import { outputView } from './output.js';
import type {
  Collection,
  DagQuery,
  DagWithJobs,
  DispatchView,
  GraphPage,
  JobQuery,
  JobRange,
  OutputView,
  Page,
  Views,
} from './port.js';
import { ratesOf } from './rates.js';
import { readDag } from './read-dag.js';
import { dagView, factsOf } from './search/dag-facts.js';
import { findDags, type SearchParts } from './search/dags.js';
import { graphPage } from './search/graph.js';
import { findJobs } from './search/jobs.js';
import { KnownDags } from './search/known-dags.js';

/** The moment that a fold stands for. */
export interface FoldClock {
  /** Number of the last turn in it. */
  readonly turn: number;
  /** Journal time of that turn in ms. */
  readonly atMs: number;
  readonly epoch: number;
  /** Journal time now; absent where it does not go on. */
  readonly nowMs?: number;
  /** By how much the wall clock is ahead of journal time now, in ms; absent where journal time does not go on. */
  readonly clockAheadMs?: number;
}

interface FoldParts {
  readonly cell: string;
  readonly kernel: Kernel;
  readonly cold: ColdRows;
  readonly materializer: Materializer;
  /** Where the fold stands. */
  readonly at: FoldClock;
  readonly inbox: Pick<InputSource, 'waiting'>;
  /**
   * Brings the indexes up to date where the fold doesn't move them; called before they are looked at. It makes them afresh
   * from all rows: what many ask for doesn't look at them.
   */
  readonly refresh?: (() => void) | undefined;
  readonly timers: Pick<LoopTimers, 'pause'>;
}

/** Reads of the local fold, as it stands after the last computed turn. */
export class FoldViews implements Views {
  readonly #search: SearchParts;

  constructor(private readonly parts: FoldParts) {
    const { state } = parts.kernel;
    const { cold, materializer, timers } = parts;
    this.#search = { state, cold, materializer, timers, known: new KnownDags(state) };
  }

  #indexes(): Indexes {
    this.parts.refresh?.();
    return this.parts.kernel.indexes;
  }

  /** Journal time now, or that of the last turn where it does not go on. */
  get #nowMs(): number {
    return this.parts.at.nowMs ?? this.parts.at.atMs;
  }

  cell(): CellView {
    const { state } = this.parts.kernel;
    const { openDags, knownJobs } = state.cell.c;
    return {
      cell: this.parts.cell,
      turn: this.parts.at.turn,
      atMs: this.parts.at.atMs,
      nowMs: this.#nowMs,
      epoch: this.parts.at.epoch,
      policy: this.parts.kernel.policy(),
      stateHash: hex(state.hash.toBytes()),
      openDags: openDags[state.cellRow]!,
      knownJobs: knownJobs[state.cellRow]!,
      readyJobs: readyJobs(state),
      inboxWaiting: this.parts.inbox.waiting,
      clockAheadMs: this.parts.at.clockAheadMs ?? null,
    };
  }

  classes(): readonly ClassView[] {
    const { state } = this.parts.kernel;
    const free = freeSlots(state);
    const { classes, cell, cellRow } = state;
    const { c } = classes;
    const found: ClassView[] = [];
    for (let seq = 1; seq <= cell.c.nextClass[cellRow]!; seq++) {
      const row = classes.find(seq);
      const count = Math.min(256, c.occupancyCount[row]!);
      found.push({
        group: c.group[row]!,
        executorClass: c.name[row]!,
        executors: c.executors[row]!,
        slotsAdvertised: c.slots[row]!,
        slotsReserved: c.reserved[row]!,
        slotsReclaiming: c.reclaiming[row]!,
        slotsFree: free.get(seq) ?? 0,
        slotsClosed: c.closed[row]!,
        ready: c.ready[row]!,
        meanOccupancyMs: count === 0 ? null : Math.floor(c.occupancySum[row]! / count),
        maxSlots: limitOf(c.maxSlots[row]!, null),
        unitCost: c.unitCost[row]!,
        shortReserve: limitOf(c.shortReserve[row]!, null),
        rates: ratesOf(state, seq, this.#nowMs),
      });
    }
    return found;
  }

  executors(): readonly ExecutorView[] {
    const { executors } = this.parts.kernel.state;
    const found: ExecutorView[] = [];
    executors.table.eachRow((row) => {
      // A row that is gone keeps its handle until its turn is accepted.
      if (executors.find(executors.keyA[row]!) === row) found.push(this.#executorView(row));
    });
    return found.toSorted((a, b) => a.seq - b.seq);
  }

  #executorView(row: number): ExecutorView {
    const { executors, classes } = this.parts.kernel.state;
    const { c } = executors;
    const cls = classes.find(c.class[row]!);
    const liveState = c.draining[row] !== 0 ? 'draining' : c.cordoned[row] !== 0 ? 'cordoned' : 'live';
    const goneState = c.state[row] === ExecutorState.lost ? 'lost' : 'left';
    return {
      executor: c.id[row]!,
      seq: executors.keyA[row]!,
      incarnation: c.incarnation[row]!,
      group: classes.c.group[cls]!,
      executorClass: classes.c.name[cls]!,
      state: c.state[row] === ExecutorState.live ? liveState : goneState,
      slots: c.slots[row]!,
      slotsReserved: c.reserved[row]! + c.reclaiming[row]!,
      slotsReclaiming: c.reclaiming[row]!,
      slotsWithdrawn: c.withdrawn[row]!,
      sessionUntilMs: c.untilMs[row]!,
    };
  }

  executor(id: string): { seq: number; incarnation: string; live: boolean } | null {
    const { state } = this.parts.kernel;
    const { executors } = state;
    const seq = seqOf(state, IdKind.executor, '', id);
    if (seq === 0) return null;
    const row = executors.find(seq);
    return { seq, incarnation: executors.c.incarnation[row]!, live: executors.c.state[row] === ExecutorState.live };
  }

  isDraining(seq: number): boolean {
    const { executors } = this.parts.kernel.state;
    const row = executors.find(seq);
    return executors.c.state[row] === ExecutorState.live && executors.c.draining[row] !== 0;
  }

  /** Id of an executor by its sequence number; null when it is forgotten. */
  idOfExecutor(seq: number): string | null {
    const { executors } = this.parts.kernel.state;
    const row = executors.find(seq);
    return row === 0 ? null : executors.c.id[row]!;
  }

  async dag(tenant: string, dagId: string): Promise<DagView | null> {
    const { state } = this.parts.kernel;
    const seq = seqOf(state, IdKind.dag, tenant, dagId);
    if (seq === 0) return null;
    return this.#read(seq, (spec, dag) => this.#dagView(seq, spec, dag));
  }

  async dagWithJobs(tenant: string, dagId: string, range: JobRange): Promise<DagWithJobs | null> {
    const seq = seqOf(this.parts.kernel.state, IdKind.dag, tenant, dagId);
    if (seq === 0) return null;
    const read = await this.#read(seq, (spec, dag) => {
      return { dag: this.#dagView(seq, spec, dag), jobs: this.#jobViews(spec, dag, range) };
    });
    return read === null ? null : { dag: read.dag, jobs: await this.#named(read.jobs, () => seq) };
  }

  #dagView(seq: number, spec: SubmitDag, dag: number): DagView {
    const facts = factsOf(seq, this.parts.kernel.state.dags.c, dag);
    return { ...dagView(facts, spec), turn: this.parts.at.turn };
  }

  job(seq: number, id: string): Promise<JobView | null> {
    return this.#job(seq, (spec, dag) => indexOfName(this.parts.kernel.state, dag, spec, id));
  }

  jobAt(seq: number, index: number): Promise<JobView | null> {
    return this.#job(seq, () => index);
  }

  async #job(seq: number, indexOf: (spec: SubmitDag, dag: number) => number): Promise<JobView | null> {
    const found = await this.#read(seq, (spec, dag) => {
      const index = indexOf(spec, dag);
      return index < 0 ? null : jobView(this.parts.kernel.state, dag, index, spec);
    });
    const [job = null] = found === null ? [] : await this.#named([found], () => seq);
    return job;
  }

  /** Jobs with the codes that their executors gave for failing. */
  #named<T extends JobView>(jobs: readonly T[], dagOf: (job: T) => number): Promise<readonly T[]> {
    return withFailureCodes(this.parts.cold, jobs, dagOf);
  }

  findDags(query: DagQuery): Promise<Page<DagSummary, number>> {
    return findDags(this.#search, query);
  }

  async findJobs(query: JobQuery): Promise<Page<FoundJob, { readonly dag: number; readonly index: number }>> {
    const { items, next } = await findJobs(this.#search, query);
    return { items: await this.#named(items, ({ dag }) => dag), next };
  }

  async graph(seq: number, from: number, limit: number): Promise<GraphPage | null> {
    const { kernel, cold, at } = this.parts;
    const page = await this.#read(seq, (spec, dag) => {
      return { ...graphPage(kernel.state, cold, { spec, dag, from, limit }), turn: at.turn };
    });
    return page === null ? null : { ...page, items: await this.#named(page.items, () => seq) };
  }

  cellLimits(): CellLimitsView {
    return cellLimitsOf(this.parts.kernel.state);
  }

  tenant(name: string): TenantView | null {
    const { state } = this.parts.kernel;
    const seq = seqOf(state, IdKind.tenant, '', name);
    return seq === 0 ? null : tenantOf(state, seq);
  }

  tenants(after: number, limit: number): Page<TenantView, number> {
    return tenantsOf(this.parts.kernel.state, after, limit);
  }

  #jobViews(spec: SubmitDag, dag: number, { from, limit, children }: JobRange): readonly JobView[] {
    const { state } = this.parts.kernel;
    const total = children ? state.dags.c.jobsTotal[dag]! : spec.jobs.length;
    const views: JobView[] = [];
    for (let index = from; index < total && views.length < limit; index++) {
      const view = jobView(state, dag, index, spec);
      if (view !== null) views.push(view);
    }
    return views;
  }

  async collection(seq: number, job: string, from: number, limit: number): Promise<Collection> {
    const { kernel, cold, timers } = this.parts;
    const { state } = kernel;
    let isKnown = () => false;
    const children = await this.#read(seq, (spec, dag) => {
      isKnown = () => seqOf(state, IdKind.dag, spec.tenant, spec.dagId) === seq;
      return childrenFrom(state, dag, spec, job, from, limit);
    });
    return new FoldCollection({ cold, timers, isKnown }, children ?? []);
  }

  async output(seq: number, name: string): Promise<OutputView> {
    const job = await this.#read(seq, (spec, dag) => newestAttempt(this.parts.kernel.state, dag, spec, name));
    if (!job?.hasSucceeded) return null;
    const [output = null] = job.hasOutput ? await this.parts.cold.fetchOutputs([job]) : [];
    return outputView(output);
  }

  async failure(seq: number, name: string): Promise<FailureView | null> {
    const job = await this.#read(seq, (spec, dag) => newestAttempt(this.parts.kernel.state, dag, spec, name));
    if (!job?.hasFailure) return null;
    for (let { attempt } = job; attempt > 0; attempt -= 1) {
      const [found] = await this.parts.cold.fetchFailures([{ ...job, attempt }]);
      if (found) return { attempt, code: found.code, message: found.message };
    }
    return null;
  }

  async explain(seq: number, name: string): Promise<ExplainView | null> {
    const { kernel, at } = this.parts;
    const now = () => ({ indexes: this.#indexes(), policy: kernel.policy(), atMs: this.#nowMs, turn: at.turn });
    const found = await explainJob({ ...this.#search, now }, seq, name);
    const named = found === null ? null : await this.nameOf(seq);
    return found === null || named === null ? null : { dagId: named.dagId, job: name, ...found };
  }

  dispatches(tokens: readonly number[]): readonly (DispatchView | null)[] | Promise<readonly (DispatchView | null)[]> {
    const { cell, cold, kernel } = this.parts;
    return resolveDispatches({ cell, state: kernel.state, cold }, tokens);
  }

  unacknowledged(executor: number): readonly number[] {
    const { leases } = this.parts.kernel.state;
    return this.#tokensOf(executor).filter((token) => {
      const lease = leases.find(token);
      return leases.c.state[lease] === LeaseState.inForce && leases.c.acknowledged[lease] === 0;
    });
  }

  stopping(executor: number): readonly number[] {
    const { leases } = this.parts.kernel.state;
    return this.#tokensOf(executor).filter((token) => leases.c.state[leases.find(token)] === LeaseState.reclaiming);
  }

  /** Tokens of an executor's leases, in order; where the fold doesn't move the indexes, by a look at all leases. */
  #tokensOf(executor: number): readonly number[] {
    const { state, indexes } = this.parts.kernel;
    return this.parts.refresh === undefined ? indexes.tokensOf(executor) : tokensOf(state, executor);
  }

  /** Name of a DAG that is known by its sequence number; null when it was forgotten. */
  async nameOf(seq: number): Promise<{ tenant: string; dagId: string } | null> {
    const known = this.parts.cold.knownSpec(seq);
    if (known !== null) return { tenant: known.tenant, dagId: known.dagId };
    return this.#read(seq, ({ tenant, dagId }) => ({ tenant, dagId }));
  }

  /** The lease of a token that holds slots, with its executor; null when there is none. */
  leaseOf(token: number): (LeaseRef & { readonly executor: number }) | null {
    const { leases } = this.parts.kernel.state;
    const lease = leases.find(token);
    if (lease === 0 || leases.c.state[lease] === 0) return null;
    return {
      dag: leases.c.dag[lease]!,
      job: leases.c.job[lease]!,
      attempt: leases.c.attempt[lease]!,
      token,
      executor: leases.c.executor[lease]!,
    };
  }

  mayBeGranted({ dag, job, attempt, token }: LeaseRef): boolean {
    const { cell, cellRow } = this.parts.kernel.state;
    if (token < 1 || token > cell.c.nextToken[cellRow]!) return false;
    const held = this.leaseOf(token);
    return held === null || (held.dag === dag && held.job === job && held.attempt === attempt);
  }

  ownerOf(token: number): number {
    const { leases } = this.parts.kernel.state;
    const lease = leases.find(token);
    return lease === 0 ? 0 : leases.c.executor[lease]!;
  }

  /** Reads a DAG in memory; null when there is none. */
  #read<T>(seq: number, read: (spec: SubmitDag, dag: number) => T): Promise<T | null> {
    return readDag(this.#search, seq, read);
  }
}

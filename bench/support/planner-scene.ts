/** A frontier of a given size that stays so: what the planner is measured on. */
import { CauseCode, Code } from '../../src/catalogue/generated/codes.js';
import type {
  AnyEntry,
  BodyOf,
  EntryOf,
  EventEntry,
  InputEntry,
  JobSpec,
  LeaseGranted,
  SubmitDag,
} from '../../src/catalogue/generated/types.js';
import { endDagIfDone } from '../../src/kernel/decide/ended.js';
import { releaseSlots } from '../../src/kernel/decide/lease.js';
import { readyIfPlain } from '../../src/kernel/decide/ready.js';
import { Kernel } from '../../src/kernel/kernel.js';
import { OpenTurn } from '../../src/kernel/open-turn.js';
import { plan } from '../../src/kernel/planner/plan.js';
import { job, submission } from './dags.js';

const CLASSES = Array.from({ length: 8 }, (_, i) => `class-${i}`);
/** 200 (priority, tenant) pairs. */
const TENANTS = 50;
const PRIORITIES = 4;
const PAIRS = TENANTS * PRIORITIES;
/** Of 20 DAGs: how many have a deadline (30 %), and how many have jobs of two slots. */
const OF = 20;
const WITH_DEADLINE = 6;
const WITH_TWO_SLOTS = 1;
/** A DAG is eight chains of two jobs, four chains in each of two classes: 7.7 flows for 30 runnable jobs. */
const CHAINS = 8;
const CHAIN_JOBS = 2;
const READY_OF_DAG = CHAINS;
/** Executors of each class, and slots of each. */
const EXECUTORS = 40;
const SLOTS = 50;
/** Decisions of a turn, and how far journal time goes on with it: the jobs take about as long as they are expected to. */
const PER_TURN = 1_000;
const MS_PER_TURN = 62;
/** Jobs that end before their slots are released: the kernel does both job by job, but reading the clock takes time, too. */
const AT_A_TIME = 10;
/** Deadlines lie so far ahead at most, so that some DAGs come to be at risk at any moment, some are late. */
const DEADLINE_SPREAD_MS = 400_000;
const DAGS_PER_TURN = 120;
/** Half of the first DAGs are so old when it begins, in ms: they are overdue soon. */
const AGED_MS = 120_000;
const RETAINED_JOBS = 20_000;
const NO_DIGEST = new Uint8Array(16);
/** Decisions whose times are kept. */
const TIMES = 1 << 20;

/** A turn that notes when each dispatch was decided; used only where that is asked for, as it costs time itself. */
class TimedTurn extends OpenTurn {
  readonly times = new Float64Array(2 * PER_TURN);
  private noted = 0;

  override emit: OpenTurn['emit'] = (code, body) => {
    super.emit(code, body);
    if (code === Code.JobDispatched && this.noted < this.times.length) this.times[this.noted++] = performance.now();
  };
}

/** A job that has ended: rows of its DAG, of the job that is ready after it (0: none), and of its lease. */
interface Ended {
  readonly answer: CompleteEntry;
  readonly cause: number;
  readonly dag: number;
  readonly next: number;
  readonly lease: number;
}

/** What a run of decisions came to. */
export interface Decided {
  readonly decisions: number;
  /** Jobs that became ready within what is measured; those of new DAGs become ready as these are submitted, which is not. */
  readonly readied: number;
  /** Time of the releases, each with the job that becomes ready after it if there is one, and of the plan; in ms. */
  readonly releaseMs: number;
  readonly planMs: number;
  /** Time of each decision, both parts of it, in microseconds; empty unless it was asked for. */
  readonly eachUs: readonly number[];
  /** Dispatches by lane. */
  readonly lanes: readonly number[];
}

/** Microseconds of a decision of a run, both parts of it. */
export function usOf({ decisions, releaseMs, planMs }: Decided): number {
  return ((releaseMs + planMs) * 1_000) / decisions;
}

export class PlannerScene {
  readonly kernel = new Kernel();
  private readonly specs = new Map<number, SubmitDag>();
  private readonly view = { spec: (dag: number) => this.specs.get(dag)!, output: () => null };
  private leases: LeaseGranted[] = [];
  private turn = 0;
  private at = 1_700_000_000_000;
  private dags = 0;
  private inputs = 0;
  private chance = 1;

  /** Makes a frontier of so many runnable jobs, before any executor is there; then fills all slots. */
  constructor(private readonly runnable: number) {
    this.limit();
    this.fill(Number.POSITIVE_INFINITY, runnable / 2);
    this.at += AGED_MS;
    this.fill(Number.POSITIVE_INFINITY);
    const found: InputEntry[] = [];
    for (const executorClass of CLASSES) {
      for (let i = 0; i < EXECUTORS; i++) found.push(this.registration(`${executorClass}-${i}`, executorClass));
    }
    this.step(found);
    while (this.step([]) > 0);
    this.fill(Number.POSITIVE_INFINITY);
  }

  /** Runnable jobs, flows and (priority, tenant) pairs of all classes. */
  counts(): { readonly runnable: number; readonly flows: number; readonly tags: number } {
    const { state, indexes } = this.kernel;
    return { runnable: indexes.heads.size, flows: state.flows.table.live, tags: state.tags.table.live };
  }

  /**
   * Decides for so long, as measured; the frontier is filled up between turns, which is not. Each decision is timed by
   * itself where that is asked for: reading the clock twice for each takes time, too.
   */
  run(seconds: number, timesEach = false): Decided {
    const eachUs: number[] = [];
    const lanes = [0, 0, 0];
    let releaseMs = 0;
    let planMs = 0;
    let decisions = 0;
    let readied = 0;
    while (releaseMs + planMs < seconds * 1_000) {
      const answers = this.answers();
      const t = this.open(timesEach);
      const releasing = new Float64Array(answers.length);
      const dags: number[] = [];
      for (let from = 0; from < answers.length; from += AT_A_TIME) {
        const ended = this.complete(t, answers, from, Math.min(from + AT_A_TIME, answers.length));
        const began = performance.now();
        this.releaseAll(t, ended, timesEach ? releasing : null);
        releaseMs += performance.now() - began;
        for (const { dag } of ended) dags.push(dag);
      }
      const began = performance.now();
      plan(t);
      planMs += performance.now() - began;
      const dispatches = countDispatches(t, lanes);
      decisions += dispatches;
      for (const { code } of t.entries) if (code === Code.JobReadied) readied += 1;
      if (t instanceof TimedTurn) noteTimes(eachUs, releasing, began, t.times, Math.min(dispatches, answers.length));
      for (const dag of dags) endDagIfDone(t, dag);
      this.close(t);
      this.fill(DAGS_PER_TURN);
    }
    return { decisions, readied, releaseMs, planMs, eachUs, lanes };
  }

  /** The ends of jobs as far as they are not the planner's: not measured. */
  private complete(t: OpenTurn, answers: readonly CompleteEntry[], from: number, to: number): readonly Ended[] {
    const { dags, leases, space } = t.state;
    const ended: Ended[] = [];
    for (let cause = from; cause < to; cause++) {
      const answer = answers[cause]!;
      const { dag, job: index, attempt, token } = answer.body.lease;
      t.cause = cause;
      t.input = answer;
      t.emit(Code.JobSucceeded, { dag, job: index, attempt });
      t.emit(Code.LeaseReleased, { token, reason: 'completed' });
      const row = dags.find(dag);
      const job = space.handle(row, index);
      const next = space.degree(job) === 0 ? 0 : space.handle(row, space.target(job, 0));
      ended.push({ answer, cause, dag: row, next, lease: leases.find(token) });
    }
    return ended;
  }

  /** Releases slots and readies the jobs after those that ended; notes in ms how long each takes, if that is asked for. */
  private releaseAll(t: OpenTurn, ended: readonly Ended[], each: Float64Array | null): void {
    for (const { answer, cause, dag, next, lease } of ended) {
      const began = each === null ? 0 : performance.now();
      t.cause = cause;
      t.input = answer;
      releaseSlots(t, lease);
      if (next !== 0) readyIfPlain(t, dag, next);
      if (each !== null) each[cause] = performance.now() - began;
    }
  }

  private open(timesEach: boolean): OpenTurn {
    this.turn += 1;
    this.at += MS_PER_TURN;
    const { state, indexes } = this.kernel;
    const Turn = timesEach ? TimedTurn : OpenTurn;
    return new Turn(state, indexes, this.turn, this.at, this.at, this.view, () => undefined);
  }

  private close(t: OpenTurn): void {
    const { state, indexes } = this.kernel;
    state.commit();
    indexes.timers.compact();
    state.accept();
    this.note(t.entries);
  }

  /** A turn of the kernel as it is, outside of what is measured; gives how many jobs it dispatched. */
  private step(inputs: readonly InputEntry[], shell: readonly EventEntry[] = []): number {
    this.turn += 1;
    const request = {
      turn: this.turn,
      at: this.at,
      stoppedMs: 0,
      shell,
      inputs,
      caughtUp: false,
      published: this.turn,
    };
    const { entries, taken } = this.kernel.turn(request, this.view, (row) => {
      if (row.kind === 'spec') this.specs.set(row.dag, row.submission);
      if (row.kind === 'gone' && row.job < 0) this.specs.delete(row.dag);
    });
    this.kernel.accept();
    if (taken !== inputs.length) throw new Error(`the turn took ${taken} of ${inputs.length} inputs`);
    return this.note(entries);
  }

  private note(entries: readonly AnyEntry[]): number {
    const before = this.leases.length;
    for (const entry of entries) {
      if (entry.code === Code.LeaseGranted) this.leases.push(entry.body);
      if (entry.code === Code.InputRefused) throw new Error(`refused: ${entry.body.code}`);
    }
    return this.leases.length - before;
  }

  /** Submits DAGs, at most so many, until the frontier has its size. */
  private fill(most: number, runnable = this.runnable): void {
    let left = most;
    for (;;) {
      const missing = Math.ceil((runnable - this.kernel.indexes.heads.size) / READY_OF_DAG);
      const count = Math.min(missing, left, DAGS_PER_TURN);
      if (count <= 0) return;
      this.step(Array.from({ length: count }, () => this.submission()));
      left -= count;
    }
  }

  private answers(): CompleteEntry[] {
    const answered = this.leases.slice(0, PER_TURN);
    this.leases = this.leases.slice(PER_TURN);
    return answered.map(({ dag, job: index, attempt, token }) => {
      const lease = { dag, job: index, attempt, token };
      return this.input(Code.CompleteJob, { lease, output: null, blob: null, unitsUsed: null });
    });
  }

  private submission(): InputEntry {
    const i = this.dags++;
    const kind = i % OF;
    const deadlineAtMs = kind < WITH_DEADLINE ? this.at + 2_000 + this.below(DEADLINE_SPREAD_MS) : null;
    const jobs = JOBS[(kind === OF - WITH_TWO_SLOTS ? CLASSES.length : 0) + (Math.floor(i / PAIRS) % CLASSES.length)]!;
    const who = { tenant: `t${i % TENANTS}`, priority: Math.floor(i / TENANTS) % PRIORITIES };
    return this.input(Code.SubmitDag, submission(`d${i}`, jobs, { ...who, deadlineAtMs }));
  }

  private limit(): void {
    const limits = { weight: 1, openDags: 10_000_000, activeDags: 10_000_000, runnableJobs: 100_000_000 };
    const cell = {
      knownJobs: 100_000_000,
      retainTerminalMs: null,
      retainTerminalJobs: RETAINED_JOBS,
      retainExecutorsMs: null,
    };
    const elected = { code: Code.LeaderElected, cause: CauseCode.shell, body: { epoch: 1, noLossBeforeMs: 0 } };
    this.step([], [elected as EventEntry]);
    const inputs: InputEntry[] = [this.input(Code.SetCellLimits, cell)];
    for (let i = 0; i < TENANTS; i++) inputs.push(this.input(Code.SetTenantLimits, { tenant: `t${i}`, ...limits }));
    this.step(inputs);
  }

  private registration(executor: string, executorClass: string): InputEntry {
    const body = { executor, incarnation: 'one', group: 'default', executorClass, slots: SLOTS, labels: [], held: [] };
    return this.input(Code.RegisterExecutor, { ...body, sessionMs: 600_000 });
  }

  private input<C extends InputEntry['code']>(code: C, body: BodyOf<C>): EntryOf<C> {
    const sender = { inputId: `i-${++this.inputs}`, receivedAtMs: this.at, principal: null, traceparent: null };
    return { code, envelope: { ...sender, digest: NO_DIGEST }, body } as never;
  }

  /** A number below `limit`, the same ones in each run. */
  private below(limit: number): number {
    this.chance = (Math.imul(this.chance, 0x19_66_0d) + 0x3c6e_f35f) >>> 0;
    return Math.floor((this.chance / 2 ** 32) * limit);
  }
}

/** How many jobs a turn has dispatched; adds them up by lane. */
function countDispatches(t: OpenTurn, lanes: number[]): number {
  let dispatches = 0;
  for (const entry of t.entries) {
    if (entry.code !== Code.JobDispatched) continue;
    lanes[entry.body.evidence.lane]! += 1;
    dispatches += 1;
  }
  return dispatches;
}

/** Both parts of each decision: a release with what it readied, and a dispatch; in microseconds. */
function noteTimes(
  eachUs: number[],
  releasing: Float64Array,
  began: number,
  dispatched: Float64Array,
  count: number,
): void {
  for (let i = 0; i < count && eachUs.length < TIMES; i++) {
    const dispatching = dispatched[i]! - (i === 0 ? began : dispatched[i - 1]!);
    eachUs.push((releasing[i]! + dispatching) * 1_000);
  }
}

type CompleteEntry = EntryOf<typeof Code.CompleteJob>;

/** The jobs of a DAG by its first class; after those of one slot those of two. */
const JOBS: readonly (readonly JobSpec[])[] = [1, 2].flatMap((slots) =>
  CLASSES.map((_, first) => jobsOf(first, slots)),
);

function jobsOf(first: number, slots: number): readonly JobSpec[] {
  return Array.from({ length: CHAINS * CHAIN_JOBS }, (_, i) => {
    const chain = i % CHAINS;
    const executorClass = CLASSES[(first + (chain % 2)) % CLASSES.length]!;
    const after = i < CHAINS ? [] : [`j${i - CHAINS}`];
    return job(`j${i}`, executorClass, { slots, after, estimateMs: 400 + 150 * chain });
  });
}

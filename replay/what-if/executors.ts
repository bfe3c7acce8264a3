/** The executors of a counterfactual history: attempts take as long as they took, whenever they begin. */
import Heap from 'tinyqueue';
import { Code, LeaseState } from '../../src/catalogue/generated/codes.js';
import type { EventEntry, InputEntry, LeaseRef, RegisterExecutor } from '../../src/catalogue/generated/types.js';
import type { State } from '../../src/kernel/state.js';
import { type Ending, type Endings, NEVER, type Terminal } from './endings.js';

/** The answer to a dispatch that will come in. */
export interface Answer {
  readonly at: number;
  /** As in the script; what was assumed comes after everything that was recorded. */
  readonly order: number;
  readonly lease: LeaseRef;
  readonly terminal: Terminal;
}

interface Running {
  readonly lease: LeaseRef;
  readonly executor: number;
  readonly slots: number;
  answer: Answer | null;
}

/** How long an executor needs to stop when the scheduler ends its lease, in ms. */
const STOP_MS = 1;
const ASSUMED = Number.POSITIVE_INFINITY;
const SUCCESS: Terminal = { code: Code.CompleteJob, output: null, unitsUsed: null };
const STOPPED: Terminal = { code: Code.ReturnJob, reason: 'stopped', unitsUsed: null };

export class Executors {
  readonly #state: State;
  readonly #endings: Endings;
  readonly #answers = new Heap<Answer>([], comesBefore);
  readonly #running = new Map<number, Running>();
  /** Recorded DAGs by the numbers that they have here. */
  readonly #recorded = new Map<number, number>();
  /** How often attempts were given back here, which keep their numbers. */
  readonly #returned = new Map<string, number>();
  readonly #live = new Map<number, RegisterExecutor>();
  readonly #seqs = new Map<string, number>();
  /** Attempts that the history doesn't have: they take their estimate, and succeed. */
  assumed = 0;

  constructor(state: State, endings: Endings) {
    this.#state = state;
    this.#endings = endings;
  }

  get running(): number {
    return this.#running.size;
  }

  /** The next answer; undefined when none is under way. */
  peek(): Answer | undefined {
    return this.#answers.peek();
  }

  /** Takes the next answer; null when its lease holds no slot any more, or it comes at another time by now. */
  take(): Answer | null {
    const answer = this.#answers.pop()!;
    return this.#running.get(answer.lease.token)?.answer === answer ? answer : null;
  }

  /** A DAG is accepted under a number; `recorded` is the one that it had. */
  accepted(dag: number, recorded: number | undefined): void {
    if (recorded !== undefined) this.#recorded.set(dag, recorded);
  }

  /** What runs when the histories part: its answers come when they came. */
  resume(at: number): void {
    const { leases } = this.#state;
    for (let row = 1; row < leases.table.high; row++) {
      if (!leases.table.isLive(row) || leases.c.state[row] === 0) continue;
      const dag = leases.c.dag[row]!;
      const job = leases.c.job[row]!;
      const lease = { dag, job, attempt: leases.c.attempt[row]!, token: leases.keyA[row]! };
      const running = this.#hold(lease, leases.c.executor[row]!, leases.c.moreSlots[row]! + 1);
      if (leases.c.state[row] === LeaseState.inForce) this.#start(running, leases.c.reservedAtMs[row]!, at);
      else this.#stop(lease.token, at);
    }
  }

  /** What a turn asks of executors. */
  follow(at: number, entries: readonly (InputEntry | EventEntry)[]): void {
    for (const entry of entries) {
      switch (entry.code) {
        case Code.LeaseGranted: {
          const { executor, token, dag, job, attempt } = entry.body;
          const row = this.#jobRow(dag, job);
          const slots = this.#state.jobs.c.moreSlots[row]! + 1;
          this.#start(this.#hold({ token, dag, job, attempt }, executor, slots), at, at);
          break;
        }
        case Code.SlotReclaiming:
          this.#stop(entry.body.token, at);
          break;
        case Code.SlotReleased:
        case Code.SlotWithdrawn:
          this.#running.delete(entry.body.token);
          break;
        default:
      }
    }
  }

  /** What counts in turns that are kept as well: who is there, under which number, and what was given back. */
  followAlways(entries: readonly (InputEntry | EventEntry)[]): void {
    for (const entry of entries) {
      if (entry.code === Code.ExecutorRegistered) {
        const input = entries[entry.cause];
        if (input?.code !== Code.RegisterExecutor)
          throw new Error('assertion failed: a registration without its input');
        this.#live.set(entry.body.executor, input.body);
        this.#seqs.set(input.body.executor, entry.body.executor);
      } else if (entry.code === Code.ExecutorDeregistered || entry.code === Code.ExecutorLost) {
        this.#live.delete(entry.body.executor);
      } else if (entry.code === Code.JobReleased) {
        const input = entries[entry.cause];
        if (input?.code === Code.ReturnJob) this.#givenBack(attemptKey(input.body.lease));
      }
    }
  }

  /** A registration as its executor makes it here: it lists what it runs, unless it has begun anew. */
  registration(body: RegisterExecutor): RegisterExecutor {
    const seq = this.#seqs.get(body.executor);
    const isSame = seq !== undefined && this.#live.get(seq)?.incarnation === body.incarnation;
    if (!isSame && body.held.length === 0) return body;
    const own = [...this.#running.values()].filter(({ executor }) => executor === seq);
    return { ...body, held: own.map(({ lease, slots }) => ({ lease, slots })) };
  }

  /** Executors that are there, for who keeps their sessions alive. */
  live(): readonly RegisterExecutor[] {
    return [...this.#live.values()];
  }

  #givenBack(key: string): void {
    this.#returned.set(key, (this.#returned.get(key) ?? 0) + 1);
  }

  #hold(lease: LeaseRef, executor: number, slots: number): Running {
    const running: Running = { lease, executor, slots, answer: null };
    this.#running.set(lease.token, running);
    return running;
  }

  #start(running: Running, beganAt: number, now: number): void {
    const ending = this.#endingOf(running.lease);
    if (ending === NEVER) return;
    const row = this.#jobRow(running.lease.dag, running.lease.job);
    const { afterMs, order, input } = ending ?? {
      afterMs: this.#state.jobs.c.estimateMs[row]!,
      order: ASSUMED,
      input: SUCCESS,
    };
    if (ending === undefined) this.assumed += 1;
    this.#expect(running, { at: Math.max(now, beganAt + afterMs), order, lease: running.lease, terminal: input });
  }

  #endingOf({ dag, job, attempt }: LeaseRef): Ending | typeof NEVER | undefined {
    const recorded = this.#recorded.get(dag);
    if (recorded === undefined) return undefined;
    const { jobs, fans } = this.#state;
    const parent = jobs.c.parent[this.#jobRow(dag, job)]! - 1;
    const child = parent < 0 ? -1 : job - fans.c.base[fans.find(dag, parent)]!;
    const returned = this.#returned.get(attemptKey({ dag, job, attempt })) ?? 0;
    return this.#endings.of({ dag: recorded, job: parent < 0 ? job : parent, child, attempt }, returned);
  }

  /** The scheduler ended a lease: who runs it stops, and says so. */
  #stop(token: number, at: number): void {
    const running = this.#running.get(token);
    if (running === undefined) return;
    this.#expect(running, { at: at + STOP_MS, order: ASSUMED, lease: running.lease, terminal: STOPPED });
  }

  #expect(running: Running, answer: Answer): void {
    running.answer = answer;
    this.#answers.push(answer);
  }

  #jobRow(dag: number, job: number): number {
    const { dags, space } = this.#state;
    return space.handle(dags.find(dag), job);
  }
}

function attemptKey({ dag, job, attempt }: Omit<LeaseRef, 'token'>): string {
  return `${dag} ${job} ${attempt}`;
}

function comesBefore(a: Answer, b: Answer): number {
  // Two that were assumed have no place: their difference would be no number.
  const inOrder = a.order === b.order ? 0 : a.order - b.order;
  return (
    a.at - b.at ||
    inOrder ||
    a.lease.dag - b.lease.dag ||
    a.lease.job - b.lease.job ||
    a.lease.attempt - b.lease.attempt
  );
}

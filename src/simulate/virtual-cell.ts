/**
 * A cell under a virtual clock: the real kernel, with its own timers and continuations, is given real inputs turn by
 * turn, and time jumps from one moment at which something happens to the next. Nothing is awaited and nothing is
 * written, so an hour of load takes seconds. What arrives and how long attempts run comes from a `World`; evaluating
 * policies, sizing a cluster and playing the load of a history again differ in that only.
 */
import Heap from 'tinyqueue';
import { CauseCode, Code } from '../catalogue/generated/codes.js';
import type { EventEntry, InputEntry, SubmitDag } from '../catalogue/generated/types.js';
import type { ColdRow } from '../kernel/fold.js';
import { Kernel, type TurnResult } from '../kernel/kernel.js';
import { ExecutorPlay } from './executor-play.js';
import { completion } from './output.js';
import type { Arrival, Attempt, Ending, World } from './world.js';

/** A turn as it is seen from outside. */
export interface VirtualTurn {
  readonly turn: number;
  readonly at: number;
  readonly entries: readonly (InputEntry | EventEntry)[];
  readonly result: TurnResult;
}

/** Is told of every turn, in order. */
export type Watcher = (turn: VirtualTurn) => void;

/** Why a run ended: all DAGs are over, its time was up, or nothing will ever happen to those that are open. */
export type RunEnd = 'drained' | 'until' | 'stalled';

/** Journal time at which a run begins. Any would do; DAGs accepted at 0 would look as if they had no such time. */
export const START_MS = 1_767_225_600_000;
/** How long a leased job needs to stop when the scheduler ends its lease, in ms. */
const STOP_MS = 1;
/** With nothing to arrive and nothing running, a run is given up after so much journal time without a dispatch. */
const STALLED_MS = 24 * 3600 * 1000;
/** Stands for the digest of an input, which nobody checks here; zeros would look like a repeat of nothing. */
const DIGEST = new Uint8Array(16).fill(1);

/** The answer to a dispatch that will come in. */
interface Answer {
  readonly at: number;
  readonly ending: Ending;
  readonly attempt: Attempt;
}

export class VirtualCell {
  readonly kernel: Kernel;
  readonly #world: World;
  readonly #watch: Watcher;
  readonly #executors = new ExecutorPlay();
  readonly #answers = new Heap<Answer>([], comesBefore);
  /** Attempts that hold slots, by token, with the answers that will come; null: none by itself. */
  readonly #running = new Map<number, { readonly attempt: Attempt; readonly answer: Answer | null }>();
  readonly #specs = new Map<number, SubmitDag>();
  /** By DAG, job and attempt; null: in a blob. */
  readonly #outputs = new Map<string, Uint8Array | null>();
  #next: Arrival | null;
  #inputs = 0;
  #turn = 0;
  #at = START_MS;
  #lastDispatchAt = START_MS;
  /** A turn came to nothing: time goes on by at least a millisecond. */
  #isIdle = false;

  /** `digestOf` gives the digests of inputs, where somebody will check them: of what is written as a journal. */
  constructor(
    world: World,
    watch: Watcher,
    kernel = new Kernel(),
    private readonly digestOf: (code: InputEntry['code'], body: InputEntry['body']) => Uint8Array = () => DIGEST,
  ) {
    this.kernel = kernel;
    this.#world = world;
    this.#watch = watch;
    this.#next = world.next();
    this.#compute([], [{ code: Code.LeaderElected, cause: CauseCode.shell, body: { epoch: 1, noLossBeforeMs: 0 } }]);
  }

  /** Journal time. */
  get at(): number {
    return this.#at;
  }

  /** Runs until journal time `until`, or until there is nothing more to do. It may be called again with a later time. */
  run(until = Number.POSITIVE_INFINITY): RunEnd {
    for (;;) {
      if (this.#isDrained()) return 'drained';
      if (this.#isStalled()) return 'stalled';
      const at = this.#nextAt();
      if (at > until) return 'until';
      this.#moment(at);
    }
  }

  #isDrained(): boolean {
    const { cell, cellRow } = this.kernel.state;
    return (this.#next === null || this.#world.isOver === true) && cell.c.openDags[cellRow] === 0;
  }

  #isStalled(): boolean {
    return this.#next === null && this.#running.size === 0 && this.#at - this.#lastDispatchAt > STALLED_MS;
  }

  #nextAt(): number {
    const arrives = this.#next?.at ?? Number.POSITIVE_INFINITY;
    const answered = this.#answers.peek()?.at ?? Number.POSITIVE_INFINITY;
    const inside = Math.min(this.kernel.nextAt(0), this.#executors.beatAt);
    return Math.max(this.#at + (this.#isIdle ? 1 : 0), Math.min(arrives, answered, inside));
  }

  /** All that happens at one moment: as many turns as the kernel needs for it. */
  #moment(at: number): void {
    this.#at = at;
    let inputs = this.#due();
    let result: TurnResult;
    do {
      result = this.#compute(inputs);
      inputs = inputs.slice(result.taken);
    } while (inputs.length > 0 || result.unfinished || result.full);
    this.#isIdle = result.entries.length === 0;
  }

  /** The inputs of this moment, in their order. */
  #due(): InputEntry[] {
    const inputs = this.#executors.heartbeats(this.#at).map((body) => this.#input(Code.Heartbeat, body));
    for (;;) {
      const next = this.#next;
      const answer = this.#answers.peek();
      const isArrival = next !== null && next.at <= this.#at;
      const isAnswer = answer !== undefined && answer.at <= this.#at;
      if (!isArrival && !isAnswer) return inputs;
      if (isArrival && (!isAnswer || next.order <= answer.ending.order)) {
        inputs.push(this.#arrived(next));
        this.#next = this.#world.next();
      } else {
        this.#answers.pop();
        const { token } = answer!.attempt.lease;
        if (this.#running.get(token)?.answer === answer) inputs.push(this.#answer(answer!));
      }
    }
  }

  #arrived({ code, body }: Arrival): InputEntry {
    if (code !== Code.RegisterExecutor) return this.#input(code, body);
    return this.#input(code, this.#executors.registration(body as never, [...this.#running.values()]));
  }

  #answer({ attempt: { lease }, ending }: Answer): InputEntry {
    const { failure, output, unitsUsed } = ending;
    if (failure === null) return this.#input(Code.CompleteJob, completion(lease, output, unitsUsed));
    if (failure.code === STOPPED) return this.#input(Code.ReturnJob, { lease, reason: STOPPED, unitsUsed });
    return this.#input(Code.FailJob, { lease, ...failure, message: '', unitsUsed });
  }

  #input(code: InputEntry['code'], body: InputEntry['body']): InputEntry {
    const inputId = `v-${++this.#inputs}`;
    const envelope = {
      inputId,
      receivedAtMs: this.#at,
      principal: null,
      traceparent: null,
      digest: this.digestOf(code, body),
    };
    return { code, envelope, body } as InputEntry;
  }

  #compute(inputs: readonly InputEntry[], shell: readonly EventEntry[] = []): TurnResult {
    const turn = this.#turn + 1;
    const request = { turn, at: this.#at, stoppedMs: 0, shell, inputs, caughtUp: true, published: this.#turn };
    const result = this.kernel.turn(request, this.#coldView, this.#cold);
    if (result.entries.length === 0) {
      this.kernel.discard();
      return result;
    }
    this.#turn = turn;
    this.kernel.accept();
    this.#follow(result.entries);
    this.#watch({ turn, at: this.#at, entries: result.entries, result });
    return result;
  }

  /** What a turn asks of those outside: attempts begin, and leases that ended let go of their slots. */
  #follow(entries: TurnResult['entries']): void {
    for (const entry of entries) {
      switch (entry.code) {
        case Code.LeaseGranted:
          this.#begin(entry.body);
          break;
        case Code.SlotReclaiming:
          this.#stop(entry.body.token);
          break;
        case Code.SlotReleased:
        case Code.SlotWithdrawn:
          this.#running.delete(entry.body.token);
          break;
        case Code.ExecutorRegistered:
          this.#executors.registered(entry.body.executor, entries[entry.cause] as InputEntry);
          break;
        case Code.ExecutorDeregistered:
        case Code.ExecutorLost:
          this.#executors.left(entry.body.executor);
          break;
        default:
      }
    }
  }

  #begin({
    token,
    dag,
    job,
    attempt,
    executor,
  }: Extract<EventEntry, { code: typeof Code.LeaseGranted }>['body']): void {
    const { dags, fans, jobs, space } = this.kernel.state;
    const row = space.handle(dags.find(dag), job);
    const parent = jobs.c.parent[row]!;
    const started: Attempt = {
      lease: { dag, job, attempt, token },
      submission: this.#coldView.spec(dag),
      spec: parent === 0 ? job : parent - 1,
      child: parent === 0 ? null : job - fans.c.base[fans.find(dag, parent - 1)]!,
      executor,
      slots: jobs.c.moreSlots[row]! + 1,
      at: this.#at,
    };
    this.#lastDispatchAt = this.#at;
    const ending = this.#world.ending(started);
    if (ending === null) this.#running.set(token, { attempt: started, answer: null });
    else this.#expect({ at: this.#at + ending.afterMs, ending, attempt: started });
  }

  #expect(answer: Answer): void {
    this.#running.set(answer.attempt.lease.token, { attempt: answer.attempt, answer });
    this.#answers.push(answer);
  }

  /** The scheduler ended a lease: who runs it stops, and says so. */
  #stop(token: number): void {
    const running = this.#running.get(token);
    if (running === undefined) return;
    const { attempt, answer } = running;
    const failure = { code: STOPPED, retryable: false };
    const order = answer?.ending.order ?? 0;
    const ending: Ending = { afterMs: STOP_MS, order, failure, output: null, unitsUsed: null };
    this.#expect({ at: this.#at + STOP_MS, ending, attempt });
  }

  readonly #coldView = {
    spec: (dag: number): SubmitDag => {
      const spec = this.#specs.get(dag);
      if (spec === undefined) throw new Error(`assertion failed: no submission of DAG ${dag}`);
      return spec;
    },
    output: (dag: number, job: number, attempt: number) => {
      const json = this.#outputs.get(`${dag} ${job} ${attempt}`);
      return json === undefined ? null : { json, isBlob: json === null };
    },
  };

  readonly #cold = (row: ColdRow): void => {
    if (row.kind === 'spec') this.#specs.set(row.dag, row.submission);
    else if (row.kind === 'output') this.#outputs.set(`${row.dag} ${row.job} ${row.attempt}`, row.json);
    else if (row.kind === 'gone') this.#forget(row.dag, row.job, row.attempts);
  };

  #forget(dag: number, job: number, attempts: number): void {
    if (job === -1) this.#specs.delete(dag);
    for (let attempt = 0; attempt <= attempts; attempt++) this.#outputs.delete(`${dag} ${job} ${attempt}`);
  }
}

/** Code of an ending by which an executor says that it has stopped. */
const STOPPED = 'stopped';

function comesBefore(a: Answer, b: Answer): number {
  const x = a.attempt.lease;
  const y = b.attempt.lease;
  return a.at - b.at || a.ending.order - b.ending.order || x.dag - y.dag || x.job - y.job || x.attempt - y.attempt;
}

/**
 * A cell under a virtual clock: the real kernel, with its own timers and continuations, is given real inputs turn by
 * turn, and time jumps from one moment at which something happens to the next. Nothing is awaited and nothing is
 * written, so an hour of load takes seconds. What arrives and how long attempts run comes from a `World`; evaluating
 * policies, sizing a cluster and playing the load of a history again differ in that only.
 */
import { CauseCode, Code } from '../../catalogue/generated/codes.js';
import type { AnyEntry, EventEntry, InputEntry, RegisterExecutor, SubmitDag } from '../../catalogue/generated/types.js';
import type { ColdRow } from '../../kernel/fold.js';
import { Kernel, type TurnResult } from '../../kernel/kernel.js';
import { MAX_SESSION_MS } from '../../kernel/limits.js';
import { takeDue } from './due.js';
import { type DigestOf, Envelopes } from './envelopes.js';
import { type EndingOf, ExecutorPlay } from './executor-play.js';
import { callbackOf } from './terminal.js';
import type { Arrival, World } from './world.js';

/** A turn as it is seen from outside. */
export interface VirtualTurn {
  readonly turn: number;
  readonly at: number;
  readonly entries: readonly AnyEntry[];
  readonly result: TurnResult;
}

/** Is told of every turn, in order. */
export type Watcher = (turn: VirtualTurn) => void;

/** Why a run ended: all DAGs are over, its time was up, or nothing will ever happen to those that are open. */
export type RunEnd = 'drained' | 'until' | 'stalled';

/** Journal time at which a run begins. Any would do; DAGs accepted at 0 would look as if they had no such time. */
export const START_MS = 1_767_225_600_000;
/** When executors are heard for the first time after they have registered: well before a session ends. */
const FIRST_BEAT_MS = Math.floor(MAX_SESSION_MS / 2);

export class VirtualCell {
  readonly #executors: ExecutorPlay;
  readonly #envelopes: Envelopes;
  readonly #specs = new Map<number, SubmitDag>();
  /** By DAG, job and attempt; null: in a blob. */
  readonly #outputs = new Map<string, Uint8Array | null>();
  #next: Arrival | null;
  #turn = 0;
  #at = START_MS;
  /** A turn came to nothing: time goes on by at least a millisecond. */
  #isIdle = false;

  /** `digestOf` gives the digests of inputs, where somebody will check them: of what is written as a journal. */
  constructor(
    private readonly world: World,
    private readonly watch: Watcher,
    readonly kernel: Kernel = new Kernel(),
    digestOf?: DigestOf,
  ) {
    this.#envelopes = new Envelopes('v', digestOf);
    const endingOf: EndingOf = (one) => world.ending({ ...one, submission: this.#coldView.spec(one.lease.dag) });
    this.#executors = new ExecutorPlay(kernel.state, endingOf, 0);
    this.#executors.beatFrom(START_MS + FIRST_BEAT_MS);
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
      const at = this.nextAt;
      if (at > until) return 'until';
      this.#moment(at);
    }
  }

  #isDrained(): boolean {
    const { cell, cellRow } = this.kernel.state;
    return (this.#next === null || this.world.isOver === true) && cell.c.openDags[cellRow] === 0;
  }

  #isStalled(): boolean {
    return this.#next === null && this.#at >= this.#executors.stalledAt(START_MS);
  }

  /** When the next turn is due, in journal time. */
  get nextAt(): number {
    const arrives = this.#next?.at ?? Number.POSITIVE_INFINITY;
    const inside = Math.min(this.kernel.nextAt(0), this.#executors.beatAt);
    return Math.max(this.#at + (this.#isIdle ? 1 : 0), Math.min(arrives, this.#executors.answers.nextAt, inside));
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
    takeDue(this.#at, this.#arrivals, this.#executors.answers, {
      arrived: ({ code, body }) => inputs.push(this.#arrived(code, body)),
      answered: ({ lease, terminal }) => inputs.push(this.#input(terminal.code, callbackOf(lease, terminal))),
    });
    return inputs;
  }

  readonly #arrivals = {
    peek: () => this.#next,
    take: () => {
      this.#next = this.world.next();
    },
  };

  /** Sessions are as long as they may be: no executor is lost here. */
  #arrived(code: Arrival['code'], body: Arrival['body']): InputEntry {
    if (code !== Code.RegisterExecutor) return this.#input(code, body);
    const registration = this.#executors.registration(body as RegisterExecutor);
    return this.#input(code, { ...registration, sessionMs: MAX_SESSION_MS });
  }

  #input(code: Arrival['code'], body: Arrival['body']): InputEntry {
    return this.#envelopes.input(this.#at, code, body);
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
    this.#executors.followSessions(result.entries);
    this.#executors.followLeases(this.#at, result.entries);
    this.watch({ turn, at: this.#at, entries: result.entries, result });
    return result;
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

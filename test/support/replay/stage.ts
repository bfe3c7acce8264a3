/**
 * Scenes with a known cause, played by the real kernel under a virtual clock: who comes when, and how long each attempt
 * runs, is said in a few words; what happens is up to the planner.
 */
import type { History } from '../../../replay/index.js';
import { encodeBody } from '../../../src/catalogue/codec.js';
import { bodyDigest } from '../../../src/catalogue/digest.js';
import { Code } from '../../../src/catalogue/generated/codes.js';
import type {
  BodyOf,
  JobSpec,
  RegisterExecutor,
  SubmitDag,
  TurnRecord,
} from '../../../src/catalogue/generated/types.js';
import { Kernel } from '../../../src/kernel/kernel.js';
import type { AttemptOutput, Terminal } from '../../../src/simulate/cell/terminal.js';
import { START_MS, VirtualCell } from '../../../src/simulate/cell/virtual-cell.js';
import { type Arrival, type Attempt, arrival, type Ending, type World } from '../../../src/simulate/cell/world.js';
import { registration, submission } from '../kernel/build.js';
import { recordOf } from '../kernel/bytes.js';
import { chained } from './history.js';

/** What an attempt does: runs so long, and then ends well unless it is said otherwise; null: it never ends by itself. */
export type Doing =
  | number
  | { readonly afterMs: number; readonly fails?: boolean; readonly output?: AttemptOutput }
  | null;

const BROKEN: Terminal = { code: Code.FailJob, failure: 'broken', retryable: true, unitsUsed: null };

/** Ends well, with an output. */
function doneWith(output: AttemptOutput): Terminal {
  return { code: Code.CompleteJob, output, unitsUsed: null };
}

/** A moment of a scene in journal time; scenes count in ms from their beginning. */
export function at(ms: number): number {
  return START_MS + ms;
}

export class Stage implements World {
  readonly #arrivals: Arrival[] = [];
  readonly #runs: (dag: string, job: string, attempt: Attempt) => Doing;
  readonly #executors: string[] = [];

  /** `runs` says what an attempt does; the executor's id is given in its order of registration. */
  constructor(
    runs: (dag: string, job: string, attempt: { readonly executor: string; readonly number: number }) => Doing,
  ) {
    this.#runs = (dag, job, { executor, lease }) =>
      runs(dag, job, { executor: this.#executors[executor - 1] ?? '', number: lease.attempt });
  }

  executor(id: string, slots: number, more: Partial<RegisterExecutor> = {}, ms = 0): this {
    if (!this.#executors.includes(id)) this.#executors.push(id);
    return this.give(ms, Code.RegisterExecutor, registration(id, { slots, ...more }));
  }

  submit(ms: number, id: string, jobs: readonly JobSpec[], more: Partial<SubmitDag> = {}): this {
    return this.give(ms, Code.SubmitDag, submission(id, jobs, more));
  }

  give<C extends Arrival['code']>(ms: number, code: C, body: BodyOf<C>): this {
    this.#arrivals.push(arrival(at(ms), code, body));
    return this;
  }

  /** Plays the scene to its end, or up to a moment. */
  play(untilMs = Number.POSITIVE_INFINITY): History {
    return chained(this.turns(untilMs));
  }

  turns(untilMs = Number.POSITIVE_INFINITY): readonly TurnRecord[] {
    this.#arrivals.sort((a, b) => a.at - b.at);
    const turns: TurnRecord[] = [];
    const digestOf = (code: Arrival['code'], body: Arrival['body']) => bodyDigest(encodeBody(code, body as never));
    const watch = (turn: { turn: number; at: number; result: Parameters<typeof recordOf>[1] }): void => {
      const request = { turn: turn.turn, at: turn.at, stoppedMs: 0, shell: [], inputs: [], caughtUp: true };
      turns.push(recordOf({ ...request, published: turn.turn - 1 }, turn.result));
    };
    new VirtualCell(this, watch, new Kernel(), digestOf).run(at(untilMs));
    return turns;
  }

  next(): Arrival | null {
    return this.#arrivals.shift() ?? null;
  }

  ending(attempt: Attempt): Ending | null {
    const doing = this.#runs(attempt.submission.dagId, attempt.submission.jobs[attempt.spec]!.id, attempt);
    if (doing === null) return null;
    const { afterMs, fails = false, output = null } = typeof doing === 'number' ? { afterMs: doing } : doing;
    return { afterMs, order: 0, terminal: fails ? BROKEN : doneWith(output) };
  }
}

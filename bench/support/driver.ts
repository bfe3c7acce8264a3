import { type Sender, sealInput } from '../../src/catalogue/codec.js';
import { CauseCode, Code } from '../../src/catalogue/generated/codes.js';
import type {
  AnyEntry,
  BodyOf,
  EventEntry,
  InputEntry,
  LeaseGranted,
  RegisterExecutor,
  SubmitDag,
} from '../../src/catalogue/generated/types.js';
import type { ColdRow } from '../../src/kernel/fold.js';
import { Kernel, type TurnResult } from '../../src/kernel/kernel.js';

/** Who is told of each turn: what writes a journal, or a store. */
export interface TurnSink {
  /** Called after each turn, before it is accepted. */
  take(turn: DrivenTurn): void;
  /** Called with each cold row that a turn makes. */
  readonly cold?: (row: ColdRow) => void;
}

/** A turn that was computed. */
export interface DrivenTurn {
  readonly turn: number;
  readonly at: number;
  readonly result: TurnResult;
}

/** Stands for a digest where nobody checks it. */
const NO_DIGEST = new Uint8Array(16);

/** How far journal time goes on with each turn, in ms. */
const MS_PER_TURN = 5;

/**
 * Drives a kernel turn by turn, in this process and without a clock: journal time goes on by a fixed amount. It plays
 * the executors, too: `completions` answers the dispatches of a turn.
 */
export class Driver {
  readonly kernel = new Kernel();
  readonly #specs = new Map<number, SubmitDag>();
  #inputs = 0;
  #dispatches: LeaseGranted[] = [];
  turn = 0;
  at = 1_700_000_000_000;
  /** Time in the kernel so far, in ms. */
  kernelMs = 0;
  dispatched = 0;
  succeededDags = 0;

  /** `seals` computes the digests of inputs, which a journal must have. */
  constructor(
    private readonly sink: TurnSink | null = null,
    private readonly seals: boolean = sink !== null,
  ) {}

  /** An input as the edge makes it. */
  input<C extends InputEntry['code']>(code: C, body: BodyOf<C>): InputEntry {
    const sender: Sender = {
      inputId: `i-${++this.#inputs}`,
      receivedAtMs: this.at,
      principal: null,
      traceparent: null,
    };
    if (this.seals) return sealInput(code, sender, body as never);
    return { code, envelope: { ...sender, digest: NO_DIGEST }, body } as unknown as InputEntry;
  }

  /** Begins a reign, as a leader does. */
  elect(): void {
    this.step([], [{ code: Code.LeaderElected, cause: CauseCode.shell, body: { epoch: 1, noLossBeforeMs: 0 } }]);
  }

  register(executor: string, executorClass: string, slots: number): InputEntry {
    const body: RegisterExecutor = {
      executor,
      incarnation: 'one',
      group: 'default',
      executorClass,
      slots,
      labels: [],
      sessionMs: 600_000,
      held: [],
    };
    return this.input(Code.RegisterExecutor, body);
  }

  /** How many dispatches have not been answered. */
  get running(): number {
    return this.#dispatches.length;
  }

  /** Answers to the oldest dispatches, at most `limit`. */
  completions(limit: number, output: Uint8Array | null = null): InputEntry[] {
    const answered = limit >= this.#dispatches.length ? this.#dispatches : this.#dispatches.slice(0, limit);
    this.#dispatches = limit >= this.#dispatches.length ? [] : this.#dispatches.slice(limit);
    return answered.map(({ dag, job, attempt, token }) =>
      this.input(Code.CompleteJob, { lease: { dag, job, attempt, token }, output, blob: null, unitsUsed: null }),
    );
  }

  /** Lets go of all submissions: for DAGs whose jobs will not run. */
  forgetSpecs(): void {
    this.#specs.clear();
  }

  /** Computes one turn; gives its result. */
  step(inputs: readonly InputEntry[], shell: readonly EventEntry[] = []): TurnResult {
    this.turn += 1;
    this.at += MS_PER_TURN;
    const request = {
      turn: this.turn,
      at: this.at,
      stoppedMs: 0,
      shell,
      inputs,
      caughtUp: true,
      published: this.turn - 1,
    };
    const began = performance.now();
    const result = this.kernel.turn(request, this.#view, this.#cold);
    this.kernelMs += performance.now() - began;
    if (result.taken !== inputs.length) {
      throw new Error(`the turn took ${result.taken} of ${inputs.length} inputs: give it fewer`);
    }
    this.sink?.take({ turn: this.turn, at: this.at, result });
    this.kernel.accept();
    this.#note(result.entries);
    return result;
  }

  readonly #view = {
    spec: (dag: number): SubmitDag => {
      const spec = this.#specs.get(dag);
      if (spec === undefined) throw new Error(`no submission of DAG ${dag}`);
      return spec;
    },
    output: () => null,
  };

  readonly #cold = (row: ColdRow): void => {
    if (row.kind === 'spec') this.#specs.set(row.dag, row.submission);
    this.sink?.cold?.(row);
  };

  #note(entries: readonly AnyEntry[]): void {
    for (const entry of entries) {
      switch (entry.code) {
        case Code.LeaseGranted:
          this.#dispatches.push(entry.body);
          this.dispatched += 1;
          break;
        case Code.DagSucceeded:
          this.succeededDags += 1;
          break;
        case Code.DagForgotten:
          if (entry.body.last) this.#specs.delete(entry.body.dag);
          break;
        case Code.InputRefused:
          throw new Error(`refused: ${entry.body.code} ${JSON.stringify(entry.body.problems)}`);
        default:
      }
    }
  }
}

/** How attempts ended in a history: what executors do again in a counterfactual one, whenever they are asked. */
import { inputOf } from '../../src/catalogue/caused.js';
import { Code } from '../../src/catalogue/generated/codes.js';
import type { LeaseGranted, SubmitDag, TurnRecord } from '../../src/catalogue/generated/types.js';
import { doubled } from '../../src/kernel/structures/grow.js';
import { KeyIndex } from '../../src/kernel/structures/key-index.js';
import { FanBases } from '../../src/simulate/cell/fan-bases.js';
import { leaseEnd, type OwnAnswer } from '../../src/simulate/cell/lease-end.js';
import { DONE, type Terminal, terminalOf } from '../../src/simulate/cell/terminal.js';
import type { Dispatched, Ending } from '../../src/simulate/cell/world.js';
import { LastHeard } from '../../src/simulate/history/last-heard.js';
import { StoodStill } from '../../src/simulate/history/stood-still.js';
import { tookMs } from '../../src/simulate/history/took.js';

/** An attempt by its numbers in the history. */
export interface AttemptPlace {
  readonly dag: number;
  /** For a child the fan-out that it comes from. */
  readonly job: number;
  /** Its place in that fan-out; -1: it is no child. */
  readonly child: number;
  /** Which making of the fan-out's children it is of (`FanBases`). */
  readonly making: number;
  readonly attempt: number;
}

/** An attempt as it is played: when it is dispatched, and how long it is expected to take. */
type Played = Pick<Dispatched, 'at' | 'estimateMs'>;

/** That an attempt was given back; it may be granted again. */
interface Return extends Ending {
  readonly grantedAt: number;
}

/** null: it ran until the scheduler gave it up, and never answered. */
type Ended = Ending | null;

/** Attempts of a job are told apart above the numbers of DAGs, which stay below this. */
const ATTEMPTS_FROM = 2 ** 36;

/**
 * Reads a history once and keeps what each attempt did, by DAG, job and attempt. Millions of them: in columns of numbers,
 * of which the collector of garbage knows nothing.
 */
export class Endings {
  /** The row of each attempt that was granted, from 1. */
  readonly #rows = new KeyIndex();
  #grantedAt = new Float64Array(1024);
  #executor = new Float64Array(1024);
  /** How long it took until it ended; -1: that isn't known, -2: nobody ever answered. */
  #afterMs = new Float64Array(1024);
  #order = new Float64Array(1024);
  /** How long an attempt was seen to run that others ended, by row: it would have gone on. 0: it was given back. */
  readonly #ranMs = new Map<number, number>();
  /** Each time that an attempt was given back, by row: it keeps its number when it is granted once more. */
  readonly #returns = new Map<number, readonly Return[]>();
  /** Answers that aren't `DONE`, by row. */
  readonly #answers = new Map<number, Terminal>();
  /** Rows of the attempts under way, by their token. */
  readonly #running = new Map<number, number>();
  readonly #bases = new FanBases();
  readonly #heard = new LastHeard();
  readonly #stoodStill = new StoodStill();
  readonly #readsOutputs = new Set<number>();
  /** DAGs by the place of their submission among all inputs. */
  readonly #dags = new Map<number, number>();
  #count = 0;
  #inputs = 0;
  #at = 0;

  take({ at, entries }: TurnRecord): void {
    this.#at = at;
    const first = this.#inputs;
    for (const entry of entries) {
      this.#heard.take(at, entry);
      this.#stoodStill.take(at, entry);
      switch (entry.code) {
        case Code.DagAccepted:
          this.#accepted(entry.body.dag, first + entry.cause, inputOf(Code.SubmitDag, entry, entries));
          break;
        case Code.JobsFannedOut:
          this.#bases.take(entry.body);
          break;
        case Code.LeaseGranted:
          this.#granted(entry.body, at);
          break;
        case Code.LeaseReleased:
          this.#ended(entry.body.token, leaseEnd(entry, entries), at, first + entry.cause);
          break;
        case Code.LeaseExpired:
          this.#lost(entry.body.token);
          break;
        default:
      }
    }
    this.#inputs += entries.length;
  }

  /** The DAG that the input at this place of the history led to; undefined when it was refused. */
  dagOf(order: number): number | undefined {
    return this.#dags.get(order);
  }

  /**
   * How an attempt of a job ends that was given back `returned` times; undefined when the history doesn't say: it
   * never ran once more. Dispatched when it was, it ends when it did, also where the fabric stood still meanwhile.
   */
  of(place: AttemptPlace, returned: number, played: Played): Ended | undefined {
    const row = this.#rowAt(place);
    if (row === 0) return undefined;
    const givenBack = this.#returns.get(row)?.[returned];
    if (givenBack !== undefined) {
      const { grantedAt, afterMs, order, terminal } = givenBack;
      return { afterMs: afterMs - this.#unheardMs(grantedAt, afterMs, played), order, terminal };
    }
    const heardMs = this.#afterMs[row]!;
    if (heardMs === -1) return undefined;
    if (heardMs === -2) return null;
    const unheardMs = this.#unheardMs(this.#grantedAt[row]!, heardMs, played);
    const afterMs = tookMs({ afterMs: heardMs, unheardMs }, played.estimateMs);
    return { afterMs, order: this.#order[row]!, terminal: this.#answers.get(row) ?? DONE };
  }

  /**
   * How long an attempt was seen to run whose end the history doesn't have: others ended it, its executor was lost, or it
   * runs at the end. Nobody saw it while the fabric stood still; dispatched when it was, it was there afterwards.
   */
  ranMs(place: AttemptPlace, played: Pick<Played, 'at'>): number {
    const row = this.#rowAt(place);
    if (row === 0) return 0;
    const grantedAt = this.#grantedAt[row]!;
    const ranMs = this.#ranMs.get(row) ?? this.#at - grantedAt;
    return grantedAt === played.at ? ranMs : ranMs - this.#stoodStill.within(grantedAt, ranMs);
  }

  /** For how long of the ms after a grant an end was not heard (StoodStill); 0 for what is dispatched when it was. */
  #unheardMs(grantedAt: number, ms: number, { at }: Pick<Played, 'at'>): number {
    return grantedAt === at ? 0 : this.#stoodStill.unheardWithin(grantedAt, ms);
  }

  /** 0: it was never granted. */
  #rowAt({ dag, job, child, making, attempt }: AttemptPlace): number {
    const base = child < 0 ? 0 : this.#bases.baseOf(dag, job, making);
    return base === null ? 0 : this.#rowOf(dag, child < 0 ? job : base + child, attempt);
  }

  #accepted(dag: number, order: number, submission: SubmitDag): void {
    this.#dags.set(order, dag);
    if (readsOutputs(submission)) this.#readsOutputs.add(dag);
  }

  #granted({ token, executor, dag, job, attempt }: LeaseGranted, at: number): void {
    let row = this.#rowOf(dag, job, attempt);
    if (row === 0) {
      row = ++this.#count;
      this.#rows.add(dag + attempt * ATTEMPTS_FROM, job, row);
      this.#makeRoom(row + 1);
      this.#afterMs[row] = -1;
    }
    this.#grantedAt[row] = at;
    this.#executor[row] = executor;
    this.#ranMs.delete(row);
    this.#running.set(token, row);
  }

  #lost(token: number): void {
    const row = this.#running.get(token);
    if (row === undefined) return;
    this.#running.delete(token);
    const fromMs = this.#grantedAt[row]!;
    this.#ranMs.set(row, this.#heard.since(fromMs, this.#executor[row]!) - fromMs);
  }

  /** What it answers after its lease was ended by others is of no use: it was told to stop. */
  #ended(token: number, end: OwnAnswer | 'timed-out' | null, at: number, order: number): void {
    const row = this.#running.get(token);
    if (row === undefined) return;
    this.#running.delete(token);
    if (end === 'timed-out') {
      this.#afterMs[row] = -2;
      return;
    }
    const grantedAt = this.#grantedAt[row]!;
    const afterMs = at - grantedAt;
    if (end === null) {
      this.#ranMs.set(row, afterMs);
      return;
    }
    const terminal = terminalOf(end, this.#readsOutputs.has(end.body.lease.dag));
    if (terminal.code === Code.ReturnJob) {
      this.#ranMs.set(row, 0);
      this.#returns.set(row, [...(this.#returns.get(row) ?? []), { grantedAt, afterMs, order, terminal }]);
      return;
    }
    this.#afterMs[row] = afterMs;
    this.#order[row] = order;
    if (terminal !== DONE) this.#answers.set(row, terminal);
  }

  #rowOf(dag: number, job: number, attempt: number): number {
    return this.#rows.get(dag + attempt * ATTEMPTS_FROM, job);
  }

  #makeRoom(rows: number): void {
    if (rows <= this.#afterMs.length) return;
    this.#grantedAt = doubled(this.#grantedAt, rows);
    this.#executor = doubled(this.#executor, rows);
    this.#afterMs = doubled(this.#afterMs, rows);
    this.#order = doubled(this.#order, rows);
  }
}

/** Only conditions and fan-outs read outputs: those of other DAGs need not be kept. */
function readsOutputs({ jobs }: SubmitDag): boolean {
  return jobs.some(({ when, fanOut }) => when !== null || (fanOut !== null && fanOut.from !== null));
}

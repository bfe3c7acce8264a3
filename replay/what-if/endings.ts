/** How attempts ended in a history: what executors do again in a counterfactual one, whenever they are asked. */
import { Code } from '../../src/catalogue/generated/codes.js';
import type { InputEntry, LeaseGranted, SubmitDag, TurnRecord } from '../../src/catalogue/generated/types.js';
import { MAX_JOBS_PER_DAG } from '../../src/kernel/limits.js';

/** The terminal callback of an attempt. */
export interface Ending {
  /** How long after its dispatch the callback came, in ms. */
  readonly afterMs: number;
  /** Its place among all inputs of the history. */
  readonly order: number;
  readonly input: Terminal;
}

/** A callback without its lease, which is another one in another history. */
export type Terminal =
  | { readonly code: typeof Code.CompleteJob; readonly output: Uint8Array | null; readonly unitsUsed: number | null }
  | {
      readonly code: typeof Code.FailJob;
      readonly failure: string;
      readonly retryable: boolean;
      readonly unitsUsed: number | null;
    }
  | { readonly code: typeof Code.ReturnJob; readonly reason: string; readonly unitsUsed: number | null };

/** An attempt that ran until the scheduler gave it up, and never answered. */
export const NEVER = 'never';

type Ended = Ending | typeof NEVER;

interface Running {
  readonly key: number;
  readonly attempt: number;
  readonly at: number;
}

/** Reads a history once and keeps what each attempt did, by DAG, job and attempt. */
export class Endings {
  readonly #ended = new Map<number, (Ended | undefined)[]>();
  readonly #running = new Map<number, Running>();
  readonly #bases = new Map<number, number>();
  readonly #readsOutputs = new Set<number>();
  /** DAGs by the place of their submission among all inputs. */
  readonly #dags = new Map<number, number>();
  #inputs = 0;

  take({ at, entries }: TurnRecord): void {
    const first = this.#inputs;
    for (const [index, entry] of entries.entries()) {
      switch (entry.code) {
        case Code.DagAccepted:
          this.#accepted(entry.body.dag, first + entry.cause, entries[entry.cause] as InputEntry);
          break;
        case Code.JobsFannedOut:
          this.#bases.set(keyOf(entry.body.dag, entry.body.job), entry.body.base);
          break;
        case Code.LeaseGranted:
          this.#granted(entry.body, at);
          break;
        case Code.JobTimedOut:
          this.#timedOut(keyOf(entry.body.dag, entry.body.job), entry.body.attempt);
          break;
        case Code.CompleteJob:
        case Code.FailJob:
        case Code.ReturnJob:
          this.#answered(entry, at, first + index);
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

  /** How an attempt of a job ended; undefined when it never ran. `child` is its place in the fan-out `job`, or -1. */
  of(dag: number, job: number, child: number, attempt: number): Ended | undefined {
    const base = child < 0 ? 0 : this.#bases.get(keyOf(dag, job));
    if (base === undefined) return undefined;
    return this.#ended.get(keyOf(dag, child < 0 ? job : base + child))?.[attempt];
  }

  #accepted(dag: number, order: number, input: InputEntry): void {
    this.#dags.set(order, dag);
    if (readsOutputs(input.body as SubmitDag)) this.#readsOutputs.add(dag);
  }

  #granted({ token, dag, job, attempt }: LeaseGranted, at: number): void {
    this.#running.set(token, { key: keyOf(dag, job), attempt, at });
  }

  #timedOut(key: number, attempt: number): void {
    if (this.#ended.get(key)?.[attempt] === undefined) this.#set(key, attempt, NEVER);
  }

  #answered(entry: Extract<InputEntry, { code: Terminal['code'] }>, at: number, order: number): void {
    const { lease } = entry.body;
    const running = this.#running.get(lease.token);
    if (running === undefined) return;
    this.#running.delete(lease.token);
    const input = terminalOf(entry, this.#readsOutputs.has(lease.dag));
    this.#set(running.key, running.attempt, { afterMs: at - running.at, order, input });
  }

  #set(key: number, attempt: number, ended: Ended): void {
    const attempts = this.#ended.get(key) ?? [];
    attempts[attempt] = ended;
    this.#ended.set(key, attempts);
  }
}

function keyOf(dag: number, job: number): number {
  return dag * MAX_JOBS_PER_DAG + job;
}

/** Only conditions and fan-outs read outputs: those of other DAGs need not be kept. */
function readsOutputs({ jobs }: SubmitDag): boolean {
  return jobs.some(({ when, fanOut }) => when !== null || (fanOut !== null && fanOut.from !== null));
}

function terminalOf(entry: Extract<InputEntry, { code: Terminal['code'] }>, keepsOutput: boolean): Terminal {
  const { unitsUsed } = entry.body;
  if (entry.code === Code.CompleteJob) {
    // A copy: what was read is a view on a whole record.
    return { code: entry.code, output: keepsOutput ? (entry.body.output?.slice() ?? null) : null, unitsUsed };
  }
  if (entry.code === Code.ReturnJob) return { code: entry.code, reason: entry.body.reason, unitsUsed };
  return { code: entry.code, failure: entry.body.code, retryable: entry.body.retryable, unitsUsed };
}

/**
 * A load in a process of its own: executors that do nothing, written with the SDK, and a generator that keeps so many
 * DAGs open. Both speak HTTP with the fabric. It is told what to do over the channel to its parent.
 */
import { FabricClient, type Submission } from '../../src/client/index.js';
import { defineExecutor, type Log, runExecutors } from '../../src/executor/index.js';
import {
  DOCUMENT_CLASSES,
  documentSubmission,
  FLAT_CLASS,
  fanOutSubmission,
  flatSubmission,
  PAGES,
} from '../support/dags.js';
import { spreadOf } from '../support/percentiles.js';
import type { Counts, FromLoad, LoadOptions, Shape, ToLoad } from './messages.js';

const SUBMISSIONS: Readonly<Record<Shape, (id: string) => Submission>> = {
  documents: documentSubmission,
  'fan-out': fanOutSubmission,
  flat: flatSubmission,
};
/** Class of the last job of a DAG: when it runs, the rest is done. */
const LAST: Readonly<Record<Shape, string>> = { documents: 'publisher', 'fan-out': 'publisher', flat: FLAT_CLASS };
const OUTPUTS: Readonly<Record<string, object>> = {
  splitter: { pages: Array.from({ length: PAGES }, (_, page) => page) },
};
const DONE = { ok: true };
/** Requests with submissions that are under way at a time. */
const REQUESTS = 4;
/** What an operator gives a tenant of whom so much is expected: no DAG of it is held. */
const LIMITS = { openDags: 1_000_000, activeDags: 1_000_000, runnableJobs: 10_000_000 };
const SILENT: Log = { debug() {}, info() {}, warn() {}, error: console.error, child: () => SILENT };

class Load {
  readonly #client: FabricClient;
  readonly #beganMs = new Map<string, number>();
  #dagMs: number[] = [];
  #requestMs: number[] = [];
  #asked = 0;
  #submitted = 0;
  #finished = 0;
  #requests = 0;
  #finishing: (() => void) | null = null;

  constructor(private readonly options: LoadOptions) {
    this.#client = new FabricClient({ url: options.url });
  }

  async start(): Promise<void> {
    const { url, shape, slots } = this.options;
    const last = LAST[shape];
    const classes = shape === 'flat' ? [FLAT_CLASS] : DOCUMENT_CLASSES;
    const executors = classes.map((executorClass) => {
      const output = OUTPUTS[executorClass] ?? DONE;
      const run =
        executorClass === last
          ? ({ job }: { readonly job: { readonly dagId: string } }) => {
              this.#ended(job.dagId);
              return output;
            }
          : () => output;
      return defineExecutor({ class: executorClass, slots, run });
    });
    await runExecutors({ url, executors, log: SILENT, handleSignals: false });
    await this.#client.operations.setTenantLimits('default', LIMITS);
    for (let i = 0; i < REQUESTS; i++) this.#submit();
  }

  counts(): Counts {
    const counts = {
      submitted: this.#submitted,
      finished: this.#finished,
      dagMs: spreadOf(this.#dagMs),
      requestMs: spreadOf(this.#requestMs),
    };
    this.#dagMs = [];
    this.#requestMs = [];
    return counts;
  }

  /** Resolves when all that was submitted has ended. */
  finish(): Promise<void> {
    return new Promise((resolve) => {
      this.#finishing = resolve;
      this.#lookForEnd();
    });
  }

  #ended(dagId: string): void {
    const began = this.#beganMs.get(dagId);
    if (began === undefined) return;
    this.#beganMs.delete(dagId);
    this.#finished += 1;
    this.#dagMs.push(performance.now() - began);
    this.#submit();
    if (this.#finishing !== null) this.#lookForEnd();
  }

  #lookForEnd(): void {
    if (this.#beganMs.size === 0 && this.#requests === 0) this.#finishing?.();
  }

  /** Sends a request if there is room for one, of DAGs that are missing. */
  #submit(): void {
    const { openDags, batch } = this.options;
    const missing = openDags - this.#beganMs.size;
    if (this.#finishing !== null || this.#requests >= REQUESTS || missing < Math.min(batch, openDags / REQUESTS))
      return;
    this.#requests += 1;
    void this.#request(Math.min(batch, missing)).catch(fail);
  }

  async #request(count: number): Promise<void> {
    const make = SUBMISSIONS[this.options.shape];
    const began = performance.now();
    const dags = Array.from({ length: count }, () => {
      const id = `bench-${process.pid}-${this.#asked++}`;
      this.#beganMs.set(id, began);
      return make(id);
    });
    const outcomes = await this.#client.submitMany(dags);
    this.#requestMs.push(performance.now() - began);
    for (const outcome of outcomes) {
      if ('problem' in outcome) throw new Error(`refused: ${outcome.problem.message}`);
      this.#submitted += 1;
    }
    this.#requests -= 1;
    if (this.#finishing !== null) this.#lookForEnd();
    else this.#submit();
  }
}

function tell(message: FromLoad): void {
  process.send?.(message);
}

function fail(error: unknown): void {
  tell({ type: 'failed', detail: String(error) });
}

let load: Load | null = null;

process.on('message', (message: ToLoad) => {
  if (message.type === 'start') {
    load = new Load(message.options);
    load.start().then(() => tell({ type: 'started' }), fail);
  } else if (message.type === 'count' && load !== null) {
    tell({ type: 'counted', counts: load.counts() });
  } else if (message.type === 'finish' && load !== null) {
    const running = load;
    running.finish().then(() => tell({ type: 'finished', counts: running.counts() }), fail);
  }
});
process.on('disconnect', () => process.exit(0));

/** Work while faults happen: executors at every scheduler, and documents that are submitted wherever they are taken. */
import { setTimeout as sleep } from 'node:timers/promises';
import {
  defineExecutor,
  FabricError,
  type Log,
  type RunningExecutors,
  runExecutors,
} from '../../src/executor/index.js';
import { DOCUMENT_CLASSES, documentSubmission } from '../support/dags.js';
import type { Scheduler } from './scheduler.js';

/** An executor whose scheduler is away for so long is taken for lost, and its jobs run elsewhere. */
const SESSION_MS = 4_000;
const SLOTS = 8;
const DRAIN_MS = 1_000;
/** How long one submission may wait for its answer before it is sent to the next scheduler, in ms. */
const ANSWER_MS = 2_500;
const AGAIN_MS = 20;
const SILENT: Log = { debug() {}, info() {}, warn() {}, error() {}, child: () => SILENT };

/** A submission that was answered: its turn is durable. */
export interface Acknowledged {
  readonly dagId: string;
  readonly turn: number;
}

export class Load {
  readonly acknowledged: Acknowledged[] = [];
  /** Tokens of all dispatches that executors were given. */
  readonly dispatched = new Set<string>();
  #executors: readonly RunningExecutors[] = [];
  #isOver = false;
  #submitting: Promise<void> = Promise.resolve();
  #count = 0;

  constructor(private readonly schedulers: readonly Scheduler[]) {}

  /** Registers executors, and submits so many documents a second from now on. */
  async start(perSecond: number): Promise<void> {
    this.#executors = await Promise.all(this.schedulers.map((scheduler) => this.#execute(scheduler)));
    const everyMs = 1_000 / perSecond;
    this.#submitting = (async () => {
      while (!this.#isOver) {
        const began = performance.now();
        await this.#submit(`document-${this.#count++}`);
        await sleep(Math.max(0, began + everyMs - performance.now()));
      }
    })();
    // Whoever stops it gets the error.
    this.#submitting.catch(() => undefined);
  }

  /** Submits no more; resolves when every submission has its answer. */
  async stop(): Promise<void> {
    this.#isOver = true;
    await this.#submitting;
  }

  async close(): Promise<void> {
    this.#isOver = true;
    await Promise.all(this.#executors.map((running) => running.close(DRAIN_MS)));
  }

  #execute({ url, host }: Scheduler): Promise<RunningExecutors> {
    const executors = DOCUMENT_CLASSES.map((executorClass) =>
      defineExecutor({
        class: executorClass,
        slots: SLOTS,
        run: ({ job }) => {
          this.dispatched.add(job.token);
          return { ok: true };
        },
      }),
    );
    const options = { url, id: `at-${host}`, executors, sessionMs: SESSION_MS, handleSignals: false, log: SILENT };
    return runExecutors(options);
  }

  /** Tries one scheduler after the other until one acknowledges it: its id and key tell repeats. */
  async #submit(id: string): Promise<void> {
    for (let tries = this.#count; ; tries++) {
      const { client } = this.schedulers[tries % this.schedulers.length]!;
      try {
        const dag = { ...documentSubmission(id), idempotencyKey: id };
        const { dagId, turn } = await client.submit(dag, AbortSignal.timeout(ANSWER_MS));
        this.acknowledged.push({ dagId, turn });
        return;
      } catch (error) {
        if (!mayPass(error)) throw error;
        await sleep(AGAIN_MS);
      }
    }
  }
}

/** Whether somebody else, or the same later, may take it. */
function mayPass(error: unknown): boolean {
  return error instanceof FabricError && (error.retryable || error.code === 'aborted');
}

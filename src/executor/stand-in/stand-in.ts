import { SHARE_ENV, Worker } from 'node:worker_threads';
import type { Log } from '../define.js';
import type { Alive } from './messages.js';
import { THREAD } from './thread-module.js';

/** Objects of the thread, in MiB: it has a timer for each session, and now and then a request. */
const LIMITS = { maxYoungGenerationSizeMb: 4, maxOldGenerationSizeMb: 64 };

/**
 * Gives signs of life to the fabric while the process can't, by a thread of its own: a `run()` that computes keeps all else
 * waiting, and an executor that is taken for lost loses the work of all its slots. Where there can be no such thread (the
 * module is not where it was, in a bundle), executors are heard as long as nothing computes for too long.
 */
export class StandIn {
  readonly #log: Log;
  #thread: Worker | null;

  constructor(url: string, log: Log) {
    this.#log = log;
    this.#thread = this.#start(url);
  }

  /** A session is alive, and says so again after so many ms, or its process is not able to; null: it is over. */
  alive(path: string, everyMs: number | null): void {
    this.#thread?.postMessage({ path, everyMs } satisfies Alive);
  }

  async close(): Promise<void> {
    await this.#thread?.terminate();
    this.#thread = null;
  }

  #start(url: string): Worker | null {
    try {
      // The environment is shared, as a program may renew MARIE_HEADERS; what loads modules for it is not.
      const thread = new Worker(THREAD, { workerData: url, env: SHARE_ENV, execArgv: [], resourceLimits: LIMITS });
      thread.on('error', (error) => this.#failed(error));
      thread.unref();
      return thread;
    } catch (error) {
      this.#failed(error);
      return null;
    }
  }

  #failed(error: unknown): void {
    this.#thread = null;
    const detail = String(error);
    this.#log.warn({ detail }, 'no thread stands in: a job that computes for longer than the session loses it');
  }
}

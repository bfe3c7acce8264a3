import type { Dag } from '../answers/types.js';
import { type Calls, dagPath, readJson } from './calls.js';
import { lifecycleOf } from './lifecycle.js';
import { type Patience, pause, type Tries } from './retry.js';
import { hasEnded } from './types.js';

/** Reads of the DAG are at least so far apart. */
const LEAST_MS = 200;
/** A read without an event: a safety net beside the stream, the only way without one. */
const WITH_STREAM_MS = 10_000;
const WITHOUT_STREAM_MS = 1_000;
/** Someone who waits sits out a restart of the fabric: some minutes. */
const PATIENCE: Patience = { attempts: 60, baseMs: 100, maxMs: 5_000 };

/** How long, and how, somebody waits for the end of a DAG. */
export interface WaitOptions {
  readonly signal?: AbortSignal;
  /** Called with every state that was read, the last included. */
  readonly onProgress?: (dag: Dag) => void;
}

/** Resolves with a DAG when it has ended, well or badly. Follows its events, and reads it when something has happened. */
export async function waitFor(calls: Calls, dagId: string, options: WaitOptions): Promise<Dag> {
  const { signal, onProgress } = options;
  const patient = { ...calls, patience: PATIENCE };
  const over = new AbortController();
  const end = (): void => over.abort();
  if (signal?.aborted) end();
  signal?.addEventListener('abort', end);
  const news = new News();
  let streaming = true;
  const watching = follow(patient, dagId, over.signal, news).catch(() => {
    streaming = false;
    news.tell();
  });
  try {
    for (;;) {
      news.forget();
      const dag = await readJson<Dag>(patient, { path: dagPath(calls, dagId, ''), signal }, 'state');
      onProgress?.(dag);
      if (hasEnded(dag)) return dag;
      await pause(calls, LEAST_MS, signal);
      await news.within(calls, streaming ? WITH_STREAM_MS : WITHOUT_STREAM_MS, over.signal);
    }
  } finally {
    signal?.removeEventListener('abort', end);
    end();
    await watching;
  }
}

async function follow(calls: Calls, dagId: string, signal: AbortSignal, news: News): Promise<void> {
  for await (const _event of lifecycleOf(calls, { dag: dagId, signal })) news.tell();
}

/** Whether something has happened since it was last looked at. */
class News {
  private has = false;
  private wake: (() => void) | null = null;

  tell(): void {
    this.has = true;
    this.wake?.();
  }

  forget(): void {
    this.has = false;
  }

  /** Resolves when something has happened, or after so many ms, or when the signal is aborted, or the client closed. */
  async within(tries: Tries, ms: number, signal: AbortSignal): Promise<void> {
    if (this.has || signal.aborted) return;
    const over = new AbortController();
    this.wake = () => over.abort();
    await pause(tries, ms, signal, over.signal).catch(() => undefined);
    this.wake = null;
  }
}

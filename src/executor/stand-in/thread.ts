/** The thread that gives the signs of life of sessions whose process says nothing, since something computes in it. */
import { parentPort, workerData } from 'node:worker_threads';
import { Http } from '../../client/adapters/http.js';
import { HEARTBEAT_LINE, NDJSON_HEADERS } from '../protocol.js';
import type { Alive } from './messages.js';

/**
 * For so long it speaks for a process that says nothing, in ms; as long as the longest session. What stands still for
 * longer is taken for something that hangs, and its work goes to others.
 */
const MOST_MS = 10 * 60_000;

/** By path: the next sign of life. */
const timers = new Map<string, NodeJS.Timeout>();
const http = new Http(workerData as string);

function standIn(path: string, everyMs: number, leftMs: number): void {
  // What comes of it is of no consequence: the process hears how its session stands as soon as it goes on.
  http.text({ method: 'POST', path, headers: NDJSON_HEADERS, body: `${HEARTBEAT_LINE}\n` }).catch(() => undefined);
  if (leftMs > everyMs) wait(path, everyMs, everyMs, leftMs - everyMs);
}

function wait(path: string, ms: number, everyMs: number, leftMs: number): void {
  timers.set(path, setTimeout(standIn, ms, path, everyMs, leftMs));
}

parentPort?.on('message', ({ path, everyMs }: Alive) => {
  clearTimeout(timers.get(path));
  timers.delete(path);
  // A process that is busy may be a little late.
  if (everyMs !== null) wait(path, everyMs * 1.5, everyMs, MOST_MS);
});

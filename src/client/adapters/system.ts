import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { performance } from 'node:perf_hooks';
import { isMainThread, threadId } from 'node:worker_threads';
import type { Machine } from '../ports.js';

/** The longest time that a timer of Node's takes, in ms: 24 days; it fires at once for anything longer. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** The machine that this process runs on. */
export const systemMachine: Machine = {
  nowMs: () => performance.now(),
  after(ms, callback, idle = false) {
    const timer = setTimeout(callback, Math.min(ms, LONGEST_TIMER_MS));
    if (idle) timer.unref();
    return () => clearTimeout(timer);
  },
  soon(callback) {
    setImmediate(callback);
  },
  random: () => Math.random(),
  uuid: () => randomUUID(),
  processName: () => {
    const name = `${hostname().replace(/[^\w.-]/g, '-')}-${process.pid}`;
    return isMainThread ? name : `${name}-${threadId}`;
  },
};

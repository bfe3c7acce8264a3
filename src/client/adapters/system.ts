import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { performance } from 'node:perf_hooks';
import type { Machine } from '../ports.js';

/** The machine that this process runs on. */
export const systemMachine: Machine = {
  nowMs: () => performance.now(),
  after(ms, callback, idle = false) {
    const timer = setTimeout(callback, ms);
    if (idle) timer.unref();
    return () => clearTimeout(timer);
  },
  soon(callback) {
    setImmediate(callback);
  },
  random: () => Math.random(),
  uuid: () => randomUUID(),
  processName: () => `${hostname().replace(/[^\w.-]/g, '-')}-${process.pid}`,
};

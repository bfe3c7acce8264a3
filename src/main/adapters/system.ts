/** Clock, timers and randomness of this machine: the real parts behind the ports. */
import { randomBytes, randomUUID } from 'node:crypto';
import { performance } from 'node:perf_hooks';
import { setImmediate as pauseOnce } from 'node:timers/promises';
import type { Clock, Ids, Timers } from '../../gateway/ports.js';
import type { Clocks, LoopTimers } from '../../scheduler/ports.js';

export const systemClocks: Clocks & Clock = {
  wallMs: () => Date.now(),
  nowMs: () => Date.now(),
  monotonicMs: () => performance.now(),
};

export const systemTimers: LoopTimers & Timers = {
  after(delayMs, run) {
    const timer = setTimeout(run, delayMs);
    return () => clearTimeout(timer);
  },
  every(periodMs, run) {
    const timer = setInterval(run, periodMs);
    timer.unref();
    return () => clearInterval(timer);
  },
  pause: () => pauseOnce(undefined),
};

export const systemIds: Ids = { next: () => randomUUID() };

/** 16 random bytes that name this process in the turns that it writes. */
export function randomWriter(): Uint8Array {
  return randomBytes(16);
}

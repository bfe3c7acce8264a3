/** Clock, timers and randomness of this machine: the real parts behind the ports. */
import { randomBytes } from 'node:crypto';
import { performance } from 'node:perf_hooks';
import { setImmediate as pauseOnce } from 'node:timers/promises';
import type { Clock, Ids, Timers } from '../../edge/ports.js';
import type { Clocks, LoopTimers } from '../../scheduler/ports.js';

export const systemClocks: Clocks & Clock = {
  wallMs: () => Date.now(),
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

/** 72 random bits of this process, and a counter: an id that is in every input is short, and costs no randomness. */
const PROCESS = randomBytes(9).toString('base64url');
let ids = 0;

export const systemIds: Ids = { next: () => `${PROCESS}-${(ids++).toString(36)}` };

/** 16 random bytes that name this process in the turns that it writes. */
export function randomWriter(): Uint8Array {
  return randomBytes(16);
}

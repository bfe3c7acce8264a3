import { describe, expect, it } from 'vitest';
import type { LoopTimers } from '../../../src/scheduler/ports.js';
import { orAfter } from '../../../src/scheduler/time/or-after.js';

/** Timers that run when the test says so. */
function handTimers() {
  const set = new Map<number, () => void>();
  const timers: LoopTimers = {
    after(delayMs, run) {
      set.set(delayMs, run);
      return () => void set.delete(delayMs);
    },
    pause: () => Promise.resolve(),
  };
  return { timers, set };
}

describe('waiting for something, but not for long', () => {
  it('ends with what it waits for, and leaves no timer behind', async () => {
    const { timers, set } = handTimers();
    let finish = (): void => undefined;
    const over = new Promise<void>((resolve) => {
      finish = resolve;
    });
    const waited = orAfter(over, 2, timers);
    expect([...set.keys()]).toEqual([2]);
    finish();
    await waited;
    expect(set.size).toBe(0);
  });

  it('ends when the time is up, whatever it waits for', async () => {
    const { timers, set } = handTimers();
    const waited = orAfter(new Promise<void>(() => undefined), 2, timers);
    set.get(2)!();
    await waited;
  });
});

/** The leader's loop on parts in memory: how it ends, and what it does with inputs for which a turn has no room. */
import { expect, it } from 'vitest';
import { sealInput } from '../../../src/catalogue/codec.js';
import { Code } from '../../../src/catalogue/generated/codes.js';
import type { InputEntry } from '../../../src/catalogue/generated/types.js';
import { MAX_EVENTS_BEFORE_PLAN } from '../../../src/kernel/limits.js';
import { openMemoryFabric } from '../../support/fabric/memory-fabric.js';
import { registration } from '../../support/kernel/build.js';
import { MemoryJournal } from '../../support/memory/journal.js';
import { ManualTimers } from '../../support/timers.js';

const clocks = { monotonicMs: () => 0, wallMs: () => 1_700_000_000_000 };

it('one that has nothing to do stops at once, whatever its timers wait for, and leaves none of them', async () => {
  const timers = new ManualTimers();
  const fabric = await openMemoryFabric(clocks, new MemoryJournal('main'), timers);
  // Of its sleep, and of the watch for stalls.
  await expect.poll(() => timers.delays).toBe(2);
  await fabric.close();
  expect(timers.delays).toBe(0);
});

it('takes inputs for which a turn had no room with the next one, in the order in which they came', async () => {
  const fabric = await openMemoryFabric(clocks);
  // As many leases as a turn may have events.
  const held = Array.from({ length: MAX_EVENTS_BEFORE_PLAN }, (_, i) => ({
    lease: { dag: 1, job: 0, attempt: 1, token: i },
    slots: 1,
  }));
  const inputs = ['a', 'b', 'c'].map((executor) => {
    const sender = { inputId: executor, receivedAtMs: 0, principal: null, traceparent: null };
    const body = registration(executor, executor === 'b' ? { held } : {});
    return sealInput(Code.RegisterExecutor, sender, body) as InputEntry;
  });
  const [a, b, c] = await Promise.all(inputs.map((input) => fabric.inbox.put(input)));
  expect(b!.turn).toBe(a!.turn + 1);
  expect([c!.turn, c!.index > b!.index]).toEqual([b!.turn, true]);
  await fabric.close();
});

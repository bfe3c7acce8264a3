/** What becomes of inputs when the journal takes no more turns (faults: 17). */
import { expect, it } from 'vitest';
import { sealInput } from '../../../src/catalogue/codec.js';
import { Code } from '../../../src/catalogue/generated/codes.js';
import type { InputEntry } from '../../../src/catalogue/generated/types.js';
import { FateOpen, NotReady } from '../../../src/inbox/port.js';
import { openMemoryFabric } from '../../support/fabric/memory-fabric.js';
import { registration } from '../../support/kernel/build.js';
import { MemoryJournal } from '../../support/memory/journal.js';

const clocks = { monotonicMs: () => 0, wallMs: () => 1_700_000_000_000 };
const senderOf = (inputId: string) => ({ inputId, receivedAtMs: 0, principal: null, traceparent: null });

it('nobody is let in where the first turn of a reign can not be written', async () => {
  const journal = new MemoryJournal('main');
  // Not at once: who is told too early that there is a leader is told it before that.
  journal.append = () => new Promise((_, reject) => setImmediate(reject, new Error('the disk is gone')));
  await expect(openMemoryFabric(clocks, journal)).rejects.toThrow('the disk is gone');
});

it('the turn that fails leaves the fate of its inputs open, the one computed behind it was never appended', async () => {
  const journal = new MemoryJournal('main');
  const fabric = await openMemoryFabric(clocks, journal);
  let appends = 0;
  let fail = (_: Error): void => undefined;
  journal.append = () => {
    appends += 1;
    return new Promise((_, reject) => {
      fail = reject;
    });
  };
  const errors = ['a', 'b'].map(async (executor) => {
    const input = sealInput(Code.RegisterExecutor, senderOf(executor), registration(executor, {}));
    if (executor === 'b') await expect.poll(() => appends).toBe(1);
    return fabric.inbox.put(input as InputEntry).catch((error: unknown) => error);
  });
  await expect.poll(() => appends + fabric.leader.turn).toBe(1 + 3);
  fail(new Error('the disk is gone'));
  expect(await errors[0]).toBeInstanceOf(FateOpen);
  expect(await errors[1]).toBeInstanceOf(NotReady);
  expect([appends, journal.head().turn]).toEqual([1, 1]);
  const late = sealInput(Code.RegisterExecutor, senderOf('c'), registration('c', {}));
  await expect(fabric.inbox.put(late as InputEntry)).rejects.toBeInstanceOf(NotReady);
  await fabric.close();
});

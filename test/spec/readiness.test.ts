/** What `/readyz` says of a fabric on files: whether what is sent now would be taken. */
import { expect, it } from 'vitest';
import { sealInput } from '../../src/catalogue/codec.js';
import { Code } from '../../src/catalogue/generated/codes.js';
import type { InputEntry } from '../../src/catalogue/generated/types.js';
import { serve } from '../../src/main/fabric.js';
import { openMemoryFabric } from '../support/fabric/memory-fabric.js';
import { registration } from '../support/kernel/build.js';
import { MemoryJournal } from '../support/memory/journal.js';

/** A fabric whose disk takes nothing until it is let, at a time that the test sets. */
async function onHangingDisk() {
  const clocks = { now: 0, monotonicMs: () => clocks.now, wallMs: () => 1_700_000_000_000 + clocks.now };
  const journal = new MemoryJournal('main');
  const embedded = await openMemoryFabric(clocks, journal);
  const append = journal.append.bind(journal);
  let goOn = (): void => undefined;
  const hangs = new Promise<void>((resolve) => {
    goOn = resolve;
  });
  journal.append = async (...turn) => {
    await hangs;
    await append(...turn);
  };
  return { clocks, embedded, fabric: serve(embedded), goOn };
}

function register(id: string): InputEntry {
  const envelope = { inputId: id, receivedAtMs: 0, principal: null, traceparent: null };
  return sealInput(Code.RegisterExecutor, envelope, registration(id, {})) as InputEntry;
}

it('is not ready while the disk holds a turn up for longer than a moment', async () => {
  const { clocks, embedded, fabric, goOn } = await onHangingDisk();
  clocks.now += 600_000;
  expect(fabric.notReady()).toBeNull();
  const answer = embedded.inbox.put(register('a'));
  await expect.poll(() => embedded.leader.turn).toBeGreaterThan(embedded.journal.head().turn);
  clocks.now += 4_999;
  expect(fabric.notReady()).toBeNull();
  clocks.now += 7_001;
  expect(fabric.notReady()).toBe('the journal has not taken a turn for 12 s');
  goOn();
  await answer;
  await expect.poll(() => fabric.notReady()).toBeNull();
  await fabric.close();
});

it('counts from when the disk was given the turn that it holds, whatever was computed since', async () => {
  const { clocks, embedded, fabric, goOn } = await onHangingDisk();
  const computed = async (id: string): Promise<void> => {
    const { turn } = embedded.leader;
    answers.push(embedded.inbox.put(register(id)));
    await expect.poll(() => embedded.leader.turn).toBeGreaterThan(turn);
  };
  const answers: Promise<unknown>[] = [];
  await computed('a');
  clocks.now += 4_000;
  await computed('b');
  clocks.now += 2_000;
  expect(fabric.notReady()).toBe('the journal has not taken a turn for 6 s');
  goOn();
  await Promise.all(answers);
  await fabric.close();
});

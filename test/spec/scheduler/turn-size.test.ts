/** A turn of very many inputs keeps everybody else waiting: how many it takes follows how long turns take. */
import { describe, expect, it } from 'vitest';
import { sealInput } from '../../../src/catalogue/codec.js';
import { Code } from '../../../src/catalogue/generated/codes.js';
import type { InputEntry } from '../../../src/catalogue/generated/types.js';
import { EmbeddedInbox, MAX_WAITING, MAX_WAITING_BYTES } from '../../../src/inbox/embedded.js';
import { FULL } from '../../../src/inbox/port.js';
import { TurnSize } from '../../../src/scheduler/turn-size.js';
import { openMemoryFabric } from '../../support/fabric/memory-fabric.js';
import { job, submission } from '../../support/kernel/build.js';

function submitted(n: number): InputEntry {
  const sender = { inputId: `i-${n}`, receivedAtMs: 0, principal: null, traceparent: null };
  return sealInput(Code.SubmitDag, sender, submission(`d-${n}`, [job('a')]));
}

/** How many inputs each turn took of so many that came at once, where every look at the clock takes so long. */
async function takenPerTurn(inputs: number, lookMs: number): Promise<readonly number[]> {
  let now = 0;
  const monotonicMs = (): number => {
    now += lookMs;
    return now;
  };
  const fabric = await openMemoryFabric({ monotonicMs, wallMs: () => 1_700_000_000_000 });
  const taken: number[] = [];
  fabric.outbox.subscribe(({ entries }) => void taken.push(entries.filter((entry) => 'envelope' in entry).length));
  const all = Array.from({ length: inputs }, (_, n) => submitted(n));
  let open = all.length;
  await new Promise<void>((resolve) => {
    fabric.inbox.putEach(all, () => {
      open -= 1;
      if (open === 0) resolve();
    });
  });
  await fabric.close();
  return taken.filter((count) => count > 0);
}

describe('how many inputs a turn takes', () => {
  it('grows from few, as a process that has just started is slow, to as many as a turn may have', async () => {
    const taken = await takenPerTurn(3_000, 0.01);
    expect(taken.slice(0, 3)).toEqual([256, 512, 1_024]);
    expect(taken.reduce((sum, count) => sum + count, 0)).toBe(3_000);
  });

  it('stays small where turns take long', async () => {
    expect(await takenPerTurn(1_500, 60)).toEqual([256, 256, 256, 256, 256, 220]);
  });

  it('shrinks again, also by a turn that had room for more, but not by one of few', () => {
    const size = new TurnSize();
    for (let n = 0; n < 10; n++) size.adapt(size.next, 1);
    expect(size.next).toBe(4_096);
    size.adapt(255, 1_000);
    expect(size.next).toBe(4_096);
    size.adapt(4_096, 1_000);
    expect(size.next).toBe(2_048);
    size.adapt(2_048, 50);
    size.adapt(2_047, 1);
    expect(size.next).toBe(2_048);
    size.adapt(1_000, 1_000);
    expect(size.next).toBe(500);
  });
});

it('A full inbox makes no error of its own for each input that it has no room for', () => {
  const inbox = new EmbeddedInbox();
  inbox.open();
  const told: unknown[] = [];
  const one = submitted(0);
  inbox.putEach(new Array<InputEntry>(MAX_WAITING + 1_000).fill(one), (_, outcome) => void told.push(outcome));
  expect(told.length).toBe(1_000);
  expect(new Set(told).size).toBe(1);
});

it('An inbox takes no more bytes than it has room for, but one input of any size when nothing else waits', () => {
  const inbox = new EmbeddedInbox();
  inbox.open();
  const takes = (bytes: number): boolean => {
    let isTaken = true;
    const sized = { ...submitted(0), encoded: { length: bytes } } as unknown as InputEntry;
    inbox.putEach([sized], (_, outcome) => {
      isTaken = outcome !== FULL;
    });
    return isTaken;
  };
  const half = MAX_WAITING_BYTES / 2;
  expect([takes(half), takes(half), takes(half - 1_000), takes(1_000)]).toEqual([true, false, true, false]);
  const taken = inbox.take(1, Number.POSITIVE_INFINITY);
  expect(takes(1_000)).toBe(true);
  inbox.giveBack(taken);
  expect(takes(1)).toBe(false);
  inbox.take(3, Number.POSITIVE_INFINITY);
  expect([takes(2 * MAX_WAITING_BYTES), takes(1)]).toEqual([true, false]);
});

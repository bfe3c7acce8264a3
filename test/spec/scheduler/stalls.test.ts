/** Who was not there, or stood still, has lost no executor, whatever it comes to first when it goes on (faults: 4, 23). */
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { sealInput } from '../../../src/catalogue/codec.js';
import { Code } from '../../../src/catalogue/generated/codes.js';
import type { EventEntry } from '../../../src/catalogue/generated/types.js';
import { decodeTurn } from '../../../src/catalogue/turn.js';
import type { InputSource } from '../../../src/inbox/port.js';
import { openMemoryFabric, puttingInto } from '../../support/fabric/memory-fabric.js';
import { registration } from '../../support/kernel/build.js';
import { MemoryJournal, type MemoryLog } from '../../support/memory/journal.js';
import { ManualTimers } from '../../support/timers.js';

const CELL = 'main';
const START_MS = 1_700_000_000_000;
const SESSION_MS = 2_000;
/** A look for stalls comes in less, in ms. */
const WATCHED_MS = 400;

/** A fabric whose clocks show what a test says, and what its turns say; `now` is when it is opened. */
async function openStill(now = 0, log: MemoryLog = []) {
  const fabric = await openMemoryFabric(
    { monotonicMs: () => now, wallMs: () => START_MS + now },
    new MemoryJournal(CELL, log),
  );
  const events: EventEntry[] = [];
  fabric.outbox.subscribe(({ entries }) => void events.push(...(entries as EventEntry[])));
  const put = puttingInto(fabric);
  const pass = (ms: number): void => {
    now += ms;
  };
  return { fabric, put, pass, events };
}

/** Of each turn: for how long it says that nobody could act, and for how long gaps have told it up to there, in ms. */
function stoppedBy(log: MemoryLog) {
  let told = 0;
  return log.map(({ bytes }) => {
    const { stoppedMs: said, entries } = decodeTurn(bytes);
    for (const entry of entries) if (entry.code === Code.TimeLeapt) told += entry.body.gapMs;
    return { said, told };
  });
}

describe('a process that stood still for longer than sessions last', () => {
  it.each([
    ['once', [10_000]],
    ['twice, one right after the other', [4_000, 6_000]],
  ])('%s, and meets an input before its timers, tells the gap in that turn', async (_how, stalls) => {
    const log: MemoryLog = [];
    const { fabric, put, pass, events } = await openStill(0, log);
    for (const executor of ['a', 'b'])
      await put(Code.RegisterExecutor, registration(executor, { sessionMs: SESSION_MS }));
    for (const ms of stalls) {
      pass(ms);
      await put(Code.Heartbeat, { executor: 'a', incarnation: 'a-1' });
    }
    await fabric.close();
    expect(events.filter(({ code }) => code === Code.ExecutorLost)).toEqual([]);
    const gaps = events.flatMap((entry) => (entry.code === Code.TimeLeapt ? [entry.body.gapMs] : []));
    const total = gaps.reduce((sum, gap) => sum + gap, 0);
    const stalled = stalls.reduce((sum, ms) => sum + ms, 0);
    expect(total).toBeGreaterThan(stalled - 500 * stalls.length);
    expect(total).toBeLessThanOrEqual(stalled);
    // For all else that takes its time while somebody can act, as what attempts may last.
    for (const { said, told } of stoppedBy(log)) expect(said).toBe(told);
  });
});

describe('a process that could not read callbacks for a while', () => {
  /** Executors that are lost after two executors had sessions, one of which was heard of now and then. */
  async function lostAfter(isUnheard: boolean): Promise<number> {
    const { fabric, put, pass, events } = await openStill();
    for (const executor of ['a', 'b'])
      await put(Code.RegisterExecutor, registration(executor, { sessionMs: SESSION_MS }));
    for (const from of [0, 900, 1800]) {
      pass(900);
      if (isUnheard && from === 900) (fabric.inbox as InputSource).onUnheard?.(300, 1700);
      await put(Code.Heartbeat, { executor: 'a', incarnation: 'a-1' });
      // So that nobody takes the steps of this clock for stalls.
      await sleep(WATCHED_MS);
    }
    await fabric.close();
    return events.filter(({ code }) => code === Code.ExecutorLost).length;
  }

  it('gives every executor a whole session to be heard', async () => {
    expect(await lostAfter(false)).toBe(1);
    expect(await lostAfter(true)).toBe(0);
  });

  it('ends no session by a turn before which it had read on only after its gaps were taken', async () => {
    const log: MemoryLog = [];
    const { fabric, put } = await openStill(0, log);
    const inbox: InputSource = fabric.inbox;
    let isCaughtUp = false;
    Object.defineProperty(inbox, 'isCaughtUp', { get: () => isCaughtUp });
    const read: Pick<InputSource, 'take' | 'takeLost'> = Object.getPrototypeOf(inbox);
    inbox.take = (...bounds) => {
      isCaughtUp = false;
      return read.take.apply(inbox, bounds);
    };
    // Gaps are taken at the same moment.
    inbox.takeLost = () => {
      isCaughtUp = true;
      return read.takeLost.apply(inbox);
    };
    await put(Code.RegisterExecutor, registration('a', { sessionMs: SESSION_MS }));
    expect(decodeTurn(log.at(-1)!.bytes).caughtUp).toBe(false);
    await fabric.close();
  });
});

/** Until when, of running time, each leader of a log lost no executor. */
function patienceOf(log: MemoryLog): number[] {
  const entries = log.flatMap(({ bytes }) => decodeTurn(bytes).entries as EventEntry[]);
  return entries.flatMap((entry) => (entry.code === Code.LeaderElected ? [entry.body.noLossBeforeMs] : []));
}

describe('a leader that comes after another', () => {
  it('gives every executor the longest of their sessions to be heard before it loses one', async () => {
    const log: MemoryLog = [];
    const first = await openStill(0, log);
    for (const [executor, sessionMs] of [
      ['a', SESSION_MS],
      ['b', 60_000],
      ['c', 30_000],
    ] as const) {
      await first.put(Code.RegisterExecutor, registration(executor, { sessionMs }));
    }
    await first.fabric.close();
    const second = await openStill(10_000, log);
    await second.fabric.close();
    expect(patienceOf(log)).toEqual([START_MS, START_MS + 60_000]);
  });
});

/** Makes a journal write no turn before what it gives is called. */
function holdUp(journal: MemoryJournal): () => void {
  const append = journal.append.bind(journal);
  let write = (): void => undefined;
  const slow = new Promise<void>((resolve) => {
    write = resolve;
  });
  journal.append = async (...turn) => {
    await slow;
    await append(...turn);
  };
  return write;
}

it('a process whose journal took long to write a turn gives every executor a whole session', async () => {
  let now = 0;
  const timers = new ManualTimers();
  const journal = new MemoryJournal(CELL);
  const fabric = await openMemoryFabric({ monotonicMs: () => now, wallMs: () => START_MS + now }, journal, timers);
  const events: EventEntry[] = [];
  fabric.outbox.subscribe(({ entries }) => void events.push(...(entries as EventEntry[])));
  const put = puttingInto(fabric);
  const beat = () => put(Code.Heartbeat, { executor: 'a', incarnation: 'a-1' });
  await put(Code.RegisterExecutor, registration('a', { sessionMs: SESSION_MS }));
  const begun = fabric.leader.turn;
  const write = holdUp(journal);
  // Of two turns the one is written, and the other computed behind it.
  const beats = [beat()];
  await expect.poll(() => fabric.leader.turn).toBe(begun + 1);
  beats.push(beat());
  await expect.poll(() => fabric.leader.turn).toBe(begun + 2);
  // Bit by bit, so that nobody takes the steps of this clock for stalls.
  for (; now < 5 * SESSION_MS; now += 200) timers.fireDelays();
  write();
  await Promise.all(beats);
  await fabric.close();
  const codes = events.map(({ code }) => code);
  expect(codes).toContain(Code.TimeLeapt);
  expect(codes).not.toContain(Code.ExecutorLost);
});

describe('a leader that ends, and took no heartbeat that had come by then, loses no executor', () => {
  const sender = { inputId: 'i', receivedAtMs: 0, principal: null, traceparent: null };
  const beat = sealInput(Code.Heartbeat, sender, { executor: 'a', incarnation: 'a-1' });

  /** A fabric with a session; `end` stops it when that has run out, and gives the codes of all that it has told then. */
  async function openLong() {
    const log: MemoryLog = [];
    let now = 0;
    const timers = new ManualTimers();
    const journal = new MemoryJournal(CELL, log);
    const fabric = await openMemoryFabric({ monotonicMs: () => now, wallMs: () => START_MS + now }, journal, timers);
    await fabric.inbox.put(sealInput(Code.RegisterExecutor, sender, registration('a', { sessionMs: SESSION_MS })));
    const end = async (meanwhile: () => void) => {
      // Bit by bit, so that nobody takes the steps of this clock for stalls; at once, so that no turn is made before.
      for (; now < 2 * SESSION_MS; now += 200) timers.fireDelays();
      const refused = expect(fabric.inbox.put(beat)).rejects.toMatchObject({ code: 'not-ready' });
      const closed = fabric.close();
      await new Promise(setImmediate);
      meanwhile();
      await Promise.all([refused, closed]);
      const codes = log.flatMap(({ bytes }) => decodeTurn(bytes).entries.map(({ code }) => code));
      expect(codes).toContain(Code.LeaderResigned);
      expect(codes).not.toContain(Code.ExecutorLost);
    };
    return { fabric, journal, end };
  }

  it('by its last turn', async () => {
    const { end } = await openLong();
    await end(() => undefined);
  });

  it('by a large turn that waited for the append before it', async () => {
    const { fabric, journal, end } = await openLong();
    const write = holdUp(journal);
    const begun = fabric.leader.turn;
    const first = fabric.inbox.put(beat);
    await expect.poll(() => fabric.leader.turn).toBe(begun + 1);
    fabric.inbox.putEach(new Array<typeof beat>(1_000).fill(beat), () => undefined);
    for (let n = 0; n < 3; n++) await new Promise(setImmediate);
    await end(write);
    await first;
  });
});

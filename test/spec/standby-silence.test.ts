/** When a standby leads: not for what it has not heard while it was busy, and only from the journal's end on. */
import { expect, it } from 'vitest';
import { encodeTurn } from '../../src/catalogue/turn.js';
import type { Followed, JournalRecord, SharedJournal } from '../../src/journal/port.js';
import { emptyHead } from '../../src/journal/rule.js';
import { Kernel } from '../../src/kernel/kernel.js';
import { LAYOUT } from '../../src/kernel/rows/tables.js';
import { EmbeddedOutbox } from '../../src/outbox/embedded.js';
import { ColdRows } from '../../src/scheduler/rows/cold.js';
import { Materializer } from '../../src/scheduler/rows/materializer.js';
import { Standby, type StandbyParts } from '../../src/scheduler/standby.js';
import { turnOf } from '../support/journal-turns.js';
import { openMemoryStore } from '../support/memory/open-store.js';

const CELL = 'main';
const EPOCH_MS = 1_800_000_000_000;
const SILENCE_MS = 1500;
const LOOK_MS = 200;
/** Turns of a leader that writes one before each look, and then is silent. */
const TURNS = 5;

/** A turn in which nothing has happened. */
function emptyTurn(kernel: Kernel, turn: number): JournalRecord {
  const bytes = encodeTurn({ ...turnOf(turn, []), stateHash: kernel.state.hash.toBytes() });
  return { turn, bytes, hash: new Uint8Array(32) };
}

/**
 * A standby whose clock shows `time.nowMs`, and whose looks at the journal are these. `resigned`: so its last turn says. As
 * a rule each turn waits for the store to have it.
 */
async function standbyOf(
  time: { nowMs: number },
  follow: (kernel: Kernel) => Followed,
  { resigned = false, maxDirty = -1 } = {},
) {
  const kernel = new Kernel();
  const { store } = await openMemoryStore({ cell: CELL, layout: LAYOUT });
  const journal: Pick<SharedJournal, 'head' | 'follow'> = {
    head: emptyHead,
    async follow() {
      time.nowMs += LOOK_MS;
      return follow(kernel);
    },
  };
  const parts: StandbyParts = {
    cell: CELL,
    kernel,
    journal: journal as SharedJournal,
    materializer: new Materializer(kernel.state, store, new ColdRows(store)),
    outbox: new EmbeddedOutbox(0),
    clocks: { monotonicMs: () => time.nowMs, wallMs: () => EPOCH_MS + time.nowMs },
    timers: { after: () => () => undefined, pause: async () => undefined },
    batches: { dirtyPerBatch: 0, bytesPerBatch: 0, afterMs: 0, maxDirty, maxBytes: 0 },
    silenceMs: SILENCE_MS,
    isPassing: () => false,
  };
  const at = { turn: 0, at: EPOCH_MS, stoppedMs: 0, events: 0, resigned, published: 0 };
  return { standby: new Standby(parts, at), store };
}

it('does not lead because its own store was slow, and leads once the leader is silent', async () => {
  const time = { nowMs: 0 };
  let looks = 0;
  const { standby, store } = await standbyOf(time, (kernel) => {
    looks += 1;
    return { records: looks <= TURNS ? [emptyTurn(kernel, looks)] : [], isAtEnd: true };
  });
  const write = store.write.bind(store);
  store.write = async (operations, position) => {
    time.nowMs += 2 * SILENCE_MS;
    return write(operations, position);
  };
  expect(await standby.run()).toBe('silent');
  expect([standby.turn, looks]).toEqual([TURNS, TURNS + Math.ceil(SILENCE_MS / LOOK_MS)]);
});

it('leads only from the end of the journal on, whatever it has come by on the way there', async () => {
  const looks = [false, false, true].values();
  const { standby } = await standbyOf(
    { nowMs: 0 },
    (kernel) => {
      const { value: isAtEnd, done } = looks.next();
      if (done) return { records: [], isAtEnd: true };
      return { records: isAtEnd ? [emptyTurn(kernel, 1)] : [], isAtEnd };
    },
    { resigned: true },
  );
  expect(await standby.run()).toBe('silent');
  expect(standby.turn).toBe(1);
});

it('has stored what it folded before it ends: who leads then writes to the same store', async () => {
  const turns = [1].values();
  const { standby, store } = await standbyOf(
    { nowMs: 0 },
    (kernel) => ({ records: [...turns].map((turn) => emptyTurn(kernel, turn)), isAtEnd: true }),
    { maxDirty: 0 },
  );
  const write = store.write.bind(store);
  store.write = async (operations, position) => {
    await new Promise(setImmediate);
    await write(operations, position);
  };
  expect(await standby.run()).toBe('silent');
  expect(store.position()?.turn).toBe(1);
});

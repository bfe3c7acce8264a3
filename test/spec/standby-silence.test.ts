/** A standby that was busy has not heard the leader for a while, and must not take that for its silence. */
import { expect, it } from 'vitest';
import { encodeTurn } from '../../src/catalogue/turn.js';
import type { Followed, JournalRecord, SharedJournal } from '../../src/journal/port.js';
import { emptyHead } from '../../src/journal/rule.js';
import { Kernel } from '../../src/kernel/kernel.js';
import { LAYOUT } from '../../src/kernel/tables.js';
import { EmbeddedOutbox } from '../../src/outbox/embedded.js';
import { ColdRows } from '../../src/scheduler/cold.js';
import { Materializer } from '../../src/scheduler/materializer.js';
import { Standby, type StandbyParts } from '../../src/scheduler/standby.js';
import { openMemoryStore } from '../../src/store/memory/open.js';
import { turnOf } from '../support/journal-turns.js';

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

it('does not lead because its own store was slow, and leads once the leader is silent', async () => {
  let nowMs = 0;
  let looks = 0;
  const kernel = new Kernel();
  const { store } = await openMemoryStore({ cell: CELL, layout: LAYOUT });
  const write = store.write.bind(store);
  store.write = async (operations, position) => {
    nowMs += 2 * SILENCE_MS;
    return write(operations, position);
  };
  const journal: Pick<SharedJournal, 'head' | 'follow'> = {
    head: emptyHead,
    async follow(): Promise<Followed> {
      looks += 1;
      nowMs += LOOK_MS;
      return { records: looks <= TURNS ? [emptyTurn(kernel, looks)] : [], isAtEnd: true };
    },
  };
  const parts: StandbyParts = {
    cell: CELL,
    kernel,
    journal: journal as SharedJournal,
    materializer: new Materializer(kernel.state, store, new ColdRows(store)),
    outbox: new EmbeddedOutbox(0),
    clocks: { monotonicMs: () => nowMs, wallMs: () => EPOCH_MS + nowMs },
    timers: { after: () => () => undefined, pause: async () => undefined },
    // Each turn waits for the store to have it.
    batches: { dirtyPerBatch: 0, bytesPerBatch: 0, afterMs: 0, maxDirty: -1, maxBytes: 0 },
    silenceMs: SILENCE_MS,
    isPassing: () => false,
  };
  const at = { turn: 0, at: EPOCH_MS, stoppedMs: 0, events: 0, resigned: false, published: 0 };
  const standby = new Standby(parts, at);
  expect(await standby.run()).toBe('silent');
  expect([standby.turn, looks]).toEqual([TURNS, TURNS + Math.ceil(SILENCE_MS / LOOK_MS)]);
});

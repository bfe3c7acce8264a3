/**
 * A process that folds a journal into a store as a fabric does, and says what it has come to:
 * `fold-process FOLDER STORE DIRTY ORDER`. STORE is `memory` or the folder of a RocksDB store; DIRTY is how many rows
 * may wait to be stored; ORDER is `forwards`, or `backwards`: segments are opened from the last to the first.
 */
import { createHash } from 'node:crypto';
import { decodeTurnHeader } from '../../../src/catalogue/turn.js';
import { nodeDisk } from '../../../src/journal/files/node-disk.js';
import { openForReading } from '../../../src/journal/files/reader.js';
import { listSegments } from '../../../src/journal/files/segment.js';
import type { JournalReader, JournalRecord } from '../../../src/journal/port.js';
import { State } from '../../../src/kernel/rows/state.js';
import { LAYOUT } from '../../../src/kernel/rows/tables.js';
import { catchUp, restore } from '../../../src/scheduler/recovery.js';
import { ColdRows } from '../../../src/scheduler/rows/cold.js';
import { Materializer } from '../../../src/scheduler/rows/materializer.js';
import { RestingDags } from '../../../src/scheduler/rows/resting-dags.js';
import { everything, type Store } from '../../../src/store/index.js';
import { openRocksStore } from '../../../src/store/rocksdb/open.js';
import { openMemoryStore } from '../memory/open-store.js';

const [folder = '', storeAt = '', dirty = '', order = ''] = process.argv.slice(2);

/** Reads the segments through readers that were opened one by one, the last segment first. */
async function backwards(): Promise<JournalReader> {
  const starts = await listSegments(nodeDisk, folder);
  const readers = new Map<number, AsyncIterator<JournalRecord>>();
  const firsts = new Map<number, IteratorResult<JournalRecord>>();
  for (const start of starts.toReversed()) {
    const turns = (await openForReading(nodeDisk, folder)).read(start)[Symbol.asyncIterator]();
    readers.set(start, turns);
    firsts.set(start, await turns.next());
  }
  return {
    firstTurn: () => starts[0] ?? 1,
    async *read() {
      for (const [i, start] of starts.entries()) {
        const turns = readers.get(start)!;
        const end = starts[i + 1] ?? Number.POSITIVE_INFINITY;
        let next = firsts.get(start)!;
        for (; next.done !== true && next.value.turn < end; next = await turns.next()) yield next.value;
        await turns.return?.();
      }
    },
  };
}

async function cellOf(journal: JournalReader): Promise<string> {
  for await (const { bytes } of journal.read(1)) return decodeTurnHeader(bytes).cell;
  throw new Error('the journal is empty');
}

function opened(cell: string): Promise<{ readonly store: Store }> {
  const identity = { cell, layout: LAYOUT };
  return storeAt === 'memory' ? openMemoryStore(identity) : openRocksStore({ ...identity, dir: storeAt });
}

function fresh(store: Store): Materializer {
  return new Materializer(new State(), store, new ColdRows(store), new RestingDags(0));
}

/** The bytes of all rows of a store, key by key. */
async function digestOf(store: Store): Promise<string> {
  const hash = createHash('sha256');
  const { from, to } = everything();
  for await (const chunk of store.scan(from, to)) {
    for (const { key, value } of chunk) hash.update(key).update(value);
  }
  return hash.digest('hex');
}

const forwards = await openForReading(nodeDisk, folder);
const cell = await cellOf(forwards);
const journal = order === 'backwards' ? await backwards() : forwards;
const turns = createHash('sha256');
let head: { readonly turn: number; readonly hash: Uint8Array } = { turn: 0, hash: new Uint8Array(32) };
const watched: JournalReader = {
  firstTurn: () => journal.firstTurn(),
  async *read(fromTurn) {
    for await (const record of journal.read(fromTurn)) {
      yield record;
      // It has been folded, and its state hash was compared.
      head = { turn: record.turn, hash: record.hash };
      turns.update(materializer.state.hash.toBytes());
    }
  },
};
const first = (await opened(cell)).store;
const materializer = fresh(first);
await catchUp(materializer, watched, { cell, dirtyPerBatch: Number(dirty) });
const stateHash = materializer.state.hash.toBytes();
await materializer.write(materializer.drain({ cell, ...head, stateHash }));
const rows = await digestOf(first);
let restored = first;
if (storeAt !== 'memory') {
  await first.close();
  restored = (await opened(cell)).store;
}
const again = fresh(restored);
await restore(again);
await restored.close();
const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
const surroundings = { zone: new Date(0).getTimezoneOffset(), comma: (1.5).toLocaleString() };
const report = { turn: head.turn, hash: hex(head.hash), stateHash: hex(stateHash), turns: turns.digest('hex'), rows };
console.log(JSON.stringify({ ...report, restored: hex(again.state.hash.toBytes()), surroundings }));

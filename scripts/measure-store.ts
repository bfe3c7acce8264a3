/**
 * Measures the store on RocksDB and the codec of rows, in a folder beside the system's temporary ones.
 * `npx tsx scripts/measure-store.ts`
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FieldType } from '../src/kernel/rows/table.js';
import { allCold, coldKey, coldOf } from '../src/store/keys.js';
import type { Store, StorePosition } from '../src/store/port.js';
import { openRocksStore } from '../src/store/rocksdb/open.js';
import { BLOCK_ROWS, RowCodec, type RowColumns } from '../src/store/row-codec.js';

const BATCHES = 30;
const OPERATIONS = 10_000;
const VALUE_BYTES = 1024;
const ROWS = 1 << 20;

const IDENTITY = { cell: 'main', layout: 1 };

function positionOf(turn: number): StorePosition {
  return { ...IDENTITY, turn, hash: new Uint8Array(32), stateHash: new Uint8Array(16) };
}

/** Runs the work and says how long it took, by the clock and by both kinds of processor time. */
async function timed(what: string, work: () => Promise<void> | void, tell: (ms: number) => string): Promise<void> {
  const before = process.cpuUsage();
  const start = performance.now();
  await work();
  const ms = performance.now() - start;
  const { user, system } = process.cpuUsage(before);
  console.log(`${what}: ${tell(ms)} (${ms.toFixed(0)} ms, ${((user + system) / 1000).toFixed(0)} ms of processor)`);
}

/** Bytes that pack to about two thirds. */
function bytesOf(seed: number): Uint8Array {
  return Uint8Array.from({ length: VALUE_BYTES }, (_, i) => (i % 3 === 0 ? 0 : Math.imul(seed + i, 0x9e3779b1) >>> 24));
}

const keyOf = (batch: number, row: number): Uint8Array => coldKey(1, batch * 100 + (row >> 7), row, 0);

async function writeAll(store: Store): Promise<void> {
  const values = Array.from({ length: OPERATIONS }, (_, i) => bytesOf(i));
  for (let batch = 0; batch < BATCHES; batch++) {
    await store.write(
      values.map((value, row) => ({ key: keyOf(batch, row), value })),
      positionOf(batch + 1),
    );
  }
}

async function scanAll(store: Store): Promise<void> {
  const { from, to } = allCold();
  for await (const _ of store.scan(from, to));
}

async function scanSmall(store: Store, scans: number): Promise<void> {
  for (let i = 0; i < scans; i++) {
    const { from, to } = coldOf(1, (i % BATCHES) * 100 + 77);
    for await (const _ of store.scan(from, to));
  }
}

async function lookUp(store: Store, count: number): Promise<void> {
  const times: number[] = [];
  for (let round = 0; round < 100; round++) {
    const keys = Array.from({ length: count }, (_, i) => {
      const row = (round * 7919 + i * 104_729) % (BATCHES * OPERATIONS);
      return keyOf(Math.floor(row / OPERATIONS), row % OPERATIONS);
    });
    const start = performance.now();
    await store.getMany(keys);
    times.push(performance.now() - start);
  }
  times.sort((a, b) => a - b);
  console.log(`getMany of ${count}: ${times[50]?.toFixed(2)} ms at the median, ${times[98]?.toFixed(2)} ms at most`);
}

async function measureStore(dir: string): Promise<void> {
  const { store } = await openRocksStore({ ...IDENTITY, dir });
  const mib = (BATCHES * OPERATIONS * VALUE_BYTES) / (1 << 20);
  await timed(
    `write ${BATCHES} batches of ${OPERATIONS}`,
    () => writeAll(store),
    (ms) => `${((mib / ms) * 1000).toFixed(0)} MiB/s`,
  );
  for (let i = 0; i < 2; i++)
    await timed(
      'scan all',
      () => scanAll(store),
      (ms) => `${((mib / ms) * 1000).toFixed(0)} MiB/s`,
    );
  await timed(
    'scan a few rows',
    () => scanSmall(store, 500),
    (ms) => `${(ms / 500).toFixed(2)} ms each`,
  );
  for (const count of [1, 10, 100, 500]) await lookUp(store, count);
  await store.close();
  const reopen = async (): Promise<void> => (await openRocksStore({ ...IDENTITY, dir })).store.close();
  await timed('open', reopen, () => `${mib.toFixed(0)} MiB`);
}

/** Twelve of 24 fields are set, as in a job's row. */
function columnsOf(types: readonly FieldType[]): RowColumns {
  return types.map((type, field) => {
    const column =
      type === 'f64' ? new Float64Array(ROWS) : type === 'u8' ? new Uint8Array(ROWS) : new Uint32Array(ROWS);
    if (field % 2 === 0)
      for (let i = 0; i < ROWS; i++) column[i] = type === 'f64' ? 1.7e12 + i : (i * (field + 1)) % 251;
    return column;
  });
}

async function measureCodec(): Promise<void> {
  const types = Array.from({ length: 24 }, (_, i): FieldType => (i % 6 === 0 ? 'f64' : i % 3 === 0 ? 'u8' : 'u32'));
  const columns = columnsOf(types);
  const codec = new RowCodec(types);
  const blocks: Uint8Array[] = [];
  const bits = new Uint32Array(2);
  const rate = (ms: number): string => `${(ROWS / ms / 1000).toFixed(1)} million rows a second`;
  for (let round = 0; round < 3; round++) {
    blocks.length = 0;
    const pack = (): void => {
      for (let i = 0; i < ROWS; i += BLOCK_ROWS) {
        blocks.push(codec.packBlock(columns, i, BLOCK_ROWS)!.slice());
      }
    };
    const unpack = (): void => {
      for (const [i, block] of blocks.entries()) codec.unpackBlock(block, columns, i * BLOCK_ROWS, bits);
    };
    await timed('pack blocks of 64 rows', pack, rate);
    await timed('unpack them', unpack, rate);
  }
}

const around = await mkdtemp(join(tmpdir(), 'marie-measure-'));
try {
  await measureStore(join(around, 'store'));
  await measureCodec();
} finally {
  await rm(around, { recursive: true, force: true });
}

import { Code } from '../catalogue/generated/codes.js';
import type { AnyEntry, TurnRecord } from '../catalogue/generated/types.js';
import { hex } from '../catalogue/hex.js';
import { decodeTurn } from '../catalogue/turn.js';
import type { JournalReader } from '../journal/port.js';
import type { ColdSink } from '../kernel/fold.js';
import { type Follower, foldTurn } from '../kernel/fold-turn.js';
import type { State } from '../kernel/rows/state.js';
import { TableId } from '../kernel/rows/tables.js';
import { allRows, coldBetween, decodeKey, jobBlocksBetween } from '../store/index.js';
import { ColdKind } from './rows/cold-rows.js';
import type { Materializer } from './rows/materializer.js';
import { edgesOf } from './rows/spec-row.js';

/** The state hash of a record differs from that of the fold: nothing after it can be trusted. */
export class StateDiverged extends Error {
  readonly code = 'state-diverged';
  constructor(
    readonly turn: number,
    readonly expected: string,
    readonly found: string,
  ) {
    super(`at turn ${turn} the journal says state hash ${expected}, the fold gives ${found}`);
  }
}

/** Where a fold stands. */
export interface FoldPosition {
  readonly turn: number;
  readonly at: number;
  readonly stoppedMs: number;
  /** Entries that were folded. */
  readonly events: number;
  /** Whether the leader of the last turn has resigned with it. */
  readonly resigned: boolean;
  /** The highest turn of which the last one says that its projections were acknowledged. */
  readonly published: number;
}

/** Where a fold stands after a turn, and so many entries. */
export function positionAfter(record: TurnRecord, events: number): FoldPosition {
  const { turn, at, stoppedMs, published, entries } = record;
  const resigned = entries.some(({ code }) => code === Code.LeaderResigned);
  return { turn, at, stoppedMs, events, resigned, published };
}

/**
 * Brings the rows of a store into memory: all but those of terminal DAGs, which stay where they are until they are
 * needed. The state hash is the position's.
 */
export async function restore(materializer: Materializer): Promise<void> {
  const { state, store } = materializer;
  const position = store.position();
  if (position === null) return;
  state.hash.fromBytes(position.stateHash);
  const dropped = new Set<number>();
  const rows = allRows();
  for await (const chunk of store.scan(rows.from, rows.to)) {
    for (const { key, value } of chunk) restoreRow(materializer, key, value, dropped);
  }
  const ranges = rangesOf(state);
  await restoreJobs(materializer, ranges, dropped);
  await restoreEdges(materializer, ranges);
}

function restoreRow(materializer: Materializer, key: Uint8Array, value: Uint8Array, dropped: Set<number>): void {
  const { state } = materializer;
  const name = decodeKey(key);
  if (name?.space !== 'row') return;
  const { table: id, keyA, keyB } = name;
  const table = state.tables[id];
  if (table === undefined) throw new Error(`assertion failed: the store has a row of table ${id}`);
  if (id === TableId.cell) {
    materializer.rows.installCell(value);
    return;
  }
  if (id === TableId.dag) {
    if (!materializer.rows.dags.restore(keyA, value)) dropped.add(keyA);
  } else if (id !== TableId.fan || !dropped.has(keyA)) materializer.rows.install(table, keyA, keyB, value);
}

/**
 * Most DAGs of a store have ended, and those that have not are often neighbours. What is in a gap of so many DAGs is
 * read and passed over: a scan of its own would cost more.
 */
const GAP_DAGS = 128;

/** The DAGs in memory by their numbers, as ranges that have them all and few others. */
function rangesOf({ dags }: State): readonly (readonly [first: number, last: number])[] {
  const numbers: number[] = [];
  dags.table.eachRow((row) => numbers.push(dags.keyA[row]!));
  numbers.sort((a, b) => a - b);
  const ranges: [number, number][] = [];
  for (const dag of numbers) {
    const last = ranges.at(-1);
    if (last !== undefined && dag - last[1] <= GAP_DAGS) last[1] = dag;
    else ranges.push([dag, dag]);
  }
  return ranges;
}

type Ranges = ReturnType<typeof rangesOf>;

async function restoreJobs(
  { state, store, rows }: Materializer,
  ranges: Ranges,
  dropped: ReadonlySet<number>,
): Promise<void> {
  for (const [first, last] of ranges) {
    const { from, to } = jobBlocksBetween(first, last);
    for await (const chunk of store.scan(from, to)) {
      for (const { key, value } of chunk) {
        const name = decodeKey(key);
        if (name?.space !== 'jobs' || dropped.has(name.dag)) continue;
        rows.installBlock(state.dags.find(name.dag), name.block, value);
      }
    }
  }
}

async function restoreEdges({ state, store }: Materializer, ranges: Ranges): Promise<void> {
  const { dags, space } = state;
  for (const [first, last] of ranges) {
    const { from, to } = coldBetween(ColdKind.spec, first, last);
    for await (const chunk of store.scan(from, to)) {
      for (const { key, value } of chunk) {
        const name = decodeKey(key);
        const dag = name?.space === 'cold' ? dags.find(name.dag) : 0;
        const jobs = dags.c.specJobs[dag]!;
        if (dag === 0 || jobs <= 1) continue;
        const { degrees, targets } = edgesOf(value, jobs);
        space.setEdges(dag, degrees, targets);
      }
    }
  }
}

/** DAGs that a recorded turn reads although they may have ended: they must be in memory before it is folded. */
function neededBy(record: TurnRecord): Set<number> {
  const dags = new Set<number>();
  for (const entry of record.entries) {
    if (entry.code === Code.DagReopened || entry.code === Code.DagForgotten) dags.add(entry.body.dag);
  }
  return dags;
}

/**
 * Folds one recorded turn, and checks its state hash. The same fold as live (law 4). `sink` takes the cold rows; they go
 * where the materializer has them, unless somebody has no use for some of them. Throws `StateDiverged`.
 */
export async function foldRecord(
  materializer: Materializer,
  record: TurnRecord,
  sink: ColdSink = materializer.cold.put,
  follower: Follower | null = null,
): Promise<void> {
  const { state } = materializer;
  await foldUnhashed(materializer, record, sink, follower);
  if (state.hash.equalsBytes(record.stateHash)) return;
  throw new StateDiverged(record.turn, hex(record.stateHash), hex(state.hash.toBytes()));
}

/** Folds a turn whatever state hash it says: of one that is being written nobody knows it before. */
export async function foldUnhashed(
  materializer: Materializer,
  record: TurnRecord,
  sink: ColdSink,
  follower: Follower | null,
): Promise<void> {
  const { state } = materializer;
  const needed = neededBy(record);
  if (needed.size > 0) await materializer.loader.load(needed);
  foldTurn(state, record, record.entries, sink, follower);
  state.accept();
  noteEnds(materializer, record.entries);
}

/** Tells the materializer which DAGs of a turn have ended. */
export function noteEnds(materializer: Materializer, entries: readonly AnyEntry[]): void {
  for (const entry of entries) {
    const hasEnded =
      entry.code === Code.DagSucceeded || entry.code === Code.DagFailed || entry.code === Code.DagCancelled;
    if (hasEnded) materializer.ended(entry.body.dag);
  }
}

/** Rows that may be dirty before a recovery stores them. */
const DIRTY_PER_BATCH = 200_000;

/** How a fold is brought up to date. */
export interface CatchUpOptions {
  readonly cell: string;
  /** Rows that may be dirty before they are stored. */
  readonly dirtyPerBatch?: number;
}

/**
 * Folds the journal's tail onto what the store stands for, up to the journal's end. Writes the store in large batches
 * on the way. Gives where the fold then stands. Throws `StateDiverged`.
 */
export async function catchUp(
  materializer: Materializer,
  journal: JournalReader,
  { cell, dirtyPerBatch = DIRTY_PER_BATCH }: CatchUpOptions,
): Promise<FoldPosition> {
  const stored = materializer.store.position()?.turn ?? 0;
  let position: FoldPosition = { turn: stored, at: 0, stoppedMs: 0, events: 0, resigned: false, published: 0 };
  for await (const { bytes, turn, hash } of journal.read(Math.max(1, stored))) {
    const record = decodeTurn(bytes, { submissions: 'keep' });
    const isFolded = turn <= stored;
    position = positionAfter(record, position.events + (isFolded ? 0 : record.entries.length));
    if (isFolded) continue;
    await foldRecord(materializer, record);
    if (materializer.dirty() < dirtyPerBatch) continue;
    await materializer.write(materializer.drain({ cell, turn, hash, stateHash: record.stateHash }));
    materializer.evictNow();
  }
  return position;
}

/** How a recorded turn differs from what the kernel decides in its place. */

import type { AnyEntry, TurnRecord } from '../src/catalogue/generated/types.js';
import { hex } from '../src/catalogue/hex.js';
import { toJson } from '../src/catalogue/json.js';
import { foldTurn } from '../src/kernel/fold-turn.js';
import type { State } from '../src/kernel/rows/state.js';
import { computeTurn } from './compute-turn.js';
import { requestOf } from './decide-again.js';
import { fold } from './fold.js';
import type { History } from './history.js';
import { Names } from './names.js';
import type { EntryDifference, EntryView, RowDifference, TurnDifferences } from './report.js';
import { nameOfRow } from './row-names.js';
import { type Values, valuesOf } from './row-values.js';
import type { ScratchFold } from './scratch-fold.js';

/** Entries and rows that are told; how many there are in all is told, too. */
const MOST_ENTRIES = 5;
const MOST_ROWS = 20;

/**
 * Folds the history up to the turn before, from its first turn or a snapshot, and decides the turn from there. Null when
 * it can't be decided: the record is damaged, or what is before it can't be folded.
 */
export async function differencesAt(
  history: History,
  turn: number,
  begins: 'first-turn' | 'snapshot' = 'first-turn',
): Promise<TurnDifferences | null> {
  const record = await recordOf(history, turn);
  if (record === null) return null;
  const toTurn = turn - 1;
  const after = begins === 'snapshot' ? { after: { turn: toTurn } } : {};
  const scratch = await fold(history, [], { toTurn, keepsOutputs: true, ...after });
  try {
    return await comparedWith(scratch, record);
  } finally {
    await scratch.close();
  }
}

/** Decides a turn on the state before it, and applies what was recorded there: what differs. */
async function comparedWith(scratch: ScratchFold, record: TurnRecord): Promise<TurnDifferences> {
  scratch.follow();
  const decided = await computeTurn(scratch.kernel, scratch.parts, requestOf(record), NOWHERE);
  const { state } = scratch;
  const decidedRows = changedRows(state);
  state.undo();
  const folded = foldInPlace(scratch, record);
  const recordedRows = folded === null ? null : changedRows(state);
  if (folded !== null) state.undo();
  const entries = entryDifferences(record, decided.entries);
  const rows = recordedRows === null ? [] : rowDifferences(state, recordedRows, decidedRows);
  return {
    stateHash: { recorded: hex(record.stateHash), folded, decided: hex(decided.stateHash) },
    entries: entries.slice(0, MOST_ENTRIES),
    entriesInAll: entries.length,
    rows: await named(scratch, rows.slice(0, MOST_ROWS)),
    rowsInAll: rows.length,
  };
}

const NOWHERE = (): void => undefined;

async function recordOf(history: History, turn: number): Promise<TurnRecord | null> {
  for await (const { record } of history.read(turn)) return record;
  return null;
}

/** Applies the recorded entries; gives the state hash, or null where one can't be applied: the fold is of no more use. */
function foldInPlace({ state }: ScratchFold, record: TurnRecord): string | null {
  try {
    foldTurn(state, record, record.entries, NOWHERE);
  } catch {
    return null;
  }
  return hex(state.hash.toBytes());
}

interface ChangedRow {
  readonly table: number;
  readonly keyA: number;
  readonly keyB: number;
  readonly values: Values;
}

/** The rows that the newest turn has changed, by table and key. */
function changedRows(state: State): Map<string, ChangedRow> {
  const changes = state.changes();
  const rows = new Map<string, ChangedRow>();
  for (let i = 0; i < changes.size; i++) {
    const table = changes.table(i);
    const handle = changes.handle(i);
    const { keyA, keyB } = state.tables[table]!;
    const row = { table, keyA: keyA[handle]!, keyB: keyB[handle]! };
    const key = `${row.table} ${row.keyA} ${row.keyB}`;
    if (!rows.has(key)) rows.set(key, { ...row, values: valuesOf(state.tables[table]!, handle) });
  }
  return rows;
}

type BareDifference = Omit<RowDifference, 'name'>;

/** Rows that are others after one turn than after the other; what one leaves alone is as it was before both. */
function rowDifferences(
  state: State,
  recorded: ReadonlyMap<string, ChangedRow>,
  decided: ReadonlyMap<string, ChangedRow>,
): readonly BareDifference[] {
  const found: BareDifference[] = [];
  for (const row of new Map([...recorded, ...decided]).values()) {
    const { table: id, keyA, keyB } = row;
    const key = `${id} ${keyA} ${keyB}`;
    const table = state.tables[id]!;
    const before = valuesOf(table, handleOf(state, row));
    const a = recorded.get(key)?.values ?? before;
    const b = decided.get(key)?.values ?? before;
    const fields: Record<string, readonly [number | string, number | string]> = {};
    for (const [field, name] of table.names.entries()) {
      if (a[field] !== b[field]) fields[name] = [a[field]!, b[field]!];
    }
    if (Object.keys(fields).length > 0) found.push({ table: table.name, key: [keyA, keyB], fields });
  }
  return found;
}

/** The handle of a row by its key; 0, which has nothing but zeros, when there is none. */
function handleOf({ tables, jobs, dags, space }: State, { table, keyA, keyB }: ChangedRow): number {
  if (table !== jobs.table.id) return tables[table]!.find(keyA, keyB);
  const dag = dags.find(keyA);
  return dag === 0 ? 0 : space.handle(dag, keyB);
}

async function named(scratch: ScratchFold, rows: readonly BareDifference[]): Promise<readonly RowDifference[]> {
  const names = new Names(scratch);
  const found: RowDifference[] = [];
  for (const row of rows) found.push({ ...row, name: await nameOfRow(names, row.table, row.key) });
  return found;
}

function entryDifferences({ cell, turn, at, entries }: TurnRecord, decided: readonly AnyEntry[]): EntryDifference[] {
  const found: EntryDifference[] = [];
  for (let index = 0; index < Math.max(entries.length, decided.length); index++) {
    const place = { cell, turn, index, at };
    const [a, b] = [entries[index], decided[index]].map((entry) => (entry === undefined ? null : toJson(entry, place)));
    if (a !== b) found.push({ index, recorded: viewOf(a ?? null), decided: viewOf(b ?? null) });
  }
  return found;
}

function viewOf(text: string | null): EntryView | null {
  if (text === null) return null;
  const { type, cause = null, data } = JSON.parse(text) as EntryView & { readonly cause?: number };
  return { type, cause, data };
}

import { hex } from '../../src/catalogue/hex.js';
import type { State } from '../../src/kernel/rows/state.js';
import { type FoldOptions, fold } from '../fold.js';
import type { History } from '../history.js';
import { isAfter, type Moment, upTo } from '../moment.js';
import { Names } from '../names.js';
import { nameOfRow } from '../row-names.js';
import { type Values, valuesOf } from '../row-values.js';
import type { ScratchFold } from '../scratch-fold.js';

/** A row that is another one at the second moment: its fields that differ, with their values before and after. */
export interface RowChange {
  readonly table: string;
  /** Its key in the journal's numbers. */
  readonly key: readonly [number, number];
  /** What it is about, by name; null where it has none. */
  readonly name: string | null;
  readonly change: 'added' | 'removed' | 'changed';
  readonly fields: Readonly<Record<string, readonly [before: number | string, after: number | string]>>;
}

/** What has changed between two moments. */
export interface StateDiff {
  readonly from: { readonly turn: number; readonly atMs: number; readonly stateHash: string };
  readonly to: { readonly turn: number; readonly atMs: number; readonly stateHash: string };
  readonly rows: readonly RowChange[];
}

/** Tables whose rows only say where something is, or is to be done; they differ whenever anything does. */
const INNER: ReadonlySet<string> = new Set(['id', 'cursor', 'remembered']);

/** What a state is to be compared with stands before it. */
class NotLater extends RangeError {
  override readonly name = 'NotLater';
  readonly code = 'usage';
}

/**
 * Compares the states at two moments, row by row, in one fold. DAGs that had ended long before are passed over. Throws
 * `NotLater` where the second moment turns out to be the earlier one: one may be a turn, and the other a time.
 */
export async function diffStates(
  history: History,
  from: Moment,
  to: Moment,
  { onProgress }: Pick<FoldOptions, 'onProgress'> = {},
): Promise<StateDiff> {
  let before: Map<string, Values> | null = null;
  let start = { turn: 0, atMs: 0, stateHash: hashOf(null) };
  const scratch = await fold(
    history,
    [
      {
        before(record, state) {
          if (before !== null || !isAfter(record, from)) return;
          before = rowsOf(state.state);
          start = placeOf(state);
        },
      },
    ],
    { ...upTo(to), ...(onProgress && { onProgress }) },
  );
  if (before === null) await mustNotBeBefore(history, scratch.turn, from);
  const after = rowsOf(scratch.state);
  const rows = await changesOf(scratch, before ?? after, after);
  return { from: before === null ? placeOf(scratch) : start, to: placeOf(scratch), rows };
}

/** A turn is before a moment if the next one isn't after it, either. */
async function mustNotBeBefore(history: History, turn: number, moment: Moment): Promise<void> {
  for await (const { record } of history.read(Math.max(turn + 1, history.firstTurn), { toTurn: turn + 1 })) {
    if (!isAfter(record, moment)) throw new NotLater(`turn ${turn} is before what it would be compared with`);
  }
}

function placeOf(scratch: ScratchFold) {
  return { turn: scratch.turn, atMs: scratch.at, stateHash: hashOf(scratch) };
}

function hashOf(scratch: ScratchFold | null): string {
  return scratch === null ? '0'.repeat(32) : hex(scratch.state.hash.toBytes());
}

/** All rows that aren't blank, by table and key, in order. */
function rowsOf({ tables }: State): Map<string, Values> {
  const rows = new Map<string, Values>();
  for (const table of tables) {
    if (table === undefined || INNER.has(table.name)) continue;
    table.eachRow((row) => {
      if (table.isBlank(row)) return;
      rows.set(`${table.id} ${table.keyA[row]} ${table.keyB[row]}`, valuesOf(table, row));
    });
  }
  return rows;
}

async function changesOf(
  scratch: ScratchFold,
  before: ReadonlyMap<string, Values>,
  after: ReadonlyMap<string, Values>,
): Promise<RowChange[]> {
  const names = new Names(scratch);
  const changes: RowChange[] = [];
  for (const key of new Set([...before.keys(), ...after.keys()])) {
    const a = before.get(key);
    const b = after.get(key);
    const [id, keyA, keyB] = key.split(' ').map(Number) as [number, number, number];
    const table = scratch.state.tables[id]!;
    const fields: Record<string, readonly [number | string, number | string]> = {};
    table.names.forEach((field, i) => {
      const none = table.isText(i) ? '' : 0;
      const values = [a?.[i] ?? none, b?.[i] ?? none] as const;
      if (values[0] !== values[1]) fields[field] = values;
    });
    if (Object.keys(fields).length === 0) continue;
    const change = a === undefined ? 'added' : b === undefined ? 'removed' : 'changed';
    changes.push({
      table: table.name,
      key: [keyA, keyB],
      name: await nameOfRow(names, table.name, [keyA, keyB]),
      change,
      fields,
    });
  }
  return changes.sort((x, y) => compare(x, y, scratch));
}

function compare(x: RowChange, y: RowChange, { state }: ScratchFold): number {
  const order = (name: string): number => state.tables.findIndex((table) => table?.name === name);
  return order(x.table) - order(y.table) || x.key[0] - y.key[0] || x.key[1] - y.key[1];
}

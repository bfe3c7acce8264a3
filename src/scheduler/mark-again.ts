/** Rows that were packed into a batch which is never written: the store's copy of them is behind, as it was before. */
import type { State } from '../kernel/state.js';
import { TableId } from '../kernel/tables.js';
import { BLOCK_ROWS, decodeKey, type Packed } from '../store/index.js';

/** Marks what a batch held, as it stands now: rows that are there are dirty, and keys of others are deleted. */
export function markAgain(state: State, operations: Packed): void {
  for (const { key } of operations) {
    const name = decodeKey(key);
    if (name?.space === 'row') markRow(state, name.table, name.keyA, name.keyB);
    else if (name?.space === 'jobs') markBlock(state, name.dag, name.block);
  }
}

function markRow(state: State, id: number, keyA: number, keyB: number): void {
  const table = state.tables[id]!;
  const row = id === TableId.cell ? state.cellRow : table.find(keyA, keyB);
  if (row !== 0) {
    table.markDirty(row);
    // The store may have an older row under its key: if this one is cleared before it is stored, that one has to go.
    table.noteStored(row);
  } else table.goneRows.push({ table: id, keyA, keyB });
}

function markBlock(state: State, dagSeq: number, first: number): void {
  const { dags, jobs, space } = state;
  const dag = dags.find(dagSeq);
  let isThere = false;
  for (let index = first; dag !== 0 && index < first + BLOCK_ROWS; index++) {
    const job = space.handle(dag, index);
    if (job === 0) continue;
    isThere = true;
    jobs.table.markDirty(job);
  }
  if (!isThere) jobs.table.goneRows.push({ table: TableId.job, keyA: dagSeq, keyB: first });
}

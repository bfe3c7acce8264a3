/** What a fold begins with: the store as it is; or a snapshot that another has taken, put into the store; or nothing. */
import { errorCode, unlessMissing } from '../catalogue/thrown.js';
import type { Journal } from '../journal/port.js';
import { LAYOUT } from '../kernel/rows/tables.js';
import { listSnapshots, SnapshotError, SnapshotReader, type SnapshotStorage } from '../snapshot/index.js';
import { everything, Packed, type Store, type StorePosition } from '../store/index.js';
import { giveUp, runAll } from './endings.js';
import { RowCount } from './rows/recount.js';
import { isOfHistory } from './snapshot-history.js';

/** What became of a snapshot that was looked at. */
export interface SnapshotNews {
  readonly name: string;
  /** Why it is passed over; null: the store was filled from it. */
  readonly problem: { readonly code: string; readonly detail: string } | null;
}

/** A journal that was opened, and whatever else opening it gives. */
export interface WithJournal {
  readonly journal: Journal;
}

export interface BootstrapSources<J extends WithJournal> {
  readonly cell: string;
  /** `stored` is what the store stands for: the journal must have that turn. */
  openJournal(stored: StorePosition | null): Promise<J>;
  /** Where snapshots are; without it a store that is empty is filled from the whole journal. */
  readonly snapshots?: SnapshotStorage | undefined;
  readonly onSnapshot?: ((news: SnapshotNews) => void) | undefined;
  /** Go on from the store although the journal's beginning is gone and nothing else stands for it. */
  readonly acceptCut?: boolean | undefined;
}

/** The journal begins with a later turn than the first, and there is nothing that stands for those before. */
export class NoSnapshot extends Error {
  override readonly name = 'NoSnapshot';
  readonly code = 'no-snapshot';

  constructor(firstTurn: number) {
    super(
      `the journal begins with turn ${firstTurn}, and there is no snapshot of a turn from there on that can be used`,
    );
  }
}

/**
 * The journal's beginning is gone, and no snapshot stands for it: only what `marie journal archive` takes away leaves one.
 */
export class JournalCut extends Error {
  override readonly name = 'JournalCut';
  readonly code = 'journal-cut';

  constructor(firstTurn: number) {
    super(
      `the journal begins with turn ${firstTurn}, and no snapshot stands for a turn from there on: nothing but the store ` +
        'of this process has what came before; if that is known, start once with --accept-cut',
    );
  }
}

/** Codes with which a journal says that it doesn't have the turn that it is to go on after. */
const NOT_THERE: ReadonlySet<unknown> = new Set(['journal-ahead', 'kafka-records-gone', 'not-found']);

/** Bytes of rows that are written to the store at once. */
const BATCH_BYTES = 4 * 1024 * 1024;

/**
 * What a store stands for while it is filled from a snapshot. A store that is found so was not filled to its end, and
 * stands for nothing.
 */
const FILLING = { turn: 0, hash: new Uint8Array(32), stateHash: new Uint8Array(16) } as const;

/**
 * Opens the journal at what the store stands for. A store that is empty, or stands for a turn that is archived, is
 * filled from the newest snapshot that the journal goes on from; one that can't be used is passed over, and the next
 * older tried. Without one the journal is opened at its first turn. The caller closes the journal. A journal that has
 * lost its beginning without `marie journal archive` is refused, although the store may not need it.
 */
export async function openAtStore<J extends WithJournal>(sources: BootstrapSources<J>, store: Store): Promise<J> {
  if (store.position()?.turn === FILLING.turn) await store.clear();
  const stored = store.position();
  const opened = stored === null ? null : await openAfter(sources, stored);
  if (opened !== null) return mustBeWhole(sources, opened);
  const filled = await fillFromSnapshot(sources, store);
  if (filled !== null) return filled;
  // What the store stands for is said to be missing once more: it is refused, and stays as it is.
  const journal = await openFromStart(sources, stored);
  const firstTurn = journal.journal.firstTurn();
  if (firstTurn === 1) return journal;
  return giveUp(new NoSnapshot(firstTurn), () => journal.journal.close());
}

/** Throws `NoSnapshot` where opening itself says that the journal begins later. */
async function openFromStart<J extends WithJournal>(
  sources: BootstrapSources<J>,
  stored: StorePosition | null,
): Promise<J> {
  try {
    return await sources.openJournal(stored);
  } catch (error) {
    const { code, firstTurn } = error as { readonly code?: unknown; readonly firstTurn?: unknown };
    if (code === 'kafka-records-gone' && typeof firstTurn === 'number') throw new NoSnapshot(firstTurn);
    throw error;
  }
}

/** The journal, opened to go on after a store's turn; null if the records from there on are archived. */
async function openAfter<J extends WithJournal>(
  sources: BootstrapSources<J>,
  stored: StorePosition,
): Promise<J | null> {
  try {
    const journal = await sources.openJournal(stored);
    if (stored.turn >= journal.journal.firstTurn()) return journal;
    await journal.journal.close();
  } catch (error) {
    if (errorCode(error) !== 'kafka-records-gone') throw error;
  }
  return null;
}

/** The journal, if it has all of its turns or a snapshot stands for those that it has not. Throws `JournalCut`. */
async function mustBeWhole<J extends WithJournal>(
  { snapshots, acceptCut = false }: BootstrapSources<J>,
  opened: J,
): Promise<J> {
  const { journal } = opened;
  const firstTurn = journal.firstTurn();
  if (firstTurn === 1 || acceptCut) return opened;
  try {
    for (const snapshot of snapshots === undefined ? [] : await listSnapshots(snapshots)) {
      if ((await isOfHistory(journal, snapshot)) === true) return opened;
    }
    throw new JournalCut(firstTurn);
  } catch (error) {
    return giveUp(error, () => journal.close());
  }
}

async function fillFromSnapshot<J extends WithJournal>(sources: BootstrapSources<J>, store: Store): Promise<J | null> {
  const { snapshots, onSnapshot } = sources;
  if (snapshots === undefined) return null;
  for (const { name } of await listSnapshots(snapshots)) {
    try {
      const reader = await unlessMissing(SnapshotReader.open(snapshots, name), null);
      if (reader === null) continue;
      const journal = await useSnapshot(sources, reader, store);
      onSnapshot?.({ name, problem: null });
      return journal;
    } catch (error) {
      if (!(error instanceof SnapshotError)) throw error;
      const { code, detail } = error;
      onSnapshot?.({ name, problem: { code, detail } });
    }
  }
  return null;
}

/**
 * Opens the journal after a snapshot's turn, and fills the store. Throws `SnapshotError` where it can't be used; the store
 * is empty then.
 */
async function useSnapshot<J extends WithJournal>(
  sources: BootstrapSources<J>,
  reader: SnapshotReader,
  store: Store,
): Promise<J> {
  try {
    const { name, position } = reader;
    const { cell, layout } = position;
    if (cell !== sources.cell || layout !== LAYOUT) {
      throw new SnapshotError('snapshot-unusable', name, `it is of cell ${cell}, layout ${layout}`);
    }
    await reader.checkAll();
    const journal = await openThere(sources, name, position);
    try {
      await fill(store, reader, position);
      return journal;
    } catch (error) {
      return await giveUp(error, () => runAll([() => store.clear(), () => journal.journal.close()]));
    }
  } finally {
    await reader.close();
  }
}

async function openThere<J extends WithJournal>(
  sources: BootstrapSources<J>,
  name: string,
  position: StorePosition,
): Promise<J> {
  let journal: J;
  try {
    journal = await sources.openJournal(position);
  } catch (error) {
    if (!NOT_THERE.has(errorCode(error))) throw error;
    throw new SnapshotError('snapshot-unusable', name, (error as Error).message);
  }
  if (journal.journal.firstTurn() <= position.turn) return journal;
  await journal.journal.close();
  throw new SnapshotError('snapshot-unusable', name, `the journal begins with turn ${journal.journal.firstTurn()}`);
}

/** Writes all rows of a snapshot, and last what they stand for. Throws `SnapshotError`. */
async function fill(store: Store, reader: SnapshotReader, position: StorePosition): Promise<void> {
  await store.clear();
  const count = new RowCount();
  const batch = Packed.empty(2 * BATCH_BYTES);
  const { from, to } = everything();
  for await (const chunk of reader.scan(from, to)) {
    for (const entry of chunk) {
      count.add(entry);
      batch.put(entry.key, entry.value);
    }
    if (batch.length < BATCH_BYTES) continue;
    await store.write(batch, { ...position, ...FILLING });
    batch.clear();
  }
  if (!count.hash.equalsBytes(position.stateHash)) {
    throw new SnapshotError('snapshot-damaged', reader.name, 'its rows have another state hash than its head says');
  }
  await store.write(batch, position);
}

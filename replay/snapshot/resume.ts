import type { TurnRecord } from '../../src/catalogue/generated/types.js';
import { unlessMissing } from '../../src/catalogue/thrown.js';
import { sameBytes } from '../../src/journal/rule.js';
import { LAYOUT } from '../../src/kernel/rows/tables.js';
import { listSnapshots, SnapshotError, SnapshotReader, type SnapshotStorage } from '../../src/snapshot/index.js';
import type { History } from '../history.js';
import type { Moment } from '../moment.js';
import type { ScratchFold } from '../scratch-fold.js';

/** A snapshot that could not be used, and why; an older one was tried then. */
export interface PassedOver {
  readonly name: string;
  readonly code: string;
  readonly detail: string;
}

/**
 * A fold that stands at the newest snapshot that isn't later than a moment. One that is damaged, or isn't of this
 * history, is told to `onPassedOver`, and the next older one is tried. Null where there is none.
 */
export async function resumed(
  history: History,
  moment: Moment,
  makeFold: () => ScratchFold,
  onPassedOver: (what: PassedOver) => void = () => undefined,
): Promise<ScratchFold | null> {
  const storage = history.snapshots;
  if (storage === null) return null;
  for (const { name, turn } of await listSnapshots(storage)) {
    if ('turn' in moment && turn > moment.turn) continue;
    try {
      const found = await openFitting(history, storage, name, moment);
      if (found === null) continue;
      return await goneOn(makeFold(), found);
    } catch (error) {
      if (!(error instanceof SnapshotError)) throw error;
      const { code, detail } = error;
      onPassedOver({ name, code, detail });
    }
  }
  return null;
}

/** A fold at a snapshot, of which nothing stays open if that is damaged. */
async function goneOn(
  fold: ScratchFold,
  { reader, record }: { readonly reader: SnapshotReader; readonly record: TurnRecord },
): Promise<ScratchFold> {
  try {
    await fold.resume(reader, record);
    return fold;
  } catch (error) {
    await reader.close();
    throw error;
  }
}

/**
 * Opens a snapshot, and reads the turn that it stands for. Null if it is later than the moment, or gone. Throws
 * `SnapshotError`.
 */
async function openFitting(
  history: History,
  storage: SnapshotStorage,
  name: string,
  moment: Moment,
): Promise<{ readonly reader: SnapshotReader; readonly record: TurnRecord } | null> {
  const reader = await unlessMissing(SnapshotReader.open(storage, name), null);
  if (reader === null) return null;
  try {
    if ('atMs' in moment && reader.head.atMs > moment.atMs) {
      await reader.close();
      return null;
    }
    return { reader, record: await turnOf(history, reader) };
  } catch (error) {
    await reader.close();
    throw error;
  }
}

/** The turn of a history that a snapshot stands for. Throws `SnapshotError` if it is of another history or layout. */
export async function turnOf(history: History, reader: SnapshotReader): Promise<TurnRecord> {
  const { head, name } = reader;
  mustHaveLayout(reader);
  const unusable = (detail: string) => new SnapshotError('snapshot-unusable', name, detail);
  if (head.turn < history.firstTurn) throw unusable(`the history begins with turn ${history.firstTurn}`);
  for await (const { record, hash } of history.read(head.turn)) {
    if (record.cell !== head.cell || !sameBytes(hash, head.hash) || !sameBytes(record.stateHash, head.stateHash)) break;
    return record;
  }
  throw unusable(`the history has no such turn ${head.turn}`);
}

/** Throws `SnapshotError` unless the rows of a snapshot are as this program has them. */
export function mustHaveLayout({ head, name }: SnapshotReader): void {
  if (head.layout === LAYOUT) return;
  const detail = `its rows have layout ${head.layout}, and this program reads ${LAYOUT}`;
  throw new SnapshotError('snapshot-unusable', name, detail);
}

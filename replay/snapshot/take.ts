/** Snapshots that are taken of a history: it is folded, and what the fold stands for is written on the way. */

import { LAYOUT } from '../../src/kernel/rows/tables.js';
import { putSnapshot, SnapshotReader, type SnapshotStorage, type WrittenSnapshot } from '../../src/snapshot/index.js';
import { everything } from '../../src/store/index.js';
import { begin, type FoldOptions, Progress } from '../fold.js';
import type { History } from '../history.js';
import { isAfter, lastTurnOf, type Moment } from '../moment.js';
import { Wrong } from '../problem.js';
import { ScratchFold } from '../scratch-fold.js';

/** A snapshot that was written. */
export interface TakenSnapshot extends WrittenSnapshot {
  readonly name: string;
  readonly turn: number;
  readonly atMs: number;
}

export interface TakeOptions extends Pick<FoldOptions, 'onProgress' | 'onPassedOver'> {
  /** The moment that the last one stands for; the end of the history without it. */
  readonly at?: Moment;
  /** One is taken after each turn whose number is a multiple of this, too. */
  readonly everyTurns?: number;
}

const END: Moment = { turn: Number.MAX_SAFE_INTEGER };

/**
 * Takes snapshots of a history, from the newest one that is there on, into the place that the history has them in. None
 * is taken of a turn of which there is one. Throws `Wrong` at the first turn that isn't right.
 */
export async function takeSnapshots(history: History, options: TakeOptions = {}): Promise<readonly TakenSnapshot[]> {
  const { at = END, everyTurns = Number.POSITIVE_INFINITY, onProgress, onPassedOver } = options;
  const storage = history.snapshots;
  if (storage === null) throw new Error('assertion failed: the history has no place for snapshots');
  const told = onPassedOver === undefined ? {} : { onPassedOver };
  const fold = await begin(history, () => new ScratchFold({ keepsAll: true }), { after: at, ...told });
  const taken: TakenSnapshot[] = [];
  const progress = new Progress(onProgress);
  try {
    const first = fold.turn;
    const from = first === 0 ? history.firstTurn : first + 1;
    for await (const { record, hash } of history.read(from, { toTurn: lastTurnOf(at) })) {
      if (isAfter(record, at)) break;
      await fold.fold(record, hash).catch((error: unknown) => {
        throw Wrong.of(error, record.turn, record);
      });
      progress.add(record);
      if (record.turn % everyTurns === 0) taken.push(await take(fold, storage));
    }
    if (fold.turn > first && fold.turn !== taken.at(-1)?.turn) taken.push(await take(fold, storage));
  } finally {
    await fold.close();
  }
  return taken;
}

/** Writes what a fold stands for, and lets the fold go on from there: what is in the snapshot need not be in memory. */
async function take(fold: ScratchFold, storage: SnapshotStorage): Promise<TakenSnapshot> {
  const store = await fold.stored();
  const { cell, turn, hash, stateHash } = store.position()!;
  const head = { cell, layout: LAYOUT, turn, atMs: fold.at, hash, stateHash };
  const { from, to } = everything();
  const written = await putSnapshot(storage, head, store.scan(from, to));
  await store.rebase(await SnapshotReader.open(storage, written.name));
  return { turn, atMs: fold.at, ...written };
}

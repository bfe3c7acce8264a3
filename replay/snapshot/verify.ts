/** What is known of a snapshot once all of it was read. */
import { sameBytes } from '../../src/journal/rule.js';
import { recount } from '../../src/scheduler/rows/recount.js';
import { SnapshotError, SnapshotReader, type SnapshotStorage } from '../../src/snapshot/index.js';
import { everything } from '../../src/store/index.js';
import type { History } from '../history.js';
import { mustHaveLayout, turnOf } from './resume.js';

/** A snapshot as `verifySnapshot` found it. */
export interface VerifiedSnapshot {
  readonly name: string;
  readonly ok: boolean;
  /** What it stands for; null where not even that can be read. */
  readonly turn: number | null;
  readonly atMs: number | null;
  readonly entries: number | null;
  readonly bytes: number | null;
  /** Whether the journal was there to be compared with: it has that very turn, with that state hash. */
  readonly comparedWithJournal: boolean;
  readonly problem: { readonly code: string; readonly detail: string } | null;
}

/**
 * Reads all of a snapshot: the checksums of its blocks, its SHA-256, the state hash counted afresh from its rows, and
 * that the history has that turn. What is wrong is in the report; only a place that can't be read rejects.
 */
export async function verifySnapshot(
  storage: SnapshotStorage,
  name: string,
  history: History | null,
  onBytes: (more: number) => void = () => undefined,
): Promise<VerifiedSnapshot> {
  let reader: SnapshotReader | null = null;
  try {
    reader = await SnapshotReader.open(storage, name);
    await reader.checkAll(onBytes);
    await checkRows(reader);
    if (history !== null) await turnOf(history, reader);
    return { ...shown(name, reader, history), ok: true, problem: null };
  } catch (error) {
    if (!(error instanceof SnapshotError)) throw error;
    const { code, detail } = error;
    return { ...shown(name, reader, history), ok: false, problem: { code, detail } };
  } finally {
    await reader?.close();
  }
}

function shown(name: string, reader: SnapshotReader | null, history: History | null) {
  const { turn = null, atMs = null } = reader?.head ?? {};
  const { entries = null, bytes = null } = reader ?? {};
  return { name, turn, atMs, entries, bytes, comparedWithJournal: history !== null };
}

/** Throws `SnapshotError` unless the rows are those of its state hash. */
async function checkRows(reader: SnapshotReader): Promise<void> {
  mustHaveLayout(reader);
  const { head, name } = reader;
  const { from, to } = everything();
  const counted = await recount(reader.scan(from, to));
  if (sameBytes(counted, head.stateHash)) return;
  throw new SnapshotError('snapshot-damaged', name, 'its rows have another state hash than its head says');
}

import { basename, dirname, resolve } from 'node:path';
import type { History, VerifiedSnapshot } from '../../../replay/index.js';
import { snapshotsBeside } from '../../../replay/snapshot/places.js';
import { unlessMissing } from '../../catalogue/thrown.js';
import { findJournalIn } from '../../journal/files/find.js';
import { snapshotsIn } from '../../main/snapshot-folder.js';
import { listSnapshots, SnapshotError, SnapshotReader, type SnapshotStorage } from '../../snapshot/index.js';
import { Exit, misuse } from '../exit.js';
import type { OutputOf } from '../outputs/index.js';
import type { Io } from '../terminal/io.js';
import { showing } from '../terminal/work.js';
import { bytes, grouped, moment } from '../text/format.js';
import { type ColumnOf, tableOf } from '../text/table.js';
import { verifying } from './how-far.js';
import { mustNotBeInBackup } from './journal-folder.js';
import { endsBefore, theMoment } from './moments.js';
import { type HistoryOptions, openHistory, passingOver, watching } from './open-history.js';

export interface CreateOptions extends HistoryOptions {
  readonly at?: string;
  readonly every?: number;
}

/** `marie snapshot create`: folds a history, and writes what it stands for. */
export async function snapshotCreate(io: Io, place: string, options: CreateOptions): Promise<void> {
  const { takeSnapshots } = await import('../../../replay/snapshot/take.js');
  const history = await openHistory(place, { ...options, makesSnapshots: true });
  placeOf(history);
  mustNotBeInBackup(options.snapshots ?? snapshotsBeside(history.folder!).folder);
  const at = options.at === undefined ? undefined : theMoment(options.at);
  const { every: everyTurns } = options;
  // None is made of another turn than was named.
  if (at !== undefined && 'turn' in at) {
    const last = await history.lastTurn();
    if (at.turn > last) throw endsBefore(place, last);
  }
  const snapshots = await watching(
    io,
    'folded',
    history,
    ({ onProgress }) =>
      takeSnapshots(history, {
        ...(at && { at }),
        ...(everyTurns !== undefined && { everyTurns }),
        onProgress,
        onPassedOver: passingOver(io),
      }),
    at && { until: at },
  );
  const found = snapshots.map(({ sha256: _, ...rest }) => rest);
  io.emit('snapshot-create', { snapshots: found }, ({ snapshots: shown }) =>
    shown.length === 0 ? 'there is a snapshot of that turn already' : tableOf(io, COLUMNS, shown),
  );
}

/** Where snapshots of a history are. Of a journal on Kafka nobody knows it but who says so. */
function placeOf({ snapshots }: History): SnapshotStorage {
  if (snapshots !== null) return snapshots;
  throw misuse('a journal on Kafka has no place for snapshots beside it', {
    todo: 'Name the folder of its snapshots with --snapshots.',
  });
}

/** A snapshot, as far as it can be read. */
interface Seen {
  readonly name: string;
  readonly turn: number | null;
  readonly atMs: number | null;
  readonly bytes: number | null;
}

const COLUMNS: readonly ColumnOf<Seen>[] = [
  { title: 'snapshot', cell: ({ name }) => name },
  { title: 'turn', right: true, cell: ({ turn }) => (turn === null ? '' : grouped(turn)) },
  { title: 'journal time', spare: 2, cell: ({ atMs }) => (atMs === null ? '' : moment(atMs)) },
  { title: 'bytes', right: true, spare: 1, cell: ({ bytes: size }) => (size === null ? '' : bytes(size)) },
];

/** `marie snapshot list`: what each says of itself; all else is for `verify`. */
export async function snapshotList(io: Io, place: string, options: HistoryOptions): Promise<void> {
  const found = await headsIn(placeOf(await openHistory(place, options)));
  io.emit('snapshot-list', { snapshots: found }, ({ snapshots: shown }) =>
    shown.length === 0 ? 'there is no snapshot' : tableOf(io, [...COLUMNS, DETAIL], shown),
  );
}

const DETAIL: ColumnOf<OutputOf<'snapshot-list'>['snapshots'][number]> = {
  title: 'found',
  wraps: true,
  cell: ({ problem }) => problem?.detail ?? '',
};

async function headsIn(storage: SnapshotStorage) {
  const heads = [];
  for (const { name, turn } of await listSnapshots(storage)) {
    try {
      const reader = await unlessMissing(SnapshotReader.open(storage, name), null);
      if (reader === null) continue;
      const { head, entries, bytes: size } = reader;
      heads.push({ name, turn: head.turn, atMs: head.atMs, layout: head.layout, entries, bytes: size, problem: null });
      await reader.close();
    } catch (error) {
      if (!(error instanceof SnapshotError)) throw error;
      const { code, detail } = error;
      heads.push({ name, turn, atMs: null, layout: null, entries: null, bytes: null, problem: { code, detail } });
    }
  }
  return heads;
}

/** `marie snapshot verify`: reads all of them. */
export async function snapshotVerify(io: Io, place: string, options: HistoryOptions): Promise<void> {
  const { verifySnapshot } = await import('../../../replay/snapshot/verify.js');
  const { storage, names, history, isListed } = await placeToVerify(place, options);
  const found = await showing(io, async (show) => {
    const reports: VerifiedSnapshot[] = [];
    const onBytes = verifying(show);
    for (const name of names) {
      const verified = verifySnapshot(storage, name, history, onBytes);
      const report = await (isListed ? unlessMissing(verified, null) : verified);
      if (report !== null) reports.push(report);
    }
    return reports;
  });
  if (found.some(({ ok }) => !ok)) process.exitCode = Exit.Damaged;
  io.emit('snapshot-verify', { snapshots: found }, ({ snapshots: shown }) =>
    shown.length === 0 ? 'there is no snapshot' : tableOf(io, [...COLUMNS, FOUND], shown),
  );
}

const FOUND: ColumnOf<VerifiedSnapshot> = {
  title: 'found',
  wraps: true,
  cell({ comparedWithJournal, problem }, { colors }) {
    if (problem !== null) return colors.red(`${problem.code}: ${problem.detail}`);
    return colors.green(comparedWithJournal ? 'good' : 'good by itself: there is no journal beside it');
  },
};

/** All snapshots of a history, or the one that is named. */
async function placeToVerify(place: string, options: HistoryOptions) {
  if (!place.endsWith('.snapshot')) {
    const history = await openHistory(place, options);
    const storage = placeOf(history);
    return { storage, history, names: (await listSnapshots(storage)).map(({ name }) => name), isListed: true };
  }
  const folder = dirname(resolve(place));
  const beside = dirname(folder);
  const history = typeof (await findJournalIn(beside)) === 'string' ? null : await openHistory(beside, options);
  return { storage: snapshotsIn(folder), history, names: [basename(place)], isListed: false };
}

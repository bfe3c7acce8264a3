/** The parts of a fabric whose log is in files of this machine: those, RocksDB, the system's clocks and timers. */
import { type SyncPolicy, syncEveryMs } from '../journal/files/journal.js';
import { nodeDisk } from '../journal/files/node-disk.js';
import { mustBeOfCell } from '../journal/files/of-cell.js';
import { type OpenedJournal, openFileJournal } from '../journal/files/open.js';
import { openForReading } from '../journal/files/reader.js';
import { listSegments } from '../journal/files/segment.js';
import type { Head } from '../journal/port.js';
import { LAYOUT } from '../kernel/rows/tables.js';
import type { StorePosition } from '../store/port.js';
import { openRocksStoreInThread } from '../store/rocksdb/thread/store.js';
import { randomWriter, systemClocks, systemTimers } from './adapters/system.js';
import type { FabricConfig } from './config/config.js';
import { inData } from './data-folder.js';
import type { FabricParts } from './fabric.js';
import { archiveBeside } from './readable.js';
import { snapshotsOf } from './snapshots.js';

/** What a configuration stands for: journal and store in its data folder. */
export function fileParts(
  config: FabricConfig & Pick<FabricParts, 'acceptClock' | 'acceptCut' | 'restingRows' | 'onSnapshot' | 'onSetAside'>,
): FabricParts {
  const { cell, acceptClock, acceptCut, restingRows, onSnapshot, onSetAside } = config;
  return {
    cell,
    acceptClock,
    acceptCut,
    restingRows,
    onSnapshot,
    onSetAside,
    snapshots: snapshotsOf(config),
    openStore: async () => {
      // A cell that is misnamed must not cost the store of the cell whose folder it is.
      await mustBeOfCell(nodeDisk, await newestTurnsOf(inData(config.data).journal), cell);
      return openRocksStoreInThread({ dir: inData(config.data).store, cell, layout: LAYOUT });
    },
    openJournal: (stored) => openJournal(config, stored),
    clocks: systemClocks,
    timers: systemTimers,
    writer: randomWriter(),
    syncEveryMs: syncEveryMs(syncOf(config)),
  };
}

async function openJournal(config: FabricConfig, stored: StorePosition | null): Promise<OpenedJournal> {
  const { cell, journal } = config;
  const folder = inData(config.data).journal;
  return openFileJournal({
    disk: nodeDisk,
    folder,
    cell,
    beginAt: await endOfArchive(folder),
    sync: syncOf(config),
    coveredTurn: stored?.turn,
    coveredHash: stored?.hash,
    segmentBytes: journal.segmentBytes,
  });
}

/** The folder of a journal's newest turns: its archive where it has no file left, if there is one. */
async function newestTurnsOf(folder: string): Promise<string> {
  return (await listSegments(nodeDisk, folder)).length > 0 ? folder : archiveBeside(folder);
}

/** Where a journal that has no file left goes on: begun anew, it would be another history beside its archive. */
async function endOfArchive(folder: string): Promise<Head | undefined> {
  const newest = await newestTurnsOf(folder);
  if (newest === folder) return undefined;
  const archive = await openForReading(nodeDisk, newest);
  const lastTurn = await archive.lastTurn();
  return lastTurn === 0 ? undefined : (await archive.before(lastTurn + 1)).head;
}

function syncOf({ journal }: FabricConfig): SyncPolicy {
  return typeof journal.sync === 'object' ? { everyMs: journal.sync.everyMs, timers: systemTimers } : journal.sync;
}

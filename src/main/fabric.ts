import { join } from 'node:path';
import { EmbeddedInbox } from '../inbox/embedded.js';
import { type SyncPolicy, syncEveryMs } from '../journal/files/journal.js';
import { nodeDisk } from '../journal/files/node-disk.js';
import { openFileJournal } from '../journal/files/open.js';
import type { Journal } from '../journal/port.js';
import { Kernel } from '../kernel/kernel.js';
import { LAYOUT } from '../kernel/tables.js';
import { EmbeddedOutbox } from '../outbox/embedded.js';
import { ColdRows } from '../scheduler/cold.js';
import { FoldViews } from '../scheduler/fold-views.js';
import { Leader } from '../scheduler/leader.js';
import { Materializer } from '../scheduler/materializer.js';
import { catchUp, type FoldPosition, restore } from '../scheduler/recovery.js';
import { StoreCorrupt } from '../store/errors.js';
import type { Store } from '../store/port.js';
import { openRocksStore } from '../store/rocksdb/open.js';
import { randomWriter, systemClocks, systemTimers } from './adapters/system.js';
import type { FabricConfig } from './config.js';

/** What a start found and did; for logs. */
export interface StartReport {
  /** A torn record that was cut from the journal's end, or null. */
  readonly cut: { readonly turn: number; readonly bytes: number } | null;
  /** Why the store was set aside and rebuilt, or null. */
  readonly setAside: string | null;
  /** Turn that the store stood for, and turn of the journal's end. */
  readonly storeTurn: number;
  readonly headTurn: number;
  /** Entries that were folded on top of the store. */
  readonly folded: number;
}

/** A fabric without its gateway. */
export interface EmbeddedFabric {
  readonly cell: string;
  readonly journal: Journal;
  readonly store: Store;
  readonly inbox: EmbeddedInbox;
  readonly outbox: EmbeddedOutbox;
  readonly views: FoldViews;
  readonly leader: Leader;
  readonly kernel: Kernel;
  readonly report: StartReport;
  /** Rejects never; resolves with the error when the fabric can't go on. */
  readonly failed: Promise<Error>;
  close(): Promise<void>;
}

/** The journal has been still for longer than this: an operator must say that the clock is right. */
const MAX_GAP_MS = 3_600_000;

/** The wall clock is more than an hour ahead of the journal's last turn. */
export class ClockNotAccepted extends Error {
  readonly code = 'invalid-clock';
  constructor(gapMs: number) {
    super(
      `the last turn was written ${Math.round(gapMs / 60_000)} minutes before what the clock says now; ` +
        'if the clock is right, start once with --accept-clock',
    );
  }
}

/** Opens journal and store, brings the fold up to the journal's end, and begins a reign. */
export async function openFabric(config: FabricConfig & { readonly acceptClock: boolean }): Promise<EmbeddedFabric> {
  const { cell } = config;
  const { opened, stored, ...fold } = await openFold(config);
  const { journal, cut, kernel, cold, materializer } = fold;
  const position = await catchUp(materializer, journal, opened.store, cell);
  checkClock(position, config.acceptClock);
  kernel.indexes.rebuild();
  const inbox = new EmbeddedInbox();
  const outbox = new EmbeddedOutbox(journal.head().turn);
  let fail: (error: Error) => void = () => undefined;
  const failed = new Promise<Error>((resolve) => {
    fail = resolve;
  });
  const shell = { clocks: systemClocks, timers: systemTimers, writer: randomWriter(), onFatal: fail };
  const parts = {
    cell,
    kernel,
    journal,
    inbox,
    outbox,
    cold,
    materializer,
    syncEveryMs: syncEveryMs(syncOf(config)),
    ...shell,
  };
  const leader = new Leader(parts, position);
  await leader.start();
  const views = new FoldViews({ cell, kernel, cold, materializer, leader, inbox });
  return {
    cell,
    journal,
    store: opened.store,
    inbox,
    outbox,
    views,
    leader,
    kernel,
    report: {
      cut: cut === null ? null : { turn: cut.turn, bytes: cut.bytes },
      setAside: opened.setAside === null ? null : String(opened.setAside.reason),
      storeTurn: stored?.turn ?? 0,
      headTurn: position.turn,
      folded: position.events,
    },
    failed,
    close: async () => {
      await leader.stop();
      await journal.close();
      await opened.store.close();
    },
  };
}

/** Store, journal, and the store's rows in memory. A store that turns out to be corrupt is set aside, and rebuilt. */
async function openFold(config: FabricConfig) {
  const { cell } = config;
  for (let attempt = 1; ; attempt++) {
    const opened = await openRocksStore({ dir: join(config.data, 'store'), cell, layout: LAYOUT });
    const stored = opened.store.position();
    const { journal, cut } = await openJournal(config, stored?.turn ?? 0, stored?.hash);
    const kernel = new Kernel();
    const cold = new ColdRows(opened.store);
    const materializer = new Materializer(kernel.state, opened.store, cold);
    try {
      await restore(materializer);
      return { opened, stored, journal, cut, kernel, cold, materializer };
    } catch (error) {
      await journal.close();
      await opened.store.close();
      if (!(error instanceof StoreCorrupt) || attempt > 1) throw error;
    }
  }
}

function openJournal(config: FabricConfig, coveredTurn: number, coveredHash: Uint8Array | undefined) {
  const { cell, journal } = config;
  return openFileJournal({
    disk: nodeDisk,
    folder: join(config.data, 'journal'),
    cell,
    sync: syncOf(config),
    coveredTurn,
    ...(coveredHash === undefined ? {} : { coveredHash }),
    ...(journal.segmentBytes === undefined ? {} : { segmentBytes: journal.segmentBytes }),
  });
}

function syncOf({ journal }: FabricConfig): SyncPolicy {
  return typeof journal.sync === 'object' ? { everyMs: journal.sync.everyMs, timers: systemTimers } : journal.sync;
}

function checkClock(position: FoldPosition, isAccepted: boolean): void {
  const gapMs = systemClocks.wallMs() - position.at;
  if (position.turn > 0 && gapMs > MAX_GAP_MS && !isAccepted) throw new ClockNotAccepted(gapMs);
}

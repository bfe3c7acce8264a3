import { join } from 'node:path';
import { EmbeddedInbox } from '../inbox/embedded.js';
import { type SyncPolicy, syncEveryMs } from '../journal/files/journal.js';
import { nodeDisk } from '../journal/files/node-disk.js';
import { type OpenedJournal, openFileJournal } from '../journal/files/open.js';
import type { Journal } from '../journal/port.js';
import type { Kernel } from '../kernel/kernel.js';
import { LAYOUT } from '../kernel/tables.js';
import { EmbeddedOutbox } from '../outbox/embedded.js';
import { FoldViews } from '../scheduler/fold-views.js';
import { Leader } from '../scheduler/leader.js';
import type { FoldPosition } from '../scheduler/recovery.js';
import { type OpenedFold, openFold } from '../scheduler/start.js';
import type { Store, StorePosition } from '../store/port.js';
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
  const fold = await openFold({
    cell,
    openStore: () => openRocksStore({ dir: join(config.data, 'store'), cell, layout: LAYOUT }),
    openJournal: (stored) => openJournal(config, stored),
  });
  try {
    checkClock(fold.position, config.acceptClock);
    return await reign(config, fold);
  } catch (error) {
    await fold.close();
    throw error;
  }
}

type Fold = OpenedFold<OpenedJournal>;

async function reign(config: FabricConfig, fold: Fold): Promise<EmbeddedFabric> {
  const { cell } = config;
  const { kernel, cold, materializer, position } = fold;
  const { journal } = fold.journal;
  const inbox = new EmbeddedInbox();
  const outbox = new EmbeddedOutbox(journal.head().turn);
  let fail: (error: Error) => void = () => undefined;
  const failed = new Promise<Error>((resolve) => {
    fail = resolve;
  });
  const shell = { clocks: systemClocks, timers: systemTimers, writer: randomWriter(), onFatal: fail };
  const sync = { syncEveryMs: syncEveryMs(syncOf(config)) };
  const leader = new Leader({ cell, kernel, journal, inbox, outbox, cold, materializer, ...sync, ...shell }, position);
  await leader.start();
  const views = new FoldViews({ cell, kernel, cold, materializer, leader, inbox });
  return {
    cell,
    journal,
    store: fold.opened.store,
    inbox,
    outbox,
    views,
    leader,
    kernel,
    report: reportOf(fold),
    failed,
    close: async () => {
      await leader.stop();
      await fold.close();
    },
  };
}

function reportOf({ opened, journal, stored, position }: Fold): StartReport {
  const { cut } = journal;
  return {
    cut: cut === null ? null : { turn: cut.turn, bytes: cut.bytes },
    setAside: opened.setAside === null ? null : String(opened.setAside.reason),
    storeTurn: stored?.turn ?? 0,
    headTurn: position.turn,
    folded: position.events,
  };
}

function openJournal(config: FabricConfig, stored: StorePosition | null): Promise<OpenedJournal> {
  const { cell, journal } = config;
  return openFileJournal({
    disk: nodeDisk,
    folder: join(config.data, 'journal'),
    cell,
    sync: syncOf(config),
    ...(stored === null ? {} : { coveredTurn: stored.turn, coveredHash: stored.hash }),
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

/** The embedded fabric behind its gateway: one and the same composition of real parts, and of simulated ones. */

import { hex } from '../catalogue/hex.js';
import type { NamedReign } from '../gateway/deps.js';
import { EmbeddedInbox } from '../inbox/embedded.js';
import type { OpenedJournal } from '../journal/files/open.js';
import type { Journal } from '../journal/port.js';
import type { Kernel } from '../kernel/kernel.js';
import { EmbeddedOutbox } from '../outbox/embedded.js';
import { giveUp, runAll } from '../scheduler/endings.js';
import { Leader, type LeaderParts } from '../scheduler/leader.js';
import type { FoldPosition } from '../scheduler/recovery.js';
import { type FoldSources, type OpenedFold, openFold } from '../scheduler/start.js';
import { StateSignals } from '../scheduler/views/fold-signals.js';
import { FoldViews } from '../scheduler/views/fold-views.js';
import type { FoldSignals } from '../scheduler/views/port.js';
import type { Store } from '../store/port.js';
import type { ServingFabric } from './serving.js';

/** All of a fabric that reaches outside. */
export interface FabricParts
  extends FoldSources<OpenedJournal>,
    Pick<LeaderParts, 'clocks' | 'timers' | 'writer' | 'syncEveryMs' | 'batches'> {
  /** Start although more than an hour has passed since the last turn. */
  readonly acceptClock: boolean;
}

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

/** A fabric without its gateway. Its first turn tells what time has done since the last one: who listens comes before. */
export interface EmbeddedFabric {
  readonly cell: string;
  readonly journal: Journal;
  readonly store: Store;
  readonly inbox: EmbeddedInbox;
  readonly outbox: EmbeddedOutbox;
  readonly views: FoldViews;
  readonly signals: FoldSignals;
  readonly leader: Leader;
  readonly kernel: Kernel;
  readonly report: StartReport;
  readonly reign: NamedReign;
  /** Rejects never; resolves with the error when the fabric can't go on. */
  readonly failed: Promise<Error>;
  close(): Promise<void>;
}

/** The journal has been still for longer than this: an operator must say that the clock is right. */
const MAX_GAP_MS = 3_600_000;

/** A disk forces a turn in a fraction of this; one that doesn't works while the next turn is computed. */
const APPEND_WAIT_MS = 2;

/** A disk that takes longer holds up whoever sends something. */
const HELD_UP_MS = 5_000;

/** The wall clock is more than an hour ahead of the journal's last turn. */
export class ClockNotAccepted extends Error {
  readonly code = 'clock-not-accepted';
  constructor(lastTurnMs: number, nowMs: number) {
    const [lastTurn, now] = [lastTurnMs, Math.floor(nowMs)].map((ms) => new Date(ms).toISOString());
    super(
      `the last turn was written at ${lastTurn}, and the clock says ${now}; if it is right, start once with --accept-clock`,
    );
  }
}

/** Opens journal and store, and brings the fold up to the journal's end. The reign begins with `leader.start()`. */
export async function openFabric(parts: FabricParts): Promise<EmbeddedFabric> {
  const fold = await openFold(parts);
  try {
    checkClock(parts, fold.position);
    return around(parts, fold);
  } catch (error) {
    return giveUp(error, () => fold.close());
  }
}

type Fold = OpenedFold<OpenedJournal>;

function around(parts: FabricParts, fold: Fold): EmbeddedFabric {
  const { cell } = parts;
  const { kernel, cold, materializer, position } = fold;
  const { journal } = fold.journal;
  const inbox = new EmbeddedInbox();
  const outbox = new EmbeddedOutbox(journal.head().turn);
  let fail: (error: Error) => void = () => undefined;
  const failed = new Promise<Error>((resolve) => {
    fail = resolve;
  });
  const folded = { kernel, cold, materializer, journal };
  const appendWaitMs = APPEND_WAIT_MS;
  const reign = { id: hex(parts.writer), turn: journal.head().turn + 1 };
  const leader = new Leader({ ...parts, ...folded, inbox, outbox, appendWaitMs, onFatal: fail }, position);
  const views = new FoldViews({ cell, kernel, cold, materializer, at: leader, inbox, timers: parts.timers });
  return {
    cell,
    journal,
    store: fold.opened.store,
    inbox,
    outbox,
    views,
    signals: new StateSignals(kernel.state, parts.timers),
    leader,
    kernel,
    report: reportOf(fold),
    reign,
    failed,
    close: () => runAll([() => leader.stop(), () => fold.close()]),
  };
}

/** The fabric as its gateway sees it. */
export function serve(fabric: EmbeddedFabric): ServingFabric {
  const { inbox, outbox, views, signals, journal, failed, leader, kernel, reign } = fabric;
  return {
    inbox,
    outbox,
    views,
    signals,
    journal,
    failed,
    set onAppend(observe: (ms: number) => void) {
      leader.onAppend = observe;
    },
    role: 'leader',
    reign: () => reign,
    capture: () => fabric.store.capture(),
    policy: () => kernel.policy(),
    notReady: () => heldUp(leader),
    stop: () => leader.stop(),
    close: () => fabric.close(),
  };
}

/** What is sent now would wait, for nobody knows how long: as where brokers are out of reach. */
function heldUp({ undurableMs }: Leader): string | null {
  if (undurableMs < HELD_UP_MS) return null;
  return `the journal has not taken a turn for ${Math.floor(undurableMs / 1000)} s`;
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

function checkClock({ clocks, acceptClock }: FabricParts, position: FoldPosition): void {
  const nowMs = clocks.wallMs();
  const isLong = position.turn > 0 && nowMs - position.at > MAX_GAP_MS;
  if (isLong && !acceptClock) throw new ClockNotAccepted(position.at, nowMs);
}

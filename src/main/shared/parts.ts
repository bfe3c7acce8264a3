import type { Inbox, InputSource } from '../../inbox/port.js';
import type { Journal, SharedJournal } from '../../journal/port.js';
import type { TopicPublisher } from '../../outbox/kafka/publisher.js';
import type { AcceptedTurn } from '../../outbox/port.js';
import type { LeaderParts } from '../../scheduler/leader.js';
import type { StandbyParts } from '../../scheduler/standby.js';
import type { FoldSources, OpenedFold } from '../../scheduler/start.js';
import type { FoldViews } from '../../scheduler/views/fold-views.js';

/** A journal that other processes append to as well. */
type Shared = { readonly journal: SharedJournal };

/** All of such a fabric that reaches outside. */
export interface SharedParts
  extends FoldSources<Shared>,
    Pick<LeaderParts, 'clocks' | 'timers' | 'writer' | 'batches'>,
    Pick<StandbyParts, 'acceptClock' | 'onClockOff'> {
  /** Where the gateway hands inputs in; `accept` is told of every accepted turn, `end` that there won't be any more. */
  readonly inbox: Inbox & { accept(turn: AcceptedTurn): void; close(reason: string): void; end(): void };
  /** Makes what a leader reads inputs from. */
  readonly openInputs: (onFatal: (error: Error) => void) => InputSource;
  /** Makes what publishes accepted turns to the topics, from the turn after `published` on. */
  readonly openTopics: (reads: TopicReads, published: number, onFatal: (error: Error) => void) => TopicPublisher;
  readonly silenceMs: number;
  readonly idleMs: number;
  /** Whether an error may pass by itself: brokers that are out of reach. */
  readonly isPassing: (error: unknown) => boolean;
  /** Why the journal or a whole topic of inputs can't be had, once for as long as inputs are tried; null until then. */
  readonly outOfReach?: () => string | null;
  /** Hears why the fold can't be opened again yet. */
  readonly onWaiting?: (error: unknown) => void;
}

/** What publishing looks up. */
export interface TopicReads {
  readonly views: FoldViews;
  readonly journal: Journal;
}

/** The fold of such a fabric. */
export type Fold = OpenedFold<Shared>;

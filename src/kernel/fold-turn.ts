import { Code } from '../catalogue/generated/codes.js';
import type { AnyEntry, EventEntry } from '../catalogue/generated/types.js';
import { applyEvent } from './apply-event.js';
import { repeatedInput } from './decide/index.js';
import { evolve, evolveInput } from './evolve/index.js';
import type { ColdSink, Fold } from './fold.js';
import type { Indexes } from './indexes/indexes.js';
import type { State } from './rows/state.js';
import type { Changes } from './rows/turn-log.js';

/** Who follows a fold closely. */
export interface Follower {
  /** Kept right all the time, if they are given. */
  readonly indexes?: Indexes;
  /** Called before an event is applied: the state is that in which it was decided. */
  readonly onEvent?: (entry: EventEntry) => void;
  /** Called when all events are applied, with what the turn has changed. */
  readonly onChanged?: (changes: Changes) => void;
}

/** What a recorded turn says of itself, as far as the fold reads it. */
export interface FoldedTurn {
  readonly turn: number;
  readonly at: number;
  readonly stoppedMs: number;
}

/**
 * Folds one recorded turn into a state: what recovery, standby, replay and audit do with it. The same `evolve` as live.
 * With a `follower` decisions can be looked at, or taken, on the state afterwards without a rebuild of its indexes.
 */
export function foldTurn(
  state: State,
  { turn, at, stoppedMs }: FoldedTurn,
  entries: readonly AnyEntry[],
  cold: ColdSink,
  follower: Follower | null = null,
): void {
  const fold: Fold = { state, turn, at, running: at - stoppedMs, input: null, cold };
  for (const entry of entries) {
    if ('envelope' in entry) {
      fold.input = entry;
      if (repeatedInput({ state }, entry) === 0) evolveInput(fold);
      continue;
    }
    const cause = entry.cause < 0 ? undefined : entries[entry.cause];
    fold.input = cause !== undefined && 'envelope' in cause ? cause : null;
    follower?.onEvent?.(entry);
    if (follower?.indexes === undefined) evolve(fold, entry.code, entry.body);
    else follow(fold, follower.indexes, entry);
  }
  state.commit();
  follower?.indexes?.timers.compact();
  follower?.onChanged?.(state.changes());
}

/** As in a turn that is computed: a cursor leaves the line, and a job the frontier, before its rows change. */
function follow(fold: Fold, indexes: Indexes, entry: EventEntry): void {
  if (entry.code === Code.ContinuationAdvanced) indexes.cursors.take(entry.body.cursor);
  if (entry.code === Code.LeaseGranted) {
    const { dags, space } = fold.state;
    indexes.removeJob(space.handle(dags.find(entry.body.dag), entry.body.job));
  }
  applyEvent(fold, indexes, entry.code, entry.body);
}

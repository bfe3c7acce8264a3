import type { AnyEntry, BodyOf, EventEntry, InputEntry, SubmitDag } from '../catalogue/generated/types.js';
import { applyEvent } from './apply-event.js';
import type { ColdSink, Fold } from './fold.js';
import type { Indexes } from './indexes/indexes.js';
import { Lookup } from './json/index.js';
import type { State } from './rows/state.js';

/** Cold rows that were fetched before the turn (needs.ts); asking for one that was not is an assertion failure. */
export interface ColdView {
  /** The submission of a DAG. */
  spec(dag: number): SubmitDag;
  /** Inline JSON of an output; null when the attempt gave none, or a blob. */
  output(
    dag: number,
    job: number,
    attempt: number,
  ): { readonly json: Uint8Array | null; readonly isBlob: boolean } | null;
}

/**
 * A turn that is being computed. `emit` records an event and applies it at once, so that what is decided next sees it:
 * `decide` and `plan` write their events here, and nothing else changes the state.
 */
export class OpenTurn implements Fold {
  readonly entries: AnyEntry[] = [];
  events = 0;
  /** Cause of the events that are emitted now. */
  cause = 0;
  input: InputEntry | null = null;
  full = false;
  /** The earliest moment at which time alone changes what the plan would do. */
  planAgainAt = Number.POSITIVE_INFINITY;
  /** Into outputs, for the conditions and fan-outs that read them in this turn. */
  readonly lookup = new Lookup();

  constructor(
    readonly state: State,
    readonly indexes: Indexes,
    readonly turn: number,
    readonly at: number,
    readonly running: number,
    readonly coldView: ColdView,
    readonly cold: ColdSink,
  ) {}

  /** Records an event, applies it, and moves the indexes. */
  emit<C extends EventEntry['code']>(code: C, body: BodyOf<C>): void {
    // V8 calls push as a builtin here, which takes 190 instructions; this it compiles in place.
    this.entries[this.entries.length] = { code, cause: this.cause, body } as unknown as EventEntry;
    this.events += 1;
    applyEvent(this, this.indexes, code, body);
  }
}

import type { EventEntry, TurnRecord } from '../src/catalogue/generated/types.js';
import type { History } from './history.js';
import { isAfter, type Moment } from './moment.js';
import { Wrong } from './problem.js';
import { ScratchFold } from './scratch-fold.js';
import { type PassedOver, resumed } from './snapshot/resume.js';

/**
 * Who looks at a history while it is folded. The state is that of before the turn in `before`, of the moment at which
 * the event was decided in `event`, and of after the turn in `after`; it must only be read.
 */
export interface Visitor {
  before?(record: TurnRecord, fold: ScratchFold): void | Promise<void>;
  /** Called before the event is applied. */
  event?(entry: EventEntry, record: TurnRecord, fold: ScratchFold): void;
  after?(record: TurnRecord, fold: ScratchFold): void | Promise<void>;
  /** Asked after each turn: whether it has seen enough. The fold ends when one has. */
  isDone?(): boolean;
}

/** How far a fold is. */
export interface FoldProgress {
  readonly turns: number;
  readonly entries: number;
}

export interface FoldOptions {
  /**
   * Turns up to this moment are folded, and that from the newest snapshot on; visitors see only those that come after.
   * Without it the fold begins with nothing, at the first turn.
   */
  readonly after?: Moment;
  /** Told of snapshots that can't be used. */
  readonly onPassedOver?: (what: PassedOver) => void;
  /** The last turn that is folded. */
  readonly toTurn?: number;
  /** The last moment that is folded, in journal time. */
  readonly toAtMs?: number;
  /** Whether the policy's and all other indexes are right at all times; costs a fold about half as much again. */
  readonly follows?: boolean;
  /** Whether outputs of jobs are kept, for who decides again. */
  readonly keepsOutputs?: boolean;
  /** Called now and then. */
  readonly onProgress?: (done: FoldProgress) => void;
}

/** Entries after which progress is told: often enough for what takes long with each of them. */
const ENTRIES_PER_PROGRESS = 10_000;

/**
 * Folds a history with the same function as live (law 4), and checks the state hash of every turn; shows it to the
 * visitors on the way. Gives the fold as it stands at the end. Throws `Wrong` at the first turn that isn't right.
 */
export async function fold(
  history: History,
  visitors: readonly Visitor[] = [],
  options: FoldOptions = {},
): Promise<ScratchFold> {
  const { toTurn = Number.POSITIVE_INFINITY, toAtMs = Number.POSITIVE_INFINITY, after } = options;
  let current: TurnRecord | null = null;
  const onEvent = (entry: EventEntry): void => {
    for (const visitor of visitors) visitor.event?.(entry, current!, scratch);
  };
  const { follows = false, keepsOutputs = false } = options;
  const isTold = visitors.some(({ event }) => event !== undefined);
  const makeFold = (): ScratchFold => new ScratchFold({ keepsOutputs, ...(isTold && { onEvent }) });
  const scratch = await begin(history, makeFold, options);
  try {
    let watchers: readonly Visitor[] | null = null;
    const progress = new Progress(options.onProgress);
    const from = scratch.turn === 0 ? history.firstTurn : scratch.turn + 1;
    for await (const { record, hash } of history.read(from, { toTurn })) {
      if (record.turn > toTurn || record.at > toAtMs) break;
      if (watchers === null && (after === undefined || isAfter(record, after))) {
        watchers = visitors;
        if (follows) scratch.follow();
      }
      current = record;
      for (const visitor of watchers ?? []) await visitor.before?.(record, scratch);
      try {
        await scratch.fold(record, hash);
      } catch (error) {
        throw Wrong.of(error, record.turn, record);
      }
      progress.add(record);
      for (const visitor of watchers ?? []) await visitor.after?.(record, scratch);
      if (watchers?.some((visitor) => visitor.isDone?.() === true)) break;
    }
    return scratch;
  } catch (error) {
    // Nobody else has it, to let go of the snapshot that it goes on from.
    await scratch.close();
    throw error;
  }
}

/** A fold at the newest snapshot up to `after` that may be used, or at nothing. */
export async function begin(
  history: History,
  makeFold: () => ScratchFold,
  { after, onPassedOver }: Pick<FoldOptions, 'after' | 'onPassedOver'>,
): Promise<ScratchFold> {
  const found = after === undefined ? null : await resumed(history, after, makeFold, onPassedOver);
  if (found !== null) return found;
  mustBegin(history);
  return makeFold();
}

/** A fold without a snapshot begins at the first turn of all. */
export function mustBegin({ firstTurn }: Pick<History, 'firstTurn'>): void {
  if (firstTurn === 1) return;
  const detail = `the journal begins with turn ${firstTurn}, and a fold without a snapshot with turn 1`;
  throw new Wrong('history-incomplete', firstTurn, detail, null);
}

/** Tells how far a pass is, not too often. */
export class Progress {
  #turns = 0;
  #entries = 0;
  #told = 0;

  constructor(private readonly tell: ((done: FoldProgress) => void) | undefined) {}

  get entries(): number {
    return this.#entries;
  }

  add({ entries }: { readonly entries: readonly unknown[] }): void {
    this.#turns += 1;
    this.#entries += entries.length;
    if (this.#entries - this.#told < ENTRIES_PER_PROGRESS) return;
    this.#told = this.#entries;
    this.tell?.({ turns: this.#turns, entries: this.#entries });
  }
}

import type { Damage } from './errors.js';
import { type Head, type JournalReader, readTo } from './port.js';

/** What a turn chains on, and of which cell it is. */
export interface Before {
  readonly cell: string;
  readonly head: Head;
}

/**
 * A journal that is only read, where it is. It takes no lock: the journal may be a running fabric's, and a record that
 * is being written meanwhile counts as the end, or is read before it is durable. It holds nothing between two calls.
 */
export interface ReadableJournal extends JournalReader {
  /** Where it is, for people. */
  readonly place: string;
  /** Set if it is only a part of the journal in that place: one of its files. */
  readonly isPart?: true;
  /** The last turn that is whole now, by a look at the end only; the one before the first where there is none. */
  lastTurn(): Promise<number>;
  /** The torn record at which the last `read` that came to the end has ended, or null. A writer would cut it. */
  torn(): Damage | null;
  /** What a turn that is there, or would come next, chains on. Throws `JournalError` `not-found` for any other. */
  before(turn: number): Promise<Before>;
}

/** The turns of a journal between two, both included; null leaves that end open. */
export function within(
  journal: ReadableJournal,
  { fromTurn, toTurn }: { readonly fromTurn: number | null; readonly toTurn: number | null },
): ReadableJournal {
  if (fromTurn === null && toTurn === null) return journal;
  const last = toTurn ?? Number.POSITIVE_INFINITY;
  return {
    ...journal,
    isPart: true,
    firstTurn: () => fromTurn ?? journal.firstTurn(),
    lastTurn: async () => Math.min(last, await journal.lastTurn()),
    read: (from) => readTo(journal, from, last),
  };
}

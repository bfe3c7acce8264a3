import { decodeTurnHeader } from '../catalogue/turn.js';
import { JournalDamaged, JournalError } from './errors.js';
import { type JournalRecord, readTo } from './port.js';
import type { ReadableJournal } from './readable.js';
import { sameBytes } from './rule.js';

/**
 * An archive and the journal that goes on from it, read as one: turns that the journal has no longer come from the
 * archive. Where one ends and the other begins the chain is checked as everywhere.
 */
export function joined(archive: ReadableJournal, journal: ReadableJournal): ReadableJournal {
  const border = journal.firstTurn();
  return {
    place: journal.place,
    firstTurn: () => archive.firstTurn(),
    lastTurn: () => journal.lastTurn(),
    torn: () => journal.torn(),
    before: (turn) => (turn < border ? archive : journal).before(turn),
    async *read(fromTurn) {
      let last: JournalRecord | null = null;
      if (fromTurn < border) {
        for await (const record of readTo(archive, fromTurn, border - 1)) {
          last = record;
          yield record;
        }
        const next = (last?.turn ?? fromTurn - 1) + 1;
        if (next < border) {
          throw new JournalError('not-found', `turns ${next} to ${border - 1} are in neither archive nor journal`);
        }
      }
      for await (const record of journal.read(Math.max(fromTurn, border))) {
        if (last !== null) mustChain(last, record, journal.place);
        last = null;
        yield record;
      }
    },
  };
}

function mustChain(before: JournalRecord, { turn, bytes }: JournalRecord, place: string): void {
  if (sameBytes(decodeTurnHeader(bytes).prev, before.hash)) return;
  const reason = `turn ${turn} does not chain on turn ${before.turn} of the archive`;
  throw new JournalDamaged({ turn, file: place, offset: 0, reason });
}

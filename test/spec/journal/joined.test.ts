/** An archive and the journal that goes on from it, read as one. */
import { expect, it } from 'vitest';
import { turnHash } from '../../../src/catalogue/digest.js';
import { encodeTurn } from '../../../src/catalogue/turn.js';
import { JournalDamaged } from '../../../src/journal/errors.js';
import { joined } from '../../../src/journal/joined.js';
import type { JournalRecord } from '../../../src/journal/port.js';
import type { ReadableJournal } from '../../../src/journal/readable.js';
import { turnOf } from '../../support/journal-turns.js';

/** A chain of turns from 1 on. */
function chain(count: number): readonly JournalRecord[] {
  const records: JournalRecord[] = [];
  for (let turn = 1; turn <= count; turn++) {
    const before = records.at(-1);
    const bytes = encodeTurn({ ...turnOf(turn, []), ...(before && { prev: before.hash }) });
    records.push({ turn, bytes, hash: turnHash(bytes) });
  }
  return records;
}

const TURNS = chain(10);

/** Some of the turns, of which one may be damaged. */
function reading(firstTurn: number, lastTurn: number, damaged = 0): ReadableJournal {
  const records = async function* (fromTurn: number) {
    for (const record of TURNS.slice(fromTurn - 1, lastTurn)) {
      const { turn } = record;
      if (turn === damaged) throw new JournalDamaged({ turn, file: 'archive', offset: 0, reason: 'overwritten' });
      yield record;
    }
  };
  return { firstTurn: () => firstTurn, read: records } as Partial<ReadableJournal> as ReadableJournal;
}

async function turnsIn(journal: ReadableJournal, from: number): Promise<number[]> {
  const turns: number[] = [];
  for await (const { turn } of journal.read(from)) turns.push(turn);
  return turns;
}

const ALL = TURNS.map(({ turn }) => turn);

it('gives every turn once, also where both have some', async () => {
  for (const last of [5, 6, 10]) expect(await turnsIn(joined(reading(1, last), reading(6, 10)), 1)).toEqual(ALL);
  expect(await turnsIn(joined(reading(1, 5), reading(6, 10)), 6)).toEqual([6, 7, 8, 9, 10]);
});

it('does not ask the archive for a turn that the journal has: there it may be damaged', async () => {
  expect(await turnsIn(joined(reading(1, 8, 6), reading(6, 10)), 1)).toEqual(ALL);
  await expect(turnsIn(joined(reading(1, 8, 5), reading(6, 10)), 1)).rejects.toThrow('overwritten');
});

it('says what is in neither', async () => {
  await expect(turnsIn(joined(reading(1, 3), reading(6, 10)), 1)).rejects.toThrow('turns 4 to 5 are in neither');
});

/** What every adapter of the journal port keeps. */
import { beforeEach, describe, expect, it } from 'vitest';
import { turnHash } from '../../src/catalogue/digest.js';
import { type Journal, readTurn } from '../../src/journal/port.js';
import { emptyHead } from '../../src/journal/rule.js';
import {
  appendTurns,
  inputsAfter,
  payloadOf,
  readAll,
  summary,
  type TurnOptions,
  turnAfter,
} from './journal-support/turns.js';

/** A place in which journals are opened, one after the other. */
export interface JournalPlace {
  open(): Promise<Journal>;
  /** Lets go of turns before this one, as archiving does: not of all where they are in whole segments. */
  letGoBefore?(turn: number): Promise<void>;
  remove(): Promise<void>;
}

/** Runs the suite on an adapter. `makePlace` gives an empty place, which lets go of turns if `letsGo` says so. */
export function journalContract(name: string, makePlace: () => Promise<JournalPlace>, letsGo = true): void {
  describe(`the journal in ${name}`, () => {
    let place: JournalPlace;
    let journal: Journal;
    beforeEach(async () => {
      place = await makePlace();
      journal = await place.open();
      return async () => {
        await journal.close();
        await place.remove();
      };
    });
    const reopen = async (): Promise<void> => {
      await journal.close();
      journal = await place.open();
    };

    it('is empty at first', async () => {
      expect(journal.head()).toEqual(emptyHead());
      expect(journal.firstTurn()).toBe(1);
      expect(await readAll(journal)).toEqual([]);
    });

    it('gives back what was appended, in order, also after it was opened again', async () => {
      const records = await appendTurns(journal, [0, 10, 480, 481, 482, 5_000, 70_000]);
      expect(summary(await readAll(journal))).toEqual(summary(records));
      await reopen();
      expect(summary(await readAll(journal))).toEqual(summary(records));
    });

    it('has a head that the next turn chains on, also after it was opened again', async () => {
      const first = turnAfter(journal.head(), { epoch: 3, at: 77, inputs: [inputsAfter(journal.head(), 'api', 5)] });
      await journal.append(first.bytes, first.hash);
      const positions = new Map([['api/0', 5]]);
      const expected = { turn: 1, hash: Buffer.from(first.hash), epoch: 3, at: 77, positions };
      expect({ ...journal.head(), hash: Buffer.from(journal.head().hash) }).toEqual(expected);
      await reopen();
      expect({ ...journal.head(), hash: Buffer.from(journal.head().hash) }).toEqual(expected);
      await appendTurns(journal, [1, 1]);
      expect(journal.head()).toMatchObject({ turn: 3, epoch: 3, positions: new Map([['api/0', 11]]) });
    });

    it('keeps a head as it was when later turns are appended', async () => {
      const before = journal.head();
      await appendTurns(journal, [1]);
      expect(before).toEqual(emptyHead());
    });

    if (letsGo)
      it('says of turns that were let go while it is open that they are not there, and reads on from others', async () => {
        const records = await appendTurns(journal, new Array<number>(20).fill(20_000));
        expect(summary(await readAll(journal))).toEqual(summary(records));
        await place.letGoBefore?.(15);
        await expect(readAll(journal, 1)).rejects.toMatchObject({ name: 'JournalError', code: 'not-found' });
        await expect(readTurn(journal, 1)).resolves.toBe('gone');
        await expect(readTurn(journal, 15)).resolves.toMatchObject({ turn: 15 });
        await expect(readTurn(journal, 21)).resolves.toBe('to-come');
        expect(summary(await readAll(journal, 15))).toEqual(summary(records.slice(14)));
        await appendTurns(journal, [10]);
        await expect(readTurn(journal, 21)).resolves.toMatchObject({ turn: 21 });
      });

    it('reads from any turn', async () => {
      const records = await appendTurns(
        journal,
        Array.from({ length: 60 }, (_, i) => i * 37),
      );
      for (const from of [1, 2, 3, 31, 59, 60]) {
        expect(summary(await readAll(journal, from))).toEqual(summary(records.slice(from - 1)));
      }
      expect(await readAll(journal, 61)).toEqual([]);
      expect(await readAll(journal, 1_000)).toEqual([]);
      await reopen();
      expect(summary(await readAll(journal, 44))).toEqual(summary(records.slice(43)));
    });

    it('does not read before its first turn', async () => {
      await appendTurns(journal, [1]);
      await expect(readAll(journal, 0)).rejects.toMatchObject({ code: 'not-found' });
    });

    it('takes a turn that is larger than what is read at once, between small ones', async () => {
      const records = await appendTurns(journal, [100, 9_000_000, 100, 3_000_000, 2_097_152, 100]);
      expect(summary(await readAll(journal))).toEqual(summary(records));
      await reopen();
      expect(summary(await readAll(journal, 4))).toEqual(summary(records.slice(3)));
    });

    it('takes sectors of zeros and of ones in a turn', async () => {
      const records = [];
      for (const payload of [Buffer.alloc(4_096), Buffer.alloc(4_096, 255), Buffer.alloc(700)]) {
        const record = turnAfter(journal.head(), { payload });
        await journal.append(record.bytes, record.hash);
        records.push(record);
      }
      expect(summary(await readAll(journal))).toEqual(summary(records));
      await reopen();
      expect(summary(await readAll(journal))).toEqual(summary(records));
    });

    it('lets the bytes of an append be used again', async () => {
      const { bytes, hash } = turnAfter(journal.head(), { payload: payloadOf(300) });
      const mine = Buffer.from(bytes);
      await journal.append(mine, hash);
      mine.fill(7);
      const [record] = await readAll(journal);
      expect(Buffer.from(record!.bytes)).toEqual(Buffer.from(bytes));
    });

    it('gives records that stay as they were read', async () => {
      const records = await appendTurns(
        journal,
        Array.from({ length: 200 }, () => 20_000),
      );
      const read = await readAll(journal);
      expect(read.every(({ bytes, hash }) => turnHash(bytes).equals(hash))).toBe(true);
      expect(read.length).toBe(records.length);
    });

    it('can be read while it is appended to', async () => {
      const before = await appendTurns(journal, [10, 10, 10]);
      const seen: number[] = [];
      let more = 0;
      for await (const { turn } of journal.read(1)) {
        seen.push(turn);
        if (more++ < 40) before.push(...(await appendTurns(journal, [50_000])));
      }
      // Everything that was there when the iteration came to the end.
      expect(seen).toEqual(before.map(({ turn }) => turn).slice(0, seen.length));
      expect(seen.length).toBeGreaterThanOrEqual(3);
      expect(summary(await readAll(journal))).toEqual(summary(before));
    });

    it('takes no append after it was closed', async () => {
      const { bytes, hash } = turnAfter(journal.head());
      await journal.close();
      await expect(journal.append(bytes, hash)).rejects.toMatchObject({ code: 'append-failed' });
    });

    describe('refuses, and goes on', () => {
      const cases: [string, TurnOptions, string?][] = [
        ['a turn that is missing one', { turn: 4 }],
        ['a turn that was seen', { turn: 2 }],
        ['another chain', { prev: Buffer.alloc(32, 9) }],
        ['a stale epoch', { epoch: 1 }],
        ['another cell', { cell: 'other' }, 'journal-foreign-cell'],
        ['time that falls', { at: 99 }],
        ['a gap in the inputs', { inputs: [{ source: 'api', partition: 0, from: 6, to: 7 }] }],
        ['inputs that were taken', { inputs: [{ source: 'api', partition: 0, from: 4, to: 7 }] }],
        ['a new partition that does not begin at 0', { inputs: [{ source: 'api', partition: 1, from: 5, to: 7 }] }],
      ];
      it.each(cases)('%s', async (_name, options, code = 'append-failed') => {
        for (const at of [90, 100]) {
          const inputs = at === 90 ? [{ source: 'api', partition: 0, from: 0, to: 5 }] : [];
          const record = turnAfter(journal.head(), { epoch: 2, at, inputs });
          await journal.append(record.bytes, record.hash);
        }
        const head = journal.head();
        const wrong = turnAfter(head, options);
        await expect(journal.append(wrong.bytes, wrong.hash)).rejects.toMatchObject({ code });
        expect(journal.head()).toEqual(head);
        const right = turnAfter(head);
        await journal.append(right.bytes, right.hash);
        await reopen();
        expect((await readAll(journal)).map(({ turn }) => turn)).toEqual([1, 2, 3]);
      });

      it('what is no turn', async () => {
        await expect(journal.append(Buffer.from('nonsense'), Buffer.alloc(32))).rejects.toMatchObject({
          code: 'append-failed',
        });
        expect((await appendTurns(journal, [1])).length).toBe(1);
      });
    });
  });
}

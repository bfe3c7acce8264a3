import { appendFile, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { writeDocuments } from '../../../bench/support/documents-history.js';
import { verify } from '../../../replay/index.js';
import { ScratchFold } from '../../../replay/scratch-fold.js';
import { encodeBody, isInput } from '../../../src/catalogue/codec.js';
import { turnHash } from '../../../src/catalogue/digest.js';
import { Code } from '../../../src/catalogue/generated/codes.js';
import type { AnyEntry, TurnRecord } from '../../../src/catalogue/generated/types.js';
import { decodeTurn, encodeTurn } from '../../../src/catalogue/turn.js';
import { JournalError } from '../../../src/journal/errors.js';
import { nodeDisk } from '../../../src/journal/files/node-disk.js';
import { openFileJournal } from '../../../src/journal/files/open.js';
import { openForReading } from '../../../src/journal/files/reader.js';
import { readTo } from '../../../src/journal/port.js';
import { inFolder, turnsOf, writeTurns } from './history.js';

const EVENTS = 5_000;

/** Writes a right history, changes it, and audits what comes out. */
function audited(change: (turns: TurnRecord[]) => TurnRecord[]) {
  return inFolder(async (folder) => {
    await writeDocuments(join(folder, 'right'), EVENTS);
    const turns = change(await turnsOf(join(folder, 'right')));
    await writeTurns(join(folder, 'changed'), turns);
    return verify(join(folder, 'changed'));
  });
}

/** The last turn that has what is asked for, changed. */
function changeLast(
  turns: readonly TurnRecord[],
  has: (turn: TurnRecord) => boolean,
  change: (turn: TurnRecord) => TurnRecord,
) {
  const at = turns.findLastIndex(has);
  expect(at).toBeGreaterThan(0);
  return { turn: at + 1, turns: turns.map((turn, i) => (i === at ? change(turn) : turn)) };
}

describe('verify', () => {
  it('rejects where turns are archived while it reads them: nothing is wrong with the journal', () =>
    inFolder(async (folder) => {
      await writeDocuments(folder, EVENTS);
      const journal = await openForReading(nodeDisk, folder);
      const archived: typeof journal = {
        ...journal,
        async *read(fromTurn) {
          yield* readTo(journal, fromTurn, 10);
          throw new JournalError('not-found', 'turn 11 was taken away while the journal was read; read it again');
        },
      };
      await expect(verify(archived)).rejects.toMatchObject({ code: 'not-found' });
    }));

  it('finds nothing in a right history, and counts it', () =>
    inFolder(async (folder) => {
      const written = await writeDocuments(folder, EVENTS);
      const turns = await turnsOf(folder);
      const report = await verify(folder);
      const last = turns.at(-1)!;
      expect(report).toMatchObject({
        ok: true,
        problem: null,
        torn: null,
        turns: turns.length,
        events: written.events,
      });
      expect(report.entries).toBe(turns.reduce((sum, { entries }) => sum + entries.length, 0));
      expect(report.head).toEqual({
        turn: last.turn,
        hash: Buffer.from(turnHash(encodeTurn(last))).toString('hex'),
        stateHash: Buffer.from(last.stateHash).toString('hex'),
      });
    }));

  it('finds nothing in an empty folder', () =>
    inFolder(async (folder) => {
      expect(await verify(folder)).toMatchObject({ ok: true, turns: 0, head: { turn: 0 } });
    }));

  it('names the turn whose state hash is another one, and what is in it', async () => {
    let wrong = 0;
    const report = await audited((turns) => {
      const changed = changeLast(
        turns,
        ({ entries }) => entries.some(({ code }) => code === Code.JobSucceeded),
        (turn) => ({ ...turn, stateHash: Buffer.from(turn.stateHash).fill(turn.stateHash[15]! ^ 1, 15) }),
      );
      wrong = changed.turn;
      return changed.turns;
    });
    expect(report).toMatchObject({ ok: false, turns: wrong - 1, problem: { turn: wrong, code: 'state-diverged' } });
    expect(report.head.turn).toBe(wrong - 1);
    expect(report.problem?.entries?.['JobSucceeded']).toBeGreaterThan(0);
  });

  it('does not pass over an event that was taken out', async () => {
    const report = await audited((turns) => {
      const isEnd = (entry: AnyEntry) => entry.code === Code.SlotReleased;
      return changeLast(
        turns,
        ({ entries }) => isEnd(entries.at(-1)!) || entries.some(isEnd),
        (turn) => ({ ...turn, entries: withoutLast(turn.entries, isEnd) }),
      ).turns;
    });
    expect(report.ok).toBe(false);
    expect(['state-diverged', 'fold-failed']).toContain(report.problem?.code);
  });

  it('compares each input with its digest', async () => {
    const change = (turns: TurnRecord[]) =>
      changeLast(
        turns,
        ({ entries }) => entries.some(({ code }) => code === Code.Heartbeat || code === Code.CompleteJob),
        (turn) => ({
          ...turn,
          entries: turn.entries.map((entry) =>
            entry.code === Code.CompleteJob ? { ...entry, body: { ...entry.body, unitsUsed: 7 } } : entry,
          ),
        }),
      ).turns;
    expect((await audited(change)).problem).toMatchObject({ code: 'digest-mismatch' });
  });

  it('refuses a cause that stands for nothing', async () => {
    const report = await audited((turns) =>
      turns.map((turn, i) =>
        i === turns.length - 1
          ? { ...turn, entries: turn.entries.map((entry) => (isInput(entry) ? entry : { ...entry, cause: -9 })) }
          : turn,
      ),
    );
    expect(report.problem).toMatchObject({ code: 'undecodable', detail: expect.stringContaining('-9') });
  });

  it('says where a file is damaged, and what was right before', () =>
    inFolder(async (folder) => {
      await writeDocuments(folder, EVENTS);
      const file = join(folder, (await readdir(folder)).find((name) => name.endsWith('.turns'))!);
      const bytes = await readFile(file);
      const middle = bytes.length >> 1;
      bytes[middle]! ^= 0xff;
      await writeFile(file, bytes);
      const report = await verify(folder);
      expect(report).toMatchObject({ ok: false, problem: { code: 'journal-damaged' } });
      expect(report.problem?.turn).toBe(report.turns + 1);
      expect(report.turns).toBeGreaterThan(0);
    }));

  it('takes a torn record at the end for the end', () =>
    inFolder(async (folder) => {
      await writeDocuments(folder, EVENTS);
      const file = join(folder, (await readdir(folder)).find((name) => name.endsWith('.turns'))!);
      const turns = (await verify(folder)).turns;
      await appendFile(file, Buffer.alloc(512));
      expect(await verify(folder)).toMatchObject({ ok: true, turns, torn: { turn: turns + 1 } });
    }));

  it('reads a journal that somebody else has open', () =>
    inFolder(async (folder) => {
      await writeDocuments(folder, EVENTS);
      const { journal } = await openFileJournal({ disk: nodeDisk, folder, cell: 'main', sync: 'off' });
      try {
        expect(await verify(folder)).toMatchObject({ ok: true, turns: journal.head().turn });
      } finally {
        await journal.close();
      }
    }));

  it('tells how far it is', () =>
    inFolder(async (folder) => {
      await writeDocuments(folder, 210_000);
      const seen: number[] = [];
      const report = await verify(folder, { onProgress: ({ events }) => seen.push(events) });
      expect(seen).toHaveLength(2);
      expect(seen[0]).toBeLessThan(seen[1]!);
      expect(seen[1]).toBeLessThanOrEqual(report.events);
    }));
});

describe('decodeTurn', () => {
  it('keeps the bytes of submissions for who stores them, and of nothing else', () =>
    inFolder(async (folder) => {
      await writeDocuments(folder, EVENTS);
      for (const turn of await turnsOf(folder)) {
        const kept = decodeTurn(encodeTurn(turn), { submissions: 'keep' });
        for (const entry of kept.entries) {
          const encoded = 'encoded' in entry ? entry.encoded : undefined;
          const expected = entry.code === Code.SubmitDag ? encodeBody(entry.code, entry.body) : undefined;
          expect(encoded && Buffer.from(encoded)).toEqual(expected);
        }
      }
    }));
});

describe('ScratchFold', () => {
  it('comes to the same hashes when what has ended leaves memory after every turn', () =>
    inFolder(async (folder) => {
      await writeDocuments(folder, EVENTS, { retainTerminalJobs: 24 });
      const fold = new ScratchFold({ terminalJobs: 0 });
      const turns = await turnsOf(folder);
      for (const turn of turns) await fold.fold(turn, turnHash(encodeTurn(turn)));
      expect(turns.some(({ entries }) => entries.some(({ code }) => code === Code.DagForgotten))).toBe(true);
    }));
});

function withoutLast<T>(list: readonly T[], is: (item: T) => boolean): T[] {
  const at = list.findLastIndex(is);
  return list.filter((_, i) => i !== at);
}

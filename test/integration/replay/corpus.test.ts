/** The journals of releases come to what they came to: folded, decided again, and under any surroundings. */
import { execFile } from 'node:child_process';
import { cp, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { fold, openJournal, Play, verify } from '../../../replay/index.js';
import { ScratchFold } from '../../../replay/scratch-fold.js';
import { turnHash } from '../../../src/catalogue/digest.js';
import { Code } from '../../../src/catalogue/generated/codes.js';
import type { AnyEntry, TurnRecord } from '../../../src/catalogue/generated/types.js';
import { encodeTurn } from '../../../src/catalogue/turn.js';
import { nodeDisk } from '../../../src/journal/files/node-disk.js';
import { scanOffsets } from '../../../src/journal/files/seek.js';
import { readSegmentHeader } from '../../../src/journal/files/segment.js';
import { inFolder, turnsOf, writeTurns } from './history.js';

const CORPUS = 'replay/corpus';
const MARIE = 'bin/marie.mjs';
const SEGMENT = '0000000000000001.turns';

const entries = await readdir(CORPUS, { withFileTypes: true });
const journals = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);

async function expectedOf(name: string) {
  return JSON.parse(await readFile(join(CORPUS, name, 'expected.json'), 'utf8'));
}

it('there are journals', () => {
  expect(journals.length).toBeGreaterThan(1);
});

describe.each(journals)('%s', (name) => {
  const folder = join(CORPUS, name);

  it('verifies, and comes to its hashes', async () => {
    const { turns, events, head } = await expectedOf(name);
    expect(await verify(folder)).toMatchObject({ ok: true, turns, events, head });
  });

  it('is decided again as it was', async () => {
    const play = await Play.of(await openJournal(`corpus:${name}`));
    const { parting, numbers, assumed } = await play.run({});
    expect({ parting, numbers, assumed }).toEqual({ parting: null, numbers: play.recorded, assumed: 0 });
  });

  it('comes to the same hashes under another time zone, locale and heap, from a copy', async () => {
    const { head } = await expectedOf(name);
    await inFolder(async (copy) => {
      await cp(folder, copy, { recursive: true });
      for (const [TZ, LC_ALL, heap] of [
        ['Pacific/Chatham', 'tr_TR.UTF-8', '64'],
        ['America/Caracas', 'C', '512'],
      ] as const) {
        const args = [`--max-old-space-size=${heap}`, MARIE, 'replay', 'verify', copy, '--json'];
        const { stdout } = await promisify(execFile)(process.execPath, args, { env: { ...process.env, TZ, LC_ALL } });
        expect(JSON.parse(stdout).head).toEqual(head);
      }
    });
  });

  it('comes to the same hashes when what has ended goes through a store, and when it does not', async () => {
    const { head } = await expectedOf(name);
    const turns = await turnsOf(folder);
    for (const terminalJobs of [0, 50, Number.MAX_SAFE_INTEGER]) {
      const scratch = new ScratchFold({ terminalJobs });
      for (const turn of turns) await scratch.fold(turn, turnHash(encodeTurn(turn)));
      expect(Buffer.from(scratch.state.hash.toBytes()).toString('hex')).toBe(head.stateHash);
    }
  });

  it('comes to the same hashes while the indexes follow', async () => {
    const { head } = await expectedOf(name);
    const scratch = await fold(await openJournal(folder), [], { follows: true, keepsOutputs: true });
    expect(Buffer.from(scratch.state.hash.toBytes()).toString('hex')).toBe(head.stateHash);
  });
});

describe('a journal that was tampered with is refused, with the turn named:', () => {
  const folder = join(CORPUS, 'late-invoice');
  /** The turn that is tampered with. */
  const MIDDLE = 120;

  async function audited(change: (turns: TurnRecord[]) => readonly TurnRecord[]) {
    return inFolder(async (copy) => {
      await writeTurns(copy, change(await turnsOf(folder)));
      return verify(copy);
    });
  }

  it.each([0.2, 0.5, 0.9])('one flipped byte at %d of the file', async (place) => {
    await inFolder(async (copy) => {
      await cp(folder, copy, { recursive: true });
      const file = join(copy, SEGMENT);
      const bytes = await readFile(file);
      bytes[Math.floor(bytes.length * place)]! ^= 1;
      await writeFile(file, bytes);
      const report = await verify(copy);
      expect(report).toMatchObject({ ok: false, problem: { code: 'journal-damaged' } });
      expect(report.problem!.turn).toBe(report.turns + 1);
    });
  });

  it('a forged record, its chain made right again', async () => {
    let forged = 0;
    const report = await audited((turns) =>
      turns.map((turn) => {
        const at = turn.entries.findIndex(({ code }) => code === Code.LeaseGranted);
        if (forged > 0 || turn.turn < MIDDLE || at < 0) return turn;
        forged = turn.turn;
        return { ...turn, entries: turn.entries.map((entry, i) => (i === at ? otherAttempt(entry) : entry)) };
      }),
    );
    expect(report).toMatchObject({ ok: false, turns: forged - 1, problem: { turn: forged } });
    expect(['state-diverged', 'fold-failed']).toContain(report.problem!.code);
  });

  it('a turn that is missing', () => respliced(([before, , after]) => [before!, after!], MIDDLE));

  it('two turns in the wrong order', () => respliced(([before, own, after]) => [before!, after!, own!], MIDDLE));

  it('a turn that is there twice', () =>
    respliced(([before, own, after]) => [before!, own!, own!, after!], MIDDLE + 1));

  /** Puts a file together again from what comes before a turn, the turn, and the one after; the rest goes on. */
  async function respliced(order: (parts: Buffer[]) => Buffer[], wrong: number): Promise<void> {
    await inFolder(async (copy) => {
      await cp(folder, copy, { recursive: true });
      const file = join(copy, SEGMENT);
      const bytes = await readFile(file);
      const open = await nodeDisk.open(file, 'read');
      const { dataOffset } = await readSegmentHeader(open, 1);
      const offsets = await scanOffsets(open, dataOffset);
      await open.close();
      const [from, to, then] = [MIDDLE - 1, MIDDLE, MIDDLE + 1].map((place) => offsets.at(place)!) as [
        number,
        number,
        number,
      ];
      const parts = order([bytes.subarray(0, from), bytes.subarray(from, to), bytes.subarray(to, then)]);
      await writeFile(file, Buffer.concat([...parts, bytes.subarray(then)]));
      const report = await verify(copy);
      expect(report).toMatchObject({ ok: false, turns: wrong - 1, problem: { turn: wrong, code: 'journal-damaged' } });
    });
  }
});

function otherAttempt(entry: AnyEntry): AnyEntry {
  if (entry.code !== Code.LeaseGranted) throw new Error('no lease');
  return { ...entry, body: { ...entry.body, attempt: entry.body.attempt + 1 } };
}

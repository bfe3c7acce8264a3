/** How long work on histories comes on, in a terminal and in a pipe. */
import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeDocuments } from '../../../bench/support/documents-history.js';
import { openJournal, type PlayProgress, sla } from '../../../replay/index.js';
import { backUp } from '../../../src/main/backup/backup.js';
import { restore } from '../../../src/main/backup/restore.js';
import { Pty } from '../../support/pty.js';
import { inFolder } from '../replay/history.js';
import { atEnd, MARIE, marie } from './setup.js';

const EVENTS = 30_000;

/** A line of passes over turns, all of whose figures are known. */
const passed = (phase: string) =>
  new RegExp(`${phase} \\d+ %, [\\d,]+ turns, [\\d,]+ entries \\([\\d.,]+/s\\), (about .*|less than 1 s) left`);

/** A line of a copy, all of whose figures are known. */
const copied = (phase: string, detail = '') =>
  new RegExp(
    `${phase} \\d+ %, ${detail}[\\d.]+ (B|KiB|MiB) \\([\\d.]+ (B|KiB|MiB)/s\\), (about .*|less than 1 s) left`,
  );

/** A data folder with a history of many turns, which the tests read and leave as it is. */
let data: string;
beforeAll(async () => {
  data = await mkdtemp(join(tmpdir(), 'marie-long-work-'));
  await writeDocuments(join(data, 'journal'), EVENTS);
});
afterAll(() => rm(data, { recursive: true, force: true }));

/** Runs with the history, and the place for what is made of it. */
function withHistory(run: (history: string, out: string) => Promise<void>): Promise<void> {
  return inFolder((folder) => run(join(data, 'journal'), join(folder, 'out')));
}

/** In a terminal: what is shown while it runs, to its end. */
async function watched(args: readonly string[]): Promise<string> {
  const pty = new Pty([process.execPath, MARIE, ...args]);
  expect(await pty.ended()).toBe(0);
  return pty.said;
}

describe('marie replay export', () => {
  it('shows rate and time left in a terminal, and nothing in a pipe', () =>
    withHistory(async (history, out) => {
      const args = ['replay', 'export', history, '--out'];
      expect(await watched([...args, out])).toMatch(passed('written'));
      const piped = await marie([...args, `${out}-2`, '--json']);
      expect(piped).toMatchObject({ code: 0, stderr: '' });
      expect(JSON.parse(piped.stdout)).toMatchObject({ format: 'parquet' });
    }));
});

/** A fabric that is so slow that it never takes an upload, and the DAG that is to have a large file. */
async function slowUpload(folder: string): Promise<readonly string[]> {
  const server = createServer(() => undefined).listen(0, '127.0.0.1');
  await once(server, 'listening');
  atEnd(async () => {
    server.closeAllConnections();
    server.close();
  });
  const [dag, file] = [join(folder, 'dag.json'), join(folder, 'scan.pdf')];
  const jobs = [{ id: 'a', executorClass: 'ocr', inputs: { pdf: { input: 'pdf' } } }];
  await writeFile(dag, JSON.stringify({ name: 'd', jobs }));
  await writeFile(file, randomBytes(32 * 1024 * 1024));
  return ['submit', dag, '-i', `pdf=${file}`, '--url', `http://127.0.0.1:${(server.address() as AddressInfo).port}`];
}

describe('marie submit', () => {
  it('shows how far a large file is, and gives up at Ctrl-C', () =>
    inFolder(async (folder) => {
      const pty = new Pty([process.execPath, MARIE, ...(await slowUpload(folder))]);
      await pty.showing(copied('sent pdf'));
      pty.type('\u0003');
      expect(await pty.ended()).toBe(130);
    }));
});

describe('marie export', () => {
  it('shows rate and time left in a terminal, and nothing in a pipe', () =>
    withHistory(async (history, out) => {
      expect(await watched(['export', history, out])).toMatch(copied('copied', '[\\d,]+ turns, '));
      const piped = await marie(['export', history, `${out}-2`, '--json']);
      expect(piped).toMatchObject({ code: 0, stderr: '' });
      expect(JSON.parse(piped.stdout)).toMatchObject({ firstTurn: 1 });
    }));
});

/** So many times a longer history is copied until Ctrl-C comes before its end. */
const TRIES = 6;

describe('at Ctrl-C', () => {
  it.each([
    { words: ['export'], to: [], phase: /copied/ },
    { words: ['replay', 'export'], to: ['--out'], phase: /written/ },
  ])('marie $words leaves nothing behind', ({ words, to, phase }) =>
    inFolder(async (folder) => {
      const codes: (number | null)[] = [];
      for (let events = EVENTS; codes.at(-1) !== 130 && codes.length < TRIES; events *= 3) {
        const [history, out] = [join(folder, `history-${events}`), join(folder, `out-${events}`)];
        await writeDocuments(history, events);
        const pty = new Pty([process.execPath, MARIE, ...words, history, ...to, out]);
        await pty.showing(phase);
        pty.type('\u0003');
        codes.push(await pty.ended());
        const names = await readdir(folder);
        expect(names).not.toContain(`out-${events}.partial`);
        expect(names.includes(`out-${events}`)).toBe(codes.at(-1) === 0);
      }
      expect(codes.at(-1)).toBe(130);
    }),
  );
});

describe('marie backup and restore', () => {
  it('show rate and time left in a terminal, and nothing in a pipe', () =>
    withHistory(async (history, out) => {
      expect(await watched(['backup', dirname(history), out])).toMatch(copied('journal copied'));
      expect(await watched(['restore', out, `${out}-data`])).toMatch(copied('journal copied'));
      for (const args of [
        ['backup', dirname(history), `${out}-2`],
        ['restore', out, `${out}-data-2`],
      ]) {
        expect(await marie([...args, '--json'])).toMatchObject({ code: 0, stderr: '' });
      }
    }));

  it('tell of each of their phases up to its last byte', () =>
    withHistory(async (journal, out) => {
      const blob = randomBytes(200_000);
      const digest = createHash('sha256').update(blob).digest('hex');
      const blobs = join(dirname(out), 'blobs');
      await mkdir(join(blobs, digest.slice(0, 2)), { recursive: true });
      await writeFile(join(blobs, digest.slice(0, 2), digest.slice(2)), blob);

      const [backedUp, restored] = [new Map<string, number>(), new Map<string, number>()];
      const source = { journal, blobs, snapshots: join(dirname(out), 'snapshots') };
      const isGood = async () => true;
      const { files } = await backUp(source, out, isGood, (phase, bytes) => backedUp.set(phase, bytes));
      await restore(
        out,
        `${out}-data`,
        async () => null,
        (phase, bytes) => restored.set(phase, bytes),
      );
      const inFiles = files.reduce((sum, { bytes }) => sum + bytes, 0);
      const inTurns = backedUp.get('journal copied')!;
      expect(inTurns).toBeGreaterThan(inFiles / 2);
      expect(Object.fromEntries(backedUp)).toEqual({
        'journal copied': inTurns,
        'journal checked': inTurns,
        'journal digested': inFiles,
        'blobs copied': blob.length,
      });
      expect(Object.fromEntries(restored)).toEqual({
        'journal copied': inFiles,
        'journal checked': inTurns,
        'blobs copied': blob.length,
      });
    }));
});

describe('marie replay what-if', () => {
  it('shows how far the history is that is played again, and of a sweep all of them together', () =>
    withHistory(async (history) => {
      const said = await watched(['replay', 'what-if', history, '--policy', 'fifo@1']);
      expect(said).toMatch(passed('read'));
      expect(said).toMatch(passed('played'));
      const sweep = ['replay', 'what-if', history, '--sweep', 'class=ocr:4095..4096'];
      expect(await watched(sweep)).toMatch(passed('played'));
      expect(await marie(sweep)).toMatchObject({ code: 0, stderr: '' });
    }));

  it('ends at Ctrl-C, and leaves the terminal as it was', () =>
    withHistory(async (history) => {
      const pty = new Pty([process.execPath, MARIE, 'replay', 'what-if', history, '--sweep', 'class=ocr:1..4096']);
      await pty.showing(/played 0 %/);
      pty.type('\u0003');
      expect(await pty.ended()).toBe(130);
      expect(pty.said).not.toContain('\u001b[?25l');
    }));
});

describe('marie replay state', () => {
  it('shows the time left up to a turn, and the rate alone up to a time', () =>
    withHistory(async (history) => {
      const last = await (await openJournal(history)).lastTurn();
      expect(await watched(['replay', 'state', history, '--at', `${last}`])).toMatch(passed('folded'));
      const toTime = await watched(['replay', 'state', history, '--at', '1', '--diff', '2100-01-01']);
      expect(toTime).toMatch(/folded [\d,]+ turns, [\d,]+ entries \([\d.,]+\/s\)/);
      expect(toTime).not.toContain('left');
    }));
});

describe('marie replay sla', () => {
  it('shows the rate of the histories that it plays to find what would have been enough', async () => {
    const said = await watched(['replay', 'sla', 'corpus:late-invoice', 'invoice-0-11']);
    expect(said).toMatch(/played [\d,]+ turns, [\d,]+ entries \([\d.,]+\/s\)/);
  });

  it('tells how far they are, over all of them', async () => {
    const told: PlayProgress[] = [];
    const onPlayed = (done: PlayProgress) => void told.push(done);
    const history = await openJournal('corpus:late-invoice');
    await sla(history, { tenant: 'default', dag: 'invoice-0-14' }, { remedies: true, onPlayed });
    expect(told.length).toBeGreaterThan(1);
    expect(told.at(-1)!.entries).toBeGreaterThan(told[0]!.entries);
    expect(told[0]!.entries).toBeGreaterThan(told[0]!.recordedEntries);
  });
});

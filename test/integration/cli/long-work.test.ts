/** How long work on histories comes on, in a terminal and in a pipe. */
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { writeDocuments } from '../../../bench/support/documents-history.js';
import { openJournal, type PlayProgress, sla } from '../../../replay/index.js';
import { Pty } from '../../support/pty.js';
import { inFolder } from '../replay/history.js';
import { MARIE, marie } from './setup.js';

const EVENTS = 30_000;

/** A line of passes over turns, all of whose figures are known. */
const passed = (step: string) =>
  new RegExp(`${step} \\d+ %, [\\d,]+ turns, [\\d,]+ entries \\([\\d.,]+/s\\), (about .*|less than 1 s) left`);

/** Runs with a history of many turns, and the place for what is made of it. */
function withHistory(run: (history: string, out: string) => Promise<void>): Promise<void> {
  return inFolder(async (folder) => {
    const history = join(folder, 'journal');
    await writeDocuments(history, EVENTS);
    await run(history, join(folder, 'out'));
  });
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
      const args = ['replay', 'export', history, '--out', out];
      expect(await watched(args)).toMatch(passed('written'));
      const piped = await marie([...args, '--json']);
      expect(piped).toMatchObject({ code: 0, stderr: '' });
      expect(JSON.parse(piped.stdout)).toMatchObject({ format: 'parquet' });
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
      const pty = new Pty([process.execPath, MARIE, 'replay', 'what-if', history, '--sweep', 'class=ocr:1..9000']);
      await pty.showing(/played 0 %/);
      pty.type('\u0003');
      expect(await pty.ended()).toBe(130);
      expect(pty.said).not.toContain('\u001b[?25l');
    }));
});

describe('the search for what would have been enough', () => {
  it('tells how far its histories are, over all of them', async () => {
    const told: PlayProgress[] = [];
    const onPlayed = (done: PlayProgress) => void told.push(done);
    const history = await openJournal('corpus:late-invoice');
    await sla(history, { tenant: 'default', dag: 'invoice-0-11' }, { remedies: true, onPlayed });
    expect(told.length).toBeGreaterThan(1);
    expect(told.at(-1)!.entries).toBeGreaterThan(told[0]!.entries);
    expect(told[0]!.entries).toBeGreaterThan(told[0]!.recordedEntries);
  });
});

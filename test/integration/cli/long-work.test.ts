/** How long work on histories comes on, in a terminal and in a pipe. */
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { writeDocuments } from '../../../bench/support/documents-history.js';
import { Pty } from '../../support/pty.js';
import { inFolder } from '../replay/history.js';
import { MARIE, marie } from './setup.js';

const EVENTS = 30_000;
const TURNS = /\d+ %, [\d,]+ turns, [\d,]+ entries \([\d.,]+\/s\), (about .*|less than 1 s) left/;

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
      expect(await watched(args)).toMatch(new RegExp(`written ${TURNS.source}`));
      const piped = await marie([...args, '--json']);
      expect(piped).toMatchObject({ code: 0, stderr: '' });
      expect(JSON.parse(piped.stdout)).toMatchObject({ format: 'parquet' });
    }));
});

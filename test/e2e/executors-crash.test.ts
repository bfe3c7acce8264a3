import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { documentSubmission } from '../../bench/support/dags.js';
import type { Dag } from '../../src/client/index.js';
import { FabricProcess, temporaryFolder } from '../support/fabric/fabric.js';
import { checkHistories } from '../support/fabric/history.js';
import { Program, testProgram } from '../support/fabric/program.js';
import { effectsIn, hasPython, startPythonDocuments } from '../support/fabric/python.js';
import { seededRandom } from '../support/fabric/random.js';
import { type Fate, type Passing, Wire } from '../support/fabric/wire.js';

/** Every point of the protocol at which a message can be lost. */
const POINTS: readonly [string, Fate, (passing: Passing) => boolean][] = [
  ['before it is registered', 'lose-request', ({ what }) => what === 'register'],
  ['registered, and does not know', 'lose-answer', ({ what }) => what === 'register'],
  ['with its first dispatches', 'lose-answer', ({ what }) => what === 'dispatches'],
  ['before it has acknowledged', 'lose-request', ({ body }) => body.includes('"ack"')],
  ['acknowledged, and does not know', 'lose-answer', ({ body }) => body.includes('"ack"')],
  ['done, and nobody knows', 'lose-request', ({ body }) => body.includes('"complete"')],
  ['its work counted, and does not know', 'lose-answer', ({ body }) => body.includes('"complete"')],
];

const CLASSES = 'splitter,ocr,merger,validator,publisher';
const ledgerFile = (): string => join(temporaryFolder(), 'ledger.sqlite');

/** Executors of the document shape, in both languages: one with a clock that jumps, one that asks none. The jobs last long enough to be acknowledged. */
const languages = [
  {
    language: 'TypeScript',
    start: (url: string) =>
      Program.start([...testProgram('noop-executor', 'jumping-clock'), url, 'noop', CLASSES, '8', '20']),
  },
  { language: 'Python', start: (url: string, ledger: string) => startPythonDocuments(url, ledger, 10_000) },
].filter(({ language }) => language !== 'Python' || hasPython);

describe.each(languages)('executors in $language', ({ language, start }) => {
  it('die at every point of the protocol, and each DAG ends as if they had not', { timeout: 300_000 }, async () => {
    const fabric = await FabricProcess.start();
    const client = fabric.client();
    const wire = await Wire.to(fabric.url);
    const ledger = ledgerFile();
    const dags: Dag[] = [];
    for (const [point, fate, isThere] of POINTS) {
      const { dagId } = await client.submit(documentSubmission(point));
      let hasDied = false;
      let executors: Program;
      wire.fate = (passing) => (!hasDied && isThere(passing) ? fate : 'pass');
      const died = new Promise<void>((resolve) => {
        wire.onLost = async () => {
          if (hasDied) return;
          hasDied = true;
          await executors.end('SIGKILL');
          resolve();
        };
      });
      executors = start(wire.url, ledger);
      await died;
      const again = start(wire.url, ledger);
      dags.push(await client.wait(dagId));
      expect(await again.end('SIGTERM')).toEqual({ code: 0, signal: null });
    }
    expect(dags.map(({ state }) => state)).toEqual(POINTS.map(() => 'succeeded'));
    const { jobsOf } = await checkHistories(fabric, client, dags);
    if (language !== 'Python') return;
    const done = effectsIn(ledger).map(({ dag, job }) => `${dag} ${job}`);
    const jobs = [...jobsOf].flatMap(([{ dagId }, all]) => all.map(({ job }) => `${dagId} ${job}`));
    expect(done.sort()).toEqual(jobs.sort());
  });

  it('over a network that loses a fifth of all messages and is slow give each job out once', async () => {
    const seed = Number(process.env['MARIE_TEST_SEED'] ?? 20_264);
    const random = seededRandom(seed);
    const fabric = await FabricProcess.start();
    const client = fabric.client();
    const wire = await Wire.to(fabric.url);
    wire.delayMs = () => Math.floor(random() * 30);
    wire.fate = () => (random() < 0.1 ? 'lose-request' : random() < 0.1 ? 'lose-answer' : 'pass');
    start(wire.url, ledgerFile());
    const dags: Dag[] = [];
    for (let i = 0; i < 6; i++) await client.submit(documentSubmission(`bad-${i}`));
    for (let i = 0; i < 6; i++) dags.push(await client.wait(`bad-${i}`));
    expect(wire.lost).toBeGreaterThan(5);
    const { ledger, jobsOf } = await checkHistories(fabric, client, dags);
    for (const [{ dag, state }, jobs] of jobsOf) {
      expect(state).toBe('succeeded');
      for (const { index } of jobs) expect(ledger.job(dag, index).grants).toBe(1);
    }
  });
});

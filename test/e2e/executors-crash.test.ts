import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { documentSubmission } from '../../bench/support/dags.js';
import type { Dag, Submission } from '../../src/client/index.js';
import { flatDag } from '../support/fabric/dags.js';
import { FabricProcess, it, temporaryFolder } from '../support/fabric/fabric.js';
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

/** Of ten messages the fourth and the ninth. */
const FIFTH: Readonly<Record<number, Fate>> = { 3: 'lose-request', 8: 'lose-answer' };

const CLASSES = 'splitter,ocr,merger,validator,publisher';
const ledgerFile = (): string => join(temporaryFolder(), 'ledger.sqlite');

/** Long enough that no busy machine loses one. */
const SESSION_MS = 30_000;

/** Executors of the document shape, whose jobs last long enough to be acknowledged. Their clock jumps. */
function inTypeScript(url: string): Program {
  const program = testProgram('noop-executor', 'jumping-clock');
  return Program.start([...program, url, 'noop', CLASSES, '8', '20', String(SESSION_MS)]);
}

/** The same in Python; they ask no clock for the time of day. */
function inPython(url: string, ledger: string): Program {
  return startPythonDocuments(url, ledger, SESSION_MS);
}

/** The whole executor that stands on the protocol's page. */
function fromThePage(url: string): Program {
  const page = readFileSync(new URL('../../docs/executor-protocol.md', import.meta.url), 'utf8');
  const file = join(temporaryFolder(), 'executor.py');
  writeFileSync(file, /```python\n([\s\S]*?)```/u.exec(page)?.[1] ?? '');
  return Program.of('python3', [file, url, 'shouter']);
}

const shouts = (id: string): Submission => ({
  id,
  ...flatDag('shout', 24, { inputs: { text: { value: 'hello' } } }),
});

describe.each([
  { language: 'TypeScript', start: inTypeScript, canRun: true },
  { language: 'Python', start: inPython, canRun: hasPython },
])('executors in $language', ({ language, start, canRun }) => {
  // Skipped only where there is no python3 to run it; never in CI.
  const can = it.skipIf(!canRun);
  can('die at every point of the protocol, and each DAG ends as if they had not', async ({ fabric, client }) => {
    const wire = await Wire.to(fabric.url);
    const ledger = ledgerFile();
    const dags: Dag[] = [];
    for (const [point, fate, isThere] of POINTS) {
      const { dagId } = await client.submit(documentSubmission(point));
      let executors: Program;
      wire.fate = (passing) => (isThere(passing) ? fate : 'pass');
      const died = new Promise<void>((resolve) => {
        wire.onLost = async () => {
          wire.fate = () => 'pass';
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
});

describe.each([
  { language: 'TypeScript', start: inTypeScript, submission: documentSubmission, canRun: true },
  { language: 'Python', start: inPython, submission: documentSubmission, canRun: hasPython },
  { language: 'the page of the protocol', start: fromThePage, submission: shouts, canRun: hasPython },
])('executors in $language', ({ start, submission, canRun }) => {
  // Skipped only where there is no python3 to run it; never in CI.
  const can = it.skipIf(!canRun);
  can('over a network that is slow and loses a fifth of all messages do each job once', async () => {
    const random = seededRandom(Number(process.env['MARIE_TEST_SEED'] ?? 20_264));
    const fabric = await FabricProcess.start();
    const client = fabric.client();
    const wire = await Wire.to(fabric.url);
    wire.delayMs = () => Math.floor(random() * 30);
    wire.fate = ({ count }) => FIFTH[count % 10] ?? 'pass';
    start(wire.url, ledgerFile());
    const ids = ['bad-1', 'bad-2', 'bad-3', 'bad-4'];
    for (const id of ids) await client.submit(submission(id));
    const dags: Dag[] = [];
    for (const id of ids) dags.push(await client.wait(id));
    expect(wire.lost).toBeGreaterThan(1);
    const { ledger, jobsOf } = await checkHistories(fabric, client, dags);
    for (const [{ dag, state }, jobs] of jobsOf) {
      expect(state).toBe('succeeded');
      for (const { index } of jobs) expect(ledger.job(dag, index).grants).toBe(1);
    }
  });
});

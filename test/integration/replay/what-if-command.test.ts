/** `marie replay what-if` as it is printed: numbers stand beside those that they are compared with. */
import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { job } from '../../support/kernel/build.js';
import { at, Stage } from '../../support/replay/stage.js';
import { writeTurns } from './history.js';

let folder: string;

/** A DAG of one tenant holds the only slot of `ocr` for 20 s; one of another, due after 5 s, waits for it. */
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'marie-what-if-'));
  const stage = new Stage((dag) => (dag === 'long' ? 20_000 : 1_000))
    .executor('e1', 1)
    .executor('l1', 1, { executorClass: 'llm' })
    .submit(1_000, 'long', [job('read'), job('ask', { executorClass: 'llm' })], { tenant: 'alpha' })
    .submit(2_000, 'short', [job('read')], { tenant: 'beta', deadlineAtMs: at(7_000) });
  await writeTurns(folder, stage.turns());
});

afterAll(() => rm(folder, { recursive: true, force: true }));

async function whatIf(...args: readonly string[]) {
  const command = ['bin/marie.mjs', 'replay', 'what-if', folder, ...args];
  const { stdout, stderr, code = 0 } = await promisify(execFile)(process.execPath, command).catch((error) => error);
  return { code, stderr, lines: (stdout as string).split('\n').map((line) => line.trim().split(/ {2,}/)) };
}

it('puts what only one of the histories has beside a dash, and shifts nothing', async () => {
  const { lines } = await whatIf('--without', 'long', '--tenant', 'alpha');
  expect(lines).toContainEqual(['deadlines met / missed', '0 / 1', '1 / 0', '+1 / -1']);
  expect(lines).toContainEqual(['wait tenant alpha, mean / p99', '0 ms / 0 ms', '-']);
  expect(lines).toContainEqual(['wait class llm, mean / p99', '0 ms / 0 ms', '-']);
  expect(lines).toContainEqual(['wait tenant beta, mean / p99', '19.0 s / 19.0 s', '0 ms / 0 ms', '-19.0 s / -19.0 s']);
});

it('gives a capacity curve under other changes', async () => {
  const alone = await whatIf('--sweep', 'class=ocr:1..2');
  expect(alone.lines.slice(1, 3).map(([slots, met]) => [slots, met])).toEqual([
    ['1', '0'],
    ['2', '1'],
  ]);
  const under = await whatIf('--sweep', 'class=ocr:1..2', '--without', 'long', '--tenant', 'alpha');
  expect(under.lines.slice(1, 3).map(([slots, met]) => [slots, met])).toEqual([
    ['1', '1'],
    ['2', '1'],
  ]);
});

it.each([
  [['--weight', 'nobody=3'], 'the history has no DAG of tenant nobody'],
  [['--weight', 'beta=1001'], 'the weight of a tenant is 1 to 1000, not 1001'],
  [['--slots', 'ocr=5000'], 'the executors of class ocr can have 4096 slots, not 5000'],
  [['--slots', 'layout=3'], 'the history has no executor of class layout'],
  [['--without', 'long'], 'the history has no such DAG to leave out'],
  [['--policy', 'best@1'], 'no policy best@1'],
  [['--sweep', 'class=ocr:4..2'], '4 is more than 2'],
  [['--sweep', 'class=ocr:1..5000'], 'the executors of class ocr can have 4096 slots, not 5000'],
])('refuses %j', async (args, words) => {
  const { code, stderr } = await whatIf(...args);
  expect(code).not.toBe(0);
  expect(stderr).toContain(words);
});

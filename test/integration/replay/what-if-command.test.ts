/** `marie replay what-if` as it is printed: numbers stand beside those that they are compared with. */
import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openJournal, whatIf as playWhatIf } from '../../../replay/index.js';
import { whatIfText } from '../../../src/cli/simulation/what-if.js';
import { openIo } from '../../../src/cli/terminal/io.js';
import { job } from '../../support/kernel/build.js';
import { at, Stage } from '../../support/replay/stage.js';
import { inFolder, writeTurns } from './history.js';

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'marie-what-if-'));
  await writeTurns(folder, scene().turns());
});

afterAll(() => rm(folder, { recursive: true, force: true }));

/** A DAG of one tenant holds the only slot of `ocr` for 20 s; one of another, due after 5 s, waits for it. */
function scene(): Stage {
  return new Stage((dag) => (dag === 'long' ? 20_000 : 1_000))
    .executor('e1', 1)
    .executor('l1', 1, { executorClass: 'llm' })
    .submit(1_000, 'long', [job('read'), job('ask', { executorClass: 'llm' })], { tenant: 'alpha' })
    .submit(2_000, 'short', [job('read')], { tenant: 'beta', deadlineAtMs: at(7_000) });
}

function whatIf(...args: readonly string[]) {
  return whatIfOf(folder, ...args);
}

async function whatIfOf(journal: string, ...args: readonly string[]) {
  const command = ['bin/marie.mjs', 'replay', 'what-if', journal, ...args];
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

it('says of a DAG that is left out that what comes in differs, for want of a dispatch to show', async () => {
  const { lines } = await whatIf('--without', 'long', '--tenant', 'alpha');
  expect(lines.flat().filter((line) => line.startsWith('they part'))).toEqual([
    expect.stringMatching(/^they part in turn \d+, .*: from there on what comes in differs$/),
  ]);
  expect(lines.flat().join()).not.toContain('nothing more in this turn');
});

it('tells the same of DAGs that never end with one number of slots and with a curve, and names them', async () => {
  const { lines } = await whatIf('--slots', 'ocr=0');
  expect(lines).toContainEqual(['DAGs open', '0', '2', '+2']);
  expect(lines).toContainEqual(['deadlines met / missed', '0 / 1', '0 / 1']);
  expect(lines).toContainEqual(['makespan', '21.0 s', '-']);
  expect(lines.flat()).toContain('what if: 2 DAGs never end, what they wait for never comes: long, short');
  const curve = await whatIf('--sweep', 'class=ocr:0..1');
  expect(curve.lines.slice(0, 3).map((cells) => cells.slice(0, 4))).toEqual([
    ['slots', 'deadlines met', 'missed', 'DAGs open'],
    ['0', '0', '1', '2'],
    ['1', '0', '1', '0'],
  ]);
});

it('shows what was played on beyond the end of a history in a column of its own', async () => {
  const cut = await mkdtemp(join(tmpdir(), 'marie-what-if-cut-'));
  try {
    await writeTurns(cut, scene().turns(10_000));
    const { lines } = await whatIfOf(cut, '--slots', 'ocr=2');
    expect(lines[0]).toEqual(['recorded', 'played on', 'what if', 'difference']);
    expect(lines).toContainEqual(['DAGs succeeded / failed / cancelled', '0 / 0 / 0', '2 / 0 / 0', '2 / 0 / 0']);
    expect(lines).toContainEqual(['DAGs open', '2', '0', '0']);
    expect(lines).toContainEqual(['deadlines met / missed', '0 / 1', '0 / 1', '1 / 0', '+1 / -1']);
    const words = 'the history ends with 2 DAGs open: it was played on as it was going, and is compared as such';
    expect(lines.flat()).toContain(words);
  } finally {
    await rm(cut, { recursive: true, force: true });
  }
});

it('fits a narrow terminal, also with what was played on, and names the column that it leaves out', async () => {
  const stage = new Stage((dag) => (dag === 'long' ? 200_000 : 100_000))
    .executor('e1', 1, { sessionMs: 600_000 })
    .submit(1_000, 'long', [job('read')], { tenant: 'a-tenant-of-some-length' })
    .submit(2_000, 'short', [job('read')], { deadlineAtMs: at(150_000) })
    .submit(3_000, 'third', [job('read')]);
  await inFolder(async (cut) => {
    await writeTurns(cut, stage.turns(10_000));
    const report = await playWhatIf(await openJournal(cut), { slots: { ocr: 2 } });
    const lines = (columns: number, isTerminal: boolean) =>
      whatIfText({ ...openIo({}), isTerminal, columns }, report).split('\n');
    expect(lines(80, false)[0]).toMatch(/^ +recorded +played on +what if +difference$/);
    expect(Math.max(...lines(80, false).map((line) => line.length))).toBeGreaterThan(80);
    for (const columns of [70, 80, 100]) {
      expect(Math.max(...lines(columns, true).map((line) => line.length))).toBeLessThanOrEqual(columns);
    }
    expect(lines(80, true)[0]).toMatch(/^ +recorded +played on +what if +difference$/);
    expect(lines(70, true)[0]).toMatch(/^ +played on +what if +difference$/);
    expect(lines(70, true)).toContain('(no room for: recorded)');
  });
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
  [['--without', 'long'], 'the history has no DAG long of tenant default to leave out'],
  [['--policy', 'best@1'], 'no policy "best@1"'],
  [['--sweep', 'class=ocr:4..2'], '4 is more than 2'],
  [['--sweep', 'class=ocr:1..5000'], 'the executors of class ocr can have 4096 slots, not 5000'],
])('refuses %j as a wrong command line', async (args, words) => {
  const { code, stderr } = await whatIf(...args);
  expect(code).toBe(2);
  expect(stderr).toContain(words);
  expect(stderr).not.toContain('API');
});

it('bisect refuses a policy that there isn’t as a wrong command line, too', async () => {
  const command = ['bin/marie.mjs', 'replay', 'bisect', folder, 'best@1'];
  await expect(promisify(execFile)(process.execPath, command)).rejects.toMatchObject({
    code: 2,
    stderr: expect.stringContaining('error usage: no policy "best@1"'),
  });
});

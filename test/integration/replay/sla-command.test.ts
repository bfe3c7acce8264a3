/** `marie replay sla` as it is printed: which deadline a DAG was held to. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { Code } from '../../../src/catalogue/generated/codes.js';
import type { SubmitDag } from '../../../src/catalogue/generated/types.js';
import { job } from '../../support/kernel/build.js';
import { at, Stage } from '../../support/replay/stage.js';
import { inFolder, writeTurns } from './history.js';

/** The only slot is taken for 3 s when the invoice comes, which takes 1 s. */
function scene(more: Partial<SubmitDag>): Stage {
  return new Stage((dag) => (dag === 'long' ? 3_000 : 1_000))
    .executor('e1', 1)
    .submit(1_000, 'long', [job('read')])
    .submit(2_000, 'invoice', [job('read')], more);
}

async function firstLine(more: Partial<SubmitDag>): Promise<string> {
  return inFolder(async (folder) => {
    await writeTurns(folder, scene(more).turns());
    const command = ['bin/marie.mjs', 'replay', 'sla', folder, 'invoice', '--tenant', 'acme', '--no-remedies'];
    const { stdout } = await promisify(execFile)(process.execPath, command);
    return stdout.split('\n')[0]!;
  });
}

it.each<[string, Partial<SubmitDag>, string]>([
  ['that it ended by', { hardDeadlineAtMs: at(3_000) }, 'failed, took 1.00 s, 1 ms past its hard deadline (due '],
  ['that was kept', { hardDeadlineAtMs: at(6_000) }, 'succeeded, took 3.00 s, 1.00 s before its hard deadline (due '],
])('names a hard deadline %s', async (_what, more, words) => {
  expect(await firstLine(more)).toContain(`invoice: ${words}`);
});

it('names a soft one as its deadline, and says where there is none', async () => {
  expect(await firstLine({ deadlineAtMs: at(3_000) })).toContain('invoice: succeeded, took 3.00 s, 2.00 s late (due ');
  expect(await firstLine({})).toBe('invoice: succeeded, took 3.00 s, without a deadline');
});

it.each([
  ['enough by estimates: 2 slots of ocr', { hardDeadlineAtMs: at(3_500) }],
  ['enough: 2 slots of ocr', { deadlineAtMs: at(3_500) }],
])('says %s of %o: what did not come to an end in the history has only its estimate', async (words, more) => {
  await inFolder(async (folder) => {
    await writeTurns(folder, scene(more).turns());
    const command = ['bin/marie.mjs', 'replay', 'sla', folder, 'invoice', '--tenant', 'acme'];
    const { stdout } = await promisify(execFile)(process.execPath, command);
    expect(stdout.split('\n')).toContain(`${words}, 1 more than there were`);
  });
});

it('says of several DAGs of one id which one it tells of, as why does, and tells of the one that is asked for', async () => {
  const limits = { knownJobs: null, retainTerminalMs: 1_000, retainTerminalJobs: null, retainExecutorsMs: null };
  const turns = new Stage(() => 1_000)
    .give(0, Code.SetCellLimits, limits)
    .executor('e1', 1)
    .submit(1_000, 'same', [job('read')], { deadlineAtMs: at(1_500), idempotencyKey: 'first' })
    .submit(9_000, 'same', [job('read')], { idempotencyKey: 'second' })
    .turns();
  await inFolder(async (folder) => {
    await writeTurns(folder, turns);
    const told = async (...rest: readonly string[]): Promise<readonly string[]> => {
      const command = ['bin/marie.mjs', 'replay', ...rest, '--tenant', 'acme'];
      const { stdout, stderr } = await promisify(execFile)(process.execPath, command);
      return [stdout.split('\n')[0]!, stderr];
    };
    const note = (nth: number) =>
      expect.stringContaining(`2 DAGs had this id, one after the other: this is number ${nth}; --nth asks for another`);
    expect(await told('sla', folder, 'same')).toEqual(['same: succeeded, took 1.00 s, without a deadline', note(2)]);
    expect(await told('sla', folder, 'same', '--nth', '1', '--no-remedies')).toEqual([
      expect.stringContaining('same: succeeded, took 1.00 s, 500 ms late'),
      note(1),
    ]);
    const missed = ['bin/marie.mjs', 'replay', 'sla', folder, '--missed', '--all-tenants'];
    const list = await promisify(execFile)(process.execPath, missed);
    const rows = list.stdout.split('\n').filter((line) => line.includes('same'));
    expect(rows).toEqual([expect.stringMatching(/^500 ms +same \(1 of 2\) +acme +succeeded +\S/)]);
    expect(list.stderr).toContain(`next: marie replay sla ${folder} same --nth 1 --tenant acme`);
    expect(await told('why', folder, 'same', 'read')).toEqual([expect.stringContaining('00:00:09.000'), note(2)]);
    expect(await told('why', folder, 'same', 'read', '--nth', '1')).toEqual([
      expect.stringContaining('00:00:01.000'),
      note(1),
    ]);
  });
}, 60_000);

it('lists what was missed, the latest first, as far as there are not many', async () => {
  const late = (count: number) => {
    const stage = new Stage(() => 1_000).executor('e1', 1);
    for (let i = 1; i <= count; i++) stage.submit(1_000, `d${i}`, [job('read')], { deadlineAtMs: at(1_500) });
    return stage.turns();
  };
  await inFolder(async (folder) => {
    await writeTurns(folder, late(14));
    const command = ['bin/marie.mjs', 'replay', 'sla', folder, '--missed', '--tenant', 'acme'];
    const { stdout, stderr } = await promisify(execFile)(process.execPath, command);
    const [, list = ''] = stdout.split('  late  ');
    const rows = list
      .split('\n')
      .flatMap((line) => /^ *([\d.]+ m?s) +(d\d+) +succeeded /.exec(line)?.slice(1, 3).join() ?? []);
    expect(rows).toEqual(
      Array.from({ length: 12 }, (_, i) => `${(13.5 - i).toFixed(13.5 - i < 10 ? 2 : 1)} s,d${14 - i}`),
    );
    expect(stdout).toMatch(/^14 of 14 deadlines of tenant acme were missed\n/);
    expect(list).toContain('… and 2 more: --json has all of them');
    expect(stderr).toContain(`next: marie replay sla ${folder} d14 --tenant acme`);
  });
});

it('says how many more things held the DAGs up than the table lists', async () => {
  const classes = Array.from({ length: 14 }, (_, i) => `c${i}`);
  const stage = new Stage((dag) => (dag === 'long' ? 3_000 : 1_000));
  for (const executorClass of classes) stage.executor(executorClass, 1, { executorClass });
  stage.submit(
    1_000,
    'long',
    classes.map((executorClass) => job(executorClass, { executorClass })),
  );
  for (const executorClass of classes)
    stage.submit(1_500, `on-${executorClass}`, [job('read', { executorClass })], { deadlineAtMs: at(2_000) });
  await inFolder(async (folder) => {
    await writeTurns(folder, stage.turns());
    const command = ['bin/marie.mjs', 'replay', 'sla', folder, '--missed', '--tenant', 'acme'];
    const { stdout } = await promisify(execFile)(process.execPath, command);
    const [blame = '', dags = ''] = stdout.split(/^ *late {2}/m);
    expect(blame.match(/^ *[\d.]+ %/gm)).toHaveLength(12);
    expect(blame).toMatch(/\n… and 2 more: --json has all of them\n\n$/);
    expect(dags).toMatch(/\n… and 2 more: --json has all of them\n$/);
  });
});

it('refuses a class that the history does not have, and counts nothing of it', async () => {
  await inFolder(async (folder) => {
    await writeTurns(folder, scene({ deadlineAtMs: at(3_000) }).turns());
    const missed = (name: string) =>
      promisify(execFile)(process.execPath, [
        ...['bin/marie.mjs', 'replay', 'sla', folder, '--missed', '--class', name, '--tenant', 'acme'],
      ]);
    expect((await missed('ocr')).stdout).toContain('1 of 1 deadline of tenant acme was missed');
    await expect(missed('nope')).rejects.toMatchObject({
      code: 2,
      stdout: '',
      stderr: expect.stringContaining('the history has no class nope; there are ocr'),
    });
  });
});

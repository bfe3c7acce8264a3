/** `marie replay sla` as it is printed: which deadline a DAG was held to. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
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

/** `marie replay why` as it is printed: what is left out of a list is counted. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { job } from '../../support/kernel/build.js';
import { Stage } from '../../support/replay/stage.js';
import { inFolder, writeTurns } from './history.js';

/** One slot is held by `first` when the invoice comes; then so many of a higher priority go before it. */
function scene(before: number): Stage {
  const stage = new Stage(() => 1_000).executor('e1', 1).submit(1_000, 'first', [job('read')]);
  for (let i = 1; i <= before; i++) stage.submit(1_100 + i, `vip-${i}`, [job('read')], { priority: 9 });
  return stage.submit(1_500, 'invoice', [job('read')]);
}

async function told(before: number): Promise<string> {
  return inFolder(async (folder) => {
    await writeTurns(folder, scene(before).turns());
    const command = ['bin/marie.mjs', 'replay', 'why', folder, 'invoice', 'read', '--tenant', 'acme'];
    return (await promisify(execFile)(process.execPath, command)).stdout;
  });
}

it('says how many more held slots, and how many more went before', async () => {
  const text = await told(9);
  expect(text.match(/^ +[\d.]+% .*, 1 job$/gm)).toHaveLength(5);
  expect(text).toContain(
    ', 1 job\n  … and 5 more: --json has all of them\nDispatched before it although it was ready\n',
  );
  expect(text.match(/^ {2}vip-\d read: by priority/gm)).toHaveLength(5);
  expect(text).toContain('(9 against 0)\n  … and 4 more: --json has all of them\nChosen by ');
});

it('says nothing of more where all are listed', async () => {
  expect(await told(4)).not.toContain('more: --json');
});

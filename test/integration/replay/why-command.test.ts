/** `marie replay why` as it is printed: what is left out of a list is counted. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { job, retry } from '../../support/kernel/build.js';
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

it('tells a job whose id ends like an attempt from the attempt of another one', async () => {
  const stage = new Stage((_dag, name, { number }) => ({ afterMs: 1_000, fails: name === 'read' && number === 1 }))
    .executor('e1', 1)
    .submit(1_000, 'invoice', [job('read', { retry: retry(2, 0) }), job('read#1'), job('look #1')]);
  await inFolder(async (folder) => {
    await writeTurns(folder, stage.turns());
    const first = async (name: string): Promise<string> => {
      const command = ['bin/marie.mjs', 'replay', 'why', folder, 'invoice', name, '--tenant', 'acme'];
      return (await promisify(execFile)(process.execPath, command)).stdout.split(': ')[0]!;
    };
    expect(await first('look #1')).toBe('invoice look #1, attempt 1 of class ocr');
    expect(await first('look #1#1')).toBe('invoice look #1, attempt 1 of class ocr');
    expect(await first('read#1')).toBe('invoice read#1, attempt 1 of class ocr');
    expect(await first('read#2')).toBe('invoice read, attempt 2 of class ocr');
    await expect(first('read#3')).rejects.toThrow('read of invoice has no attempt 3');
    await expect(first('nope#1')).rejects.toThrow('DAG invoice has no job nope#1');
  });
}, 60_000);

it('says nothing of more where all are listed', async () => {
  expect(await told(4)).not.toContain('more: --json');
});

/** Backup of a fabric that runs, restore of it, and what is refused. */
import { cpSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { flatDag } from '../support/fabric/dags.js';
import { FabricProcess, it, temporaryFolder, until } from '../support/fabric/fabric.js';
import { compiled, Program } from '../support/fabric/program.js';
import { RawExecutor } from '../support/fabric/raw-executor.js';

const CLASS = 'ocr';

interface Ran {
  readonly code: number | null;
  readonly said: string;
}

async function marie(...args: readonly string[]): Promise<Ran> {
  const program = Program.start([compiled('src/cli/main.js'), ...args]);
  const { code } = await program.exited;
  return { code, said: program.said };
}

const putBlob = async (url: string, text: string): Promise<string> => {
  const answer = await fetch(`${url}/v1/blobs`, { method: 'PUT', body: text });
  return ((await answer.json()) as { sha256: string }).sha256;
};

it('a backup of a running fabric is whole, and a fabric goes on with what was restored of it', async ({
  fabric,
  client,
}) => {
  const executor = await RawExecutor.start(fabric.url, 'ocr-1', CLASS, 4);
  const sha256 = await putBlob(fabric.url, 'page one');
  await client.submit({ id: 'before', ...flatDag(CLASS, 2) });
  await until(() => executor.dispatched.length === 2);
  for (const dispatch of executor.dispatched) await executor.complete(dispatch);
  await client.wait('before');

  // Submissions go on while the backup is made.
  let isOver = false;
  let submitted = 0;
  const producer = (async () => {
    while (!isOver) await client.submit({ id: `d${submitted++}`, ...flatDag('nobody', 20) });
  })();
  const folder = temporaryFolder();
  const backup = join(folder, 'backup');
  const made = await marie('backup', fabric.data, backup, '--json');
  isOver = true;
  await producer;
  expect(made.code, made.said).toBe(0);
  const { turn, cell, blobs } = JSON.parse(made.said.split('\n')[0]!) as Record<string, unknown>;
  expect({ cell, blobs }).toEqual({ cell: 'main', blobs: 1 });
  expect(submitted).toBeGreaterThan(0);
  await fabric.kill();

  const data = join(folder, 'data');
  const restored = await marie('restore', backup, data, '--json');
  expect(restored.code, restored.said).toBe(0);
  expect(JSON.parse(restored.said.split('\n')[0]!)).toMatchObject({ turn, cell, blobs });
  const again = await FabricProcess.start({ data });
  expect((await again.client().get('before')).state).toBe('succeeded');
  expect(await (await fetch(`${again.url}/v1/blobs/${sha256}`)).text()).toBe('page one');
  await again.client().submit({ id: 'after', ...flatDag(CLASS, 1) });
  // Under the name of the one that the backup knows, which would else have its session to the end.
  const other = await RawExecutor.start(again.url, 'ocr-1', CLASS, 1);
  await until(() => other.dispatched.length === 1);
  await other.complete(other.dispatched[0]!);
  expect((await again.client().wait('after')).state).toBe('succeeded');
  expect(await again.stop()).toEqual({ code: 0, signal: null });
});

it('a backup without the blobs that turns speak of is made only of a folder that somebody has named', async () => {
  const data = temporaryFolder();
  const [away, config] = [join(data, 'away'), join(data, 'marie.yaml')];
  writeFileSync(config, `blobs: ${away}\n`);
  const fabric = await FabricProcess.start({ data, config });
  const sha256 = await putBlob(fabric.url, 'page one');
  const inputs = { pdf: { uri: `blob:sha256:${sha256}` } };
  await fabric.client().submit({ jobs: [{ id: 'a', executorClass: CLASS, inputs }] });
  await fabric.stop();
  const to = join(temporaryFolder(), 'backup');
  expect(await marie('backup', data, to)).toMatchObject({
    code: 2,
    said: expect.stringContaining('error blob-not-found:'),
  });
  const misspelt = await marie('backup', data, to, '--blobs', `${away}s`);
  expect(misspelt).toMatchObject({ code: 2, said: expect.stringContaining('error file-not-found:') });
  expect(existsSync(to)).toBe(false);
  const made = await marie('backup', data, to, '--blobs', away, '--json');
  expect(JSON.parse(made.said.split('\n')[0]!)).toMatchObject({ blobs: 1 });
});

it('what is no backup, or is damaged, is refused with a code, and nothing is left behind', async ({ fabric }) => {
  await putBlob(fabric.url, 'page one');
  await fabric.client().submit({ id: 'd', ...flatDag(CLASS, 3) });
  await fabric.stop();
  const folder = temporaryFolder();
  const good = join(folder, 'good');
  expect((await marie('backup', fabric.data, good)).code).toBe(0);
  const [segment] = readdirSync(join(good, 'journal')).filter((name) => name.endsWith('.turns'));
  const [prefix] = readdirSync(join(good, 'blobs'));
  const blob = join('blobs', prefix!, readdirSync(join(good, 'blobs', prefix!))[0]!);

  const change = (path: string, edit: (bytes: Buffer) => Buffer) => (backup: string) =>
    writeFileSync(join(backup, path), edit(readFileSync(join(backup, path))));
  const flip = (bytes: Buffer): Buffer => {
    const at = Math.floor(bytes.length / 2);
    bytes[at] = bytes[at]! ^ 1;
    return bytes;
  };
  const manifest = (edit: (manifest: Record<string, unknown>) => void) =>
    change('manifest.json', (bytes) => {
      const value = JSON.parse(bytes.toString('utf8')) as Record<string, unknown>;
      edit(value);
      return Buffer.from(JSON.stringify(value));
    });
  const cases: readonly [what: string, code: string, spoil: (backup: string) => void][] = [
    ['a journal with a changed byte', 'backup-damaged', change(join('journal', segment!), flip)],
    ['a journal that is cut', 'backup-damaged', change(join('journal', segment!), (bytes) => bytes.subarray(0, -9))],
    ['a journal that is gone', 'backup-damaged', (backup) => rmSync(join(backup, 'journal', segment!))],
    ['a blob with a changed byte', 'backup-damaged', change(blob, flip)],
    ['a blob that is gone', 'backup-damaged', (backup) => rmSync(join(backup, blob))],
    ['a manifest of another turn', 'backup-damaged', manifest((value) => Object.assign(value, { turn: 1 }))],
    ['a manifest of another cell', 'backup-damaged', manifest((value) => Object.assign(value, { cell: 'other' }))],
    ['half a manifest', 'backup-damaged', change('manifest.json', (bytes) => bytes.subarray(0, 40))],
    ['a newer format', 'not-a-backup', manifest((value) => Object.assign(value, { format: 3 }))],
    ['no manifest', 'not-a-backup', (backup) => rmSync(join(backup, 'manifest.json'))],
  ];
  for (const [what, code, spoil] of cases) {
    const bad = join(folder, 'bad');
    cpSync(good, bad, { recursive: true });
    spoil(bad);
    const { code: exit, said } = await marie('restore', bad, join(folder, 'data'));
    expect(said, what).toContain(`error ${code}:`);
    expect(exit, what).toBe(code === 'backup-damaged' ? 5 : 2);
    expect(readdirSync(folder).sort(), what).toEqual(['bad', 'good']);
    rmSync(bad, { recursive: true });
  }
  for (const args of [
    ['restore', good, fabric.data],
    ['backup', fabric.data, good],
  ]) {
    const { code, said } = await marie(...args);
    expect(said).toContain('error target-not-empty:');
    expect(code).toBe(2);
  }
});

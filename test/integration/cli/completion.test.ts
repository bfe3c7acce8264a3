/** The completion scripts in real shells, against a fabric whose ids they offer. */
import { execFile, spawnSync } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FabricClient } from '../../../src/client/index.js';
import { openWorld, type World } from './world.js';

const run = promisify(execFile);

let world: World;
let env: NodeJS.ProcessEnv;

beforeAll(async () => {
  world = await openWorld();
  await world.prepare('default', 'ended');
  env = { ...process.env, PATH: `${world.folder}:${process.env['PATH']}`, MARIE_URL: world.url };
});

afterAll(() => world?.close());

const isInstalled = (shell: string): boolean => spawnSync(shell, ['-c', 'true']).status === 0;

/** What bash offers at the end of a line; it is asked as readline does. */
async function bash(line: string): Promise<readonly string[]> {
  const script = `
source <(marie completion bash)
COMP_LINE=$1 COMP_POINT=\${#1}
_marie
printf '%s\\n' "\${COMPREPLY[@]}"`;
  return lines(await run('bash', ['--norc', '-c', script, 'bash', line], { cwd: world.folder, env }));
}

/** What the script hands to zsh's completion system, which only an interactive shell has. */
async function zsh(line: string): Promise<readonly string[]> {
  const script = `
compdef() {}
compset() {}
_files() { print -r -- :file }
_describe() { print -rl -- "\${(@P)@[-1]}" }
source <(marie completion zsh)
words=("\${(@s: :)1}") CURRENT=\${#words}
_marie || true`;
  const found = lines(await run('zsh', ['-f', '-c', script, 'zsh', line], { cwd: world.folder, env }));
  return found.map((one) => one.replace(/(?<=[^\\]):.+$/, ''));
}

async function fish(line: string): Promise<readonly string[]> {
  const script = `marie completion fish | source; complete -C ${JSON.stringify(line)}`;
  return lines(await run('fish', ['--no-config', '-c', script], { cwd: world.folder, env })).map(
    (found) => found.split('\t')[0]!,
  );
}

function lines({ stdout }: { readonly stdout: string }): readonly string[] {
  return stdout.split('\n').filter((line) => line !== '');
}

describe('bash', () => {
  it.each([
    ['marie exe', ['executors']],
    ['marie executors cordon ocr', ['ocr-1', 'ocr-2']],
    ['marie get inv', ['invoice-17']],
    ['marie cancel --reason late letter-3 me', ['merge']],
    ['marie signal invoice-17 ', ['approve']],
    ['marie get --tenant def', ['default']],
    ['marie list --risk at', ['at-risk']],
    ['marie submit dag', ['dag.json']],
    ['marie submit dag.json -i pdf=inv', ['invoice.pdf']],
    ['marie get nothing-like-it', []],
  ])('%s', async (line, expected) => {
    expect(await bash(line)).toEqual(expected);
  });

  it('offers the names of signals that wait, which their jobs need not have', async () => {
    const jobs = [{ id: 'review', kind: 'signal' as const, signal: { name: 'approval' } }];
    const client = new FabricClient({ url: world.url });
    await client.submit({ id: 'letter-9', jobs });
    await client.close();
    // A completion gives up after a second, which a busy machine may need.
    await expect.poll(() => bash('marie signal letter-9 ')).toEqual(['approval']);
  });

  it('offers nothing, and says nothing, when no fabric answers', async () => {
    const { stdout, stderr } = await run('bash', ['--norc', '-c', 'marie complete -- get inv'], {
      cwd: world.folder,
      env: { ...env, MARIE_URL: 'http://127.0.0.1:1' },
    });
    expect(stdout + stderr).toBe('');
  });
});

describe('fish', () => {
  it.for([
    ['marie exe', ['executors']],
    ['marie executors cordon ocr', ['ocr-1', 'ocr-2']],
    ['marie get inv', ['invoice-17']],
    ['marie submit dag', ['dag.json']],
    ['marie submit dag.json -i pdf=inv', ['pdf=invoice.pdf']],
    ['marie submit dag.json -i pdf=nothing-like-it', []],
  ] as const)('%s', async ([line, expected], context) => {
    if (!isInstalled('fish')) context.skip('fish is not installed');
    expect(await fish(line)).toEqual(expected);
  });
});

describe('zsh', () => {
  it.for([
    ['marie exe', ['executors']],
    ['marie executors cordon ocr', ['ocr-1', 'ocr-2']],
    ['marie get inv', ['invoice-17']],
    ['marie submit dag', [':file']],
    ['marie get nothing-like-it', []],
  ] as const)('%s', async ([line, expected], context) => {
    if (!isInstalled('zsh')) context.skip('zsh is not installed');
    expect(await zsh(line)).toEqual(expected);
  });
});

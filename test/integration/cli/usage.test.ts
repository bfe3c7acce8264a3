import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, existsSync, openSync } from 'node:fs';
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { createServer as createHttpsServer } from 'node:https';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { CERT, KEY } from '../../support/certificate.js';
import { hasPython } from '../../support/fabric/python.js';
import { ScriptedServer, send } from '../../support/scripted-server.js';
import { atEnd, MARIE, marie, startFabric, startFabricHere, startMarie, temporaryFolder } from './setup.js';

const NOBODY = ['--url', 'http://127.0.0.1:1'];

/** Runs a program at a terminal of its own, closes that once it has said something, and prints the exit code. */
const AT_A_TERMINAL = `
import os, pty, sys
pid, terminal = pty.fork()
if pid == 0:
    os.execv(sys.argv[2], sys.argv[2:])
said = b""
while sys.argv[1].encode() not in said:
    said += os.read(terminal, 4096)
os.close(terminal)
print(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
`;

describe('marie', () => {
  it.each([[['--help']], [[]]])('%j lists the commands, with examples', async (args) => {
    const { code, stdout, stderr } = await marie(args);
    expect(code).toBe(0);
    expect(stdout).toContain('Examples:\n  $ marie');
    expect(stderr).toBe('');
  });

  it('tells as much of a command by help as by --help', async () => {
    const [help, option] = [await marie(['help', 'classes', 'limit']), await marie(['classes', 'limit', '--help'])];
    expect(help.code).toBe(0);
    expect(help.stdout).toBe(option.stdout);
    expect(help.stdout).toContain('Examples:');
  });

  it('prints its version', async () => {
    const { code, stdout } = await marie(['--version']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^\d+\.\d+\.\d+/);
  });

  it.each([
    [['submti'], 'Did you mean submit?'],
    [['lst'], 'Did you mean list?'],
    [['executors', 'drian'], 'The commands of executors are'],
    [['submit', 'x', '--wiat'], 'Did you mean --wait?'],
    [['get'], "missing required argument 'dag'\n  where: marie get [options] <dag>\n"],
    [['classes', 'limit'], 'where: marie classes limit [options] <class>\n'],
    [['--json', 'list'], 'Options of a command come after it'],
    [['workers'], 'Did you mean executors?'],
    [['tasks', 'list'], 'Did you mean jobs?'],
    [['logs'], 'Did you mean watch?'],
    [['init'], 'Did you mean one of up, kafka init?'],
    [['cordon', 'ocr-1'], 'Did you mean executors cordon?'],
    [['verify', 'marie-data'], 'Did you mean one of snapshot verify, replay verify?'],
    [['submit', '/nowhere/dag.json'], 'error file-not-found: no such file or directory\n  where: /nowhere/dag.json'],
    [['journal'], 'a command is missing after marie journal'],
    [['help', 'nothing'], 'there is no help about nothing'],
    [['up', '--port', 'x'], 'a port is a whole number'],
    [['up', '--sync', 'often', '--data', '/nowhere'], 'often is no sync policy'],
    [['up', '--data', '/dev/null'], 'error file-not-found: not a directory\n  where: /dev/null'],
    [['up', '--data', '/dev/null/data'], 'error file-not-found: not a directory'],
    [['up', '--data', '/proc/nothing/data'], 'error file-not-found: no such file or directory\n  where: /proc/nothing'],
    [['reprioritize', 'd', '9999999999'], 'a priority is a whole number from -1,000,000 to 1,000,000'],
    [['get', 'd', '--url', 'localhost'], 'an address begins with http'],
    [['get', 'd', '--url', 'http://ada:secret@localhost'], 'an address may have no user or password'],
    [['journal', 'cat', '/nowhere'], 'there is no such folder or file'],
    [['journal', 'cat', '.', '--from', '0'], 'a turn is a whole number from 1 on'],
    [['submit', '/nowhere.json'], 'error file-not-found: '],
  ])('%j is wrong usage: 2', async (args, message) => {
    const { code, stdout, stderr } = await marie(args);
    expect(stderr).toContain(message);
    expect(stdout).toBe('');
    expect(code).toBe(2);
  });

  it.each(['300.1.1.1', '10.255.255.1'])('says that it can not listen on %s: 2', async (host) => {
    const data = join(temporaryFolder(), 'data');
    const { code, stdout, stderr } = await marie(['up', '--data', data, '--port', '0', '--host', host]);
    expect(stderr).toMatch(
      /^error address-unusable: .*\n {2}why: .*\n {2}what to do: Give --host a name or an address/,
    );
    expect(stdout).toBe('');
    expect(code).toBe(2);
  });

  it('says that nobody answers: 3', async () => {
    const { code, stdout, stderr } = await marie(['get', 'd', ...NOBODY]);
    expect(code).toBe(3);
    expect(stdout).toBe('');
    expect(stderr).toMatch(
      /^error unreachable: no fabric answers .*\n {2}where: http:\/\/127.0.0.1:1\n {2}why: .*\n {2}what to do: Start a fabric with `marie up`/,
    );
  });

  it('says of a fabric that is asked by https that it does not speak it: 3', async () => {
    const server = createServer((socket) => socket.on('data', () => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    atEnd(async () => server.close());
    const { port } = server.address() as { port: number };
    const { code, stderr } = await marie(['get', 'd', '--url', `https://127.0.0.1:${port}`]);
    expect(stderr.split('\n').slice(0, 2)).toEqual([
      'error unreachable: what answers there does not speak https',
      `  where: https://127.0.0.1:${port}`,
    ]);
    expect(code).toBe(3);
  });

  it('says of one whose certificate nobody known has signed how to make its authority known: 3', async () => {
    const server = createHttpsServer({ cert: CERT, key: KEY }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    atEnd(async () => server.close());
    const { port } = server.address() as { port: number };
    const { code, stderr } = await marie(['get', 'd', '--url', `https://127.0.0.1:${port}`]);
    expect(stderr).toContain('error unreachable: nobody known here has signed the certificate of what answers there');
    expect(stderr).toContain('NODE_EXTRA_CA_CERTS');
    expect(code).toBe(3);
  });

  it.each([
    [
      404,
      '<!DOCTYPE html>\n<html>\n  <title>Not Found</title>',
      '404: <!DOCTYPE html> <html> <title>Not Found</title>',
    ],
    [200, '<html>Please log in</html>', 'no JSON: <html>Please log in</html>'],
    [302, '', '302: an empty answer of status 302'],
  ])('says of a web server that is none of ours that it is no fabric: 3, for %i', async (status, page, told) => {
    const server = await ScriptedServer.start();
    atEnd(() => server.stop());
    server.on('GET', /./u, (_, response) => send(response, status, page));
    const { code, stderr } = await marie(['get', 'd', '--url', server.url]);
    expect(stderr.split('\n').slice(0, 2)).toEqual([
      `error bad-answer: what answers there is no fabric (${told})`,
      `  where: ${server.url}`,
    ]);
    expect(stderr).toContain('what to do: Check the address: --url or MARIE_URL; ');
    expect(code).toBe(3);
  });

  it('says of a proxy that refuses what is asked that it may be one', async () => {
    const server = await ScriptedServer.start();
    atEnd(() => server.stop());
    server.on('GET', /./u, (_, response) => send(response, 413, '<html>Request Entity Too Large</html>'));
    const { code, stderr } = await marie(['get', 'd', '--url', server.url]);
    expect(stderr).toContain('error bad-answer: what answers there is no fabric (413: <html>Request Entity Too Large');
    expect(stderr).toContain('if it is that of a proxy, what it lets through, and the credentials in MARIE_HEADERS.');
    expect(code).toBe(3);
  });

  it('takes the address from the environment, and an error as JSON goes to stderr', async () => {
    const { code, stdout, stderr } = await marie(['get', 'd', '--json'], { env: { MARIE_URL: 'http://127.0.0.1:1' } });
    expect(code).toBe(3);
    expect(stdout).toBe('');
    expect(JSON.parse(stderr)).toMatchObject({ error: { code: 'unreachable', exitCode: 3 } });
  });

  it('names the settings that the fabric refuses once it has started', async () => {
    const data = temporaryFolder();
    const { code, stderr } = await marie(['up', '--data', data, '--port', '0', '--policy', 'best@9']);
    expect(stderr).toMatch(
      /error config-invalid: .*\n {2}where: the options\n {2}- policy: no policy "best@9"; there are default@1/,
    );
    expect(code).toBe(2);
    const file = join(data, 'marie.yaml');
    await writeFile(file, 'policy: best@9');
    const written = await marie(['up', '--data', data, '--port', '0', '--config', file]);
    expect(written.stderr).toContain(`where: ${file}`);
  });

  it('lists what is wrong with a configuration, and with a submission', async () => {
    const folder = temporaryFolder();
    await writeFile(join(folder, 'marie.yaml'), 'port: nine\ncolour: blue\n');
    const config = await marie(['up', '--config', join(folder, 'marie.yaml')]);
    expect(config.code).toBe(2);
    expect(config.stderr).toMatch(
      /where: .*marie\.yaml\n {2}- line 1, port: .*\n {2}- line 2, colour: no such field\n/,
    );
    await writeFile(join(folder, 'dag.yaml'), 'jobs: [\n');
    expect(await marie(['submit', join(folder, 'dag.yaml')])).toMatchObject({ code: 2 });
    await writeFile(join(folder, 'dag.yaml'), 'jobs: [ { id: a, inputs: { pdf: { input: pdf } } } ]\n');
    const inputs = await marie(['submit', join(folder, 'dag.yaml'), '--input', 'scan=x']);
    expect(inputs.code).toBe(2);
    expect(inputs.stderr).toContain('the DAG needs --input pdf=PATH');
  });
});

describe('marie up', () => {
  it('ends with 0 at a signal, and leaves a journal that can be opened again', async () => {
    const data = temporaryFolder();
    for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) {
      const fabric = await startFabric(data);
      expect(await (await fetch(`${fabric.url}/readyz`)).json()).toMatchObject({ status: 'ready' });
      expect(await fabric.end(signal)).toBe(0);
    }
  });

  // Skipped only where there is no python3 to make a terminal; never in CI.
  it.skipIf(!hasPython)('ends with 0 when its terminal is closed, though Node would abort without one', async () => {
    const program = [process.execPath, MARIE, 'up', '--data', temporaryFolder(), '--port', '0'];
    const ended = execFileSync('python3', ['-c', AT_A_TERMINAL, 'Ctrl-C ends it', ...program], { encoding: 'utf8' });
    expect(ended).toBe('0\n');
  });

  it.each([
    ['SIGHUP', 129],
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('that waits for brokers ends at once at %s', async (signal, code) => {
    const args = ['up', '--data', temporaryFolder(), '--port', '0', '--kafka', '127.0.0.1:1'];
    const waiting = await startMarie(args, /waits for the brokers/);
    const askedAt = performance.now();
    expect(await waiting.end(signal)).toBe(code);
    // By itself it gives up after a minute.
    expect(performance.now() - askedAt).toBeLessThan(20_000);
  });

  it('does not begin another history in the folder of an export: 2', async () => {
    const [data, out] = [temporaryFolder(), join(temporaryFolder(), 'out')];
    await (await startFabricHere({ data })).close();
    expect((await marie(['export', data, out])).code).toBe(0);
    const { code, stderr } = await marie(['up', '--data', out, '--port', '0']);
    expect(stderr).toContain('error config-invalid:');
    expect(stderr).toContain('a data directory has them in its folder journal');
    expect([code, existsSync(join(out, 'journal'))]).toEqual([2, false]);
    await mkdir(join(data, 'again'));
    await rename(out, join(data, 'again', 'journal'));
    const again = await startFabric(join(data, 'again'));
    expect(await again.end()).toBe(0);
  });

  it('does not begin in a backup, which would not be one any more: 2', async () => {
    const [data, out] = [temporaryFolder(), join(temporaryFolder(), 'out')];
    await (await startFabricHere({ data })).close();
    expect((await marie(['backup', data, out])).code).toBe(0);
    for (const log of [[], ['--kafka', '127.0.0.1:9']]) {
      const { code, stderr } = await marie(['up', '--data', out, '--port', '0', ...log]);
      expect([code, stderr]).toEqual([2, expect.stringContaining('marie restore makes a data directory of it')]);
    }
    expect((await marie(['restore', out, join(out, 'restored')])).code).toBe(0);
  });

  it('says that its data, or its port, is in use: 6', async () => {
    const data = temporaryFolder();
    await startFabric(data);
    const second = await marie(['up', '--data', data, '--port', '0']);
    expect(second.stderr).toMatch(/^error [a-z-]+-locked: /);
    expect(second.code).toBe(6);
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    atEnd(async () => server.close());
    const { port } = server.address() as { port: number };
    const folder = join(temporaryFolder(), 'new');
    const taken = await marie(['up', '--data', folder, '--port', String(port)]);
    expect(taken.stderr).toContain('error port-in-use');
    expect(taken.code).toBe(6);
    expect(existsSync(folder)).toBe(false);
  });
});

describe('a pipe', () => {
  it('that closes early ends the command quietly', async () => {
    const data = temporaryFolder();
    const fabric = await startFabricHere({ data });
    await fabric.close();
    const shell = spawn('bash', [
      '--norc',
      '-c',
      `${process.execPath} ${MARIE} journal cat ${data} | head -1; exit \${PIPESTATUS[0]}`,
    ]);
    let stderr = '';
    shell.stderr.on('data', (chunk: Buffer) => {
      stderr += chunk.toString();
    });
    expect(await once(shell, 'exit')).toEqual([0, null]);
    expect(stderr).toBe('');
  });
});

// Only Linux has a file that is always full.
describe.runIf(existsSync('/dev/full'))('a full disk behind stdout', () => {
  const calls = ['help', 'help --json', 'journal cat replay/corpus/busy-minute --json'];
  it.each(calls)('is an error of the table, told once, and no stack: %s', async (call) => {
    const full = openSync('/dev/full', 'w');
    atEnd(async () => closeSync(full));
    const child = spawn(process.execPath, [MARIE, ...call.split(' ')], { stdio: ['ignore', full, 'pipe'] });
    let stderr = '';
    child.stderr!.on('data', (chunk: Buffer) => {
      stderr += chunk.toString();
    });
    expect(await once(child, 'close')).toEqual([6, null]);
    const lines = stderr.trimEnd().split('\n');
    if (call.endsWith('--json')) expect(JSON.parse(lines.join('\n'))).toMatchObject({ error: { code: 'disk-full' } });
    else expect(lines.slice(0, 2)).toEqual([expect.stringMatching(/^error disk-full: /), '  where: stdout']);
    expect(stderr).not.toMatch(/^ +at /m);
  });
});

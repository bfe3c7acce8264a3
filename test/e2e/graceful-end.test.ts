/**
 * SIGTERM: what is under way is answered, nothing that was answered is lost, and the process ends with 0. And a disk that
 * fails: the process says so.
 */
import { connect } from 'node:net';
import { join } from 'node:path';
import { expect } from 'vitest';
import { Code } from '../../src/catalogue/generated/codes.js';
import { it, temporaryFolder } from '../support/fabric/fabric.js';
import { Ledger } from '../support/fabric/ledger.js';
import { compiled, Program } from '../support/fabric/program.js';

/** Submissions at once: more than a turn takes while the first is answered. */
const BURST = 300;
/** Requests of which the server has the head and half of the body. */
const HALF_SENT = 5;

it('answers what is under way, and ends with 0', async ({ fabric }) => {
  const headers = { 'content-type': 'application/json' };
  const body = JSON.stringify({ jobs: [{ id: 'a', executorClass: 'ocr' }] });
  const halves = Array.from({ length: HALF_SENT }, () => sendHalf(fabric.url, body));
  await Promise.all(halves.map(({ begun }) => begun));
  let isFirst: () => void = () => undefined;
  const first = new Promise<void>((resolve) => {
    isFirst = resolve;
  });
  const burst = Array.from({ length: BURST }, async () => {
    try {
      const { status } = await fetch(`${fabric.url}/v1/dags`, { method: 'POST', headers, body });
      isFirst();
      return status;
    } catch {
      // Its connection was not taken any more.
      return 0;
    }
  });
  await first;
  const ended = fabric.stop();
  for (const { finish } of halves) finish();
  const answers = await Promise.all([...burst, ...halves.map(({ status }) => status)]);
  for (const { status } of halves) expect([201, 503], 'half sent, and not cut').toContain(await status);
  expect(await ended).toEqual({ code: 0, signal: null });
  const ledger = await Ledger.of(join(fabric.data, 'journal'));
  const taken = answers.filter((status) => status === 201).length;
  expect(answers.filter((status) => ![201, 503, 0].includes(status))).toEqual([]);
  expect(ledger.count(Code.DagAccepted), 'whatever was taken was answered').toBe(taken);
  expect(ledger.count(Code.LeaderResigned), 'it handed over').toBe(1);
  expect(await connectTo(fabric.url), 'nobody listens any more').toBe(false);
});

it('ends although somebody has half sent a request, to either of the addresses that localhost stands for', async () => {
  // As where /etc/hosts has localhost twice; ::1 is not on every machine.
  const both = `
    import dns from 'node:dns';
    import { syncBuiltinESMExports } from 'node:module';
    const [lookup, addresses] = [dns.lookup, ['127.0.0.1', '127.0.0.2'].map((address) => ({ address, family: 4 }))];
    dns.lookup = (host, ...rest) => rest[0]?.all && host === 'localhost' ? rest.at(-1)(null, addresses) : lookup(host, ...rest);
    dns.promises.lookup = async () => addresses;
    syncBuiltinESMExports();`;
  const start = ['--import', `data:text/javascript,${encodeURIComponent(both)}`, compiled('src/cli/main.js')];
  const place = ['--data', temporaryFolder(), '--host', 'localhost', '--port', '0', '--json'];
  const fabric = Program.start([...start, 'up', ...place]);
  const { port } = new URL((JSON.parse(await fabric.line()) as { url: string }).url);
  const halves = ['127.0.0.1', '127.0.0.2'].map((host) => sendHalf(`http://${host}:${port}`, '{"jobs": []}'));
  await Promise.all(halves.map(({ begun }) => begun));
  expect(await fabric.end('SIGTERM')).toEqual({ code: 0, signal: null });
  for (const { status } of halves) expect(await status, 'cut').toBe(0);
});

it('says what has ended it, and not what fails on the way out: a disk that takes nothing more', async () => {
  const readOnly = `
    import fs from 'node:fs';
    let isReadOnly = false;
    process.on('SIGUSR2', () => { isReadOnly = true; process.stderr.write('read-only\\n'); });
    const refused = (call) => Object.assign(new Error('EROFS: read-only file system, ' + call), { code: 'EROFS' });
    const [write, truncate] = [fs.write, fs.ftruncateSync];
    fs.write = (...all) => (isReadOnly ? all.at(-1)(refused('write')) : write(...all));
    fs.ftruncateSync = (...all) => { if (isReadOnly) throw refused('ftruncate'); truncate(...all); };`;
  const start = ['--import', `data:text/javascript,${encodeURIComponent(readOnly)}`, compiled('src/cli/main.js')];
  const fabric = Program.start([...start, 'up', '--data', temporaryFolder(), '--port', '0', '--json']);
  const { url } = JSON.parse(await fabric.line()) as { url: string };
  process.kill(fabric.pid, 'SIGUSR2');
  await fabric.saying('read-only\n');
  const headers = { 'content-type': 'application/json' };
  const answer = await fetch(`${url}/v1/dags`, {
    method: 'POST',
    headers,
    body: '{"jobs":[{"id":"a","kind":"noop"}]}',
  });
  expect(await answer.json()).toMatchObject({ code: 'fate-open' });
  // 2 is for wrong arguments, after which deploy/marie.service doesn't start it again.
  expect(await fabric.exited).toEqual({ code: 1, signal: null });
  expect(fabric.said).toContain('"code":"append-failed"');
});

/** Sends the head and half of the body of a submission; the rest when `finish` is called. */
function sendHalf(url: string, body: string) {
  const { hostname, port } = new URL(url);
  const half = Math.floor(body.length / 2);
  const head = `POST /v1/dags HTTP/1.1\r\nHost: ${hostname}\r\nContent-Type: application/json\r\n`;
  const socket = connect(Number(port), hostname);
  let text = '';
  socket.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk;
  });
  const begun = new Promise<void>((resolve, reject) => {
    socket.once('error', reject);
    // 100-continue says that the server has the request.
    socket.write(`${head}Expect: 100-continue\r\nContent-Length: ${body.length}\r\n\r\n${body.slice(0, half)}`);
    socket.once('data', () => resolve());
  });
  const status = new Promise<number>((resolve, reject) => {
    socket.once('error', reject);
    socket.once('close', () => resolve(Number(/HTTP\/1\.1 ([2-5]\d\d)/u.exec(text)?.[1] ?? 0)));
  });
  return { begun, status, finish: () => socket.write(body.slice(half)) };
}

function connectTo(url: string): Promise<boolean> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve) => {
    const socket = connect(Number(port), hostname, () => resolve(true));
    socket.once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });
}

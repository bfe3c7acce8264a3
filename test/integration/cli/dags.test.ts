import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { FabricClient } from '../../../src/client/index.js';
import { JobError, runExecutors } from '../../../src/executor/index.js';
import { quietLog } from '../../support/quiet-log.js';
import { ScriptedServer } from '../../support/scripted-server.js';
import { atEnd, marie, startFabricHere, startMarie, temporaryFolder } from './setup.js';

const DAG = `
name: letters
jobs:
  - { id: split, executorClass: splitter, inputs: { file: { input: text } } }
  - { id: letter, executorClass: upper, after: [split], fanOut: { over: { from: split, at: /letters } } }
  - { id: join, executorClass: joiner, after: [letter], inputs: { letters: { from: letter } } }
`;

/** A fabric with executors for DAG, and the files of a submission. */
async function startAll() {
  const data = temporaryFolder();
  const fabric = await startFabricHere({ data: join(data, 'fabric') });
  const running = await runExecutors({
    url: fabric.url,
    handleSignals: false,
    log: quietLog(),
    executors: [
      {
        class: 'splitter',
        slots: 1,
        async run({ blobs }, { file }) {
          const letters = (await blobs.get(file)).toString();
          if (letters === 'bad') throw new JobError('bad-letters', 'no letters', { retryable: false });
          return { letters: [...letters] };
        },
      },
      { class: 'upper', slots: 4, run: (_ctx, { item }) => item.toUpperCase() },
      {
        class: 'joiner',
        slots: 1,
        async run({ collection }, { letters }) {
          let text = '';
          for await (const letter of collection<string>(letters)) text += letter;
          return { text };
        },
      },
    ],
  });
  atEnd(() => running.close(0));
  const dag = join(data, 'dag.yaml');
  const input = join(data, 'input.txt');
  await writeFile(dag, DAG);
  await writeFile(input, 'marie');
  return { fabric, data: join(data, 'fabric'), dag, input };
}

describe('marie submit', () => {
  it('uploads, submits, waits, and tells how long each stage waited and ran', async () => {
    const { fabric, data, dag, input } = await startAll();
    const { code, stdout, stderr } = await marie(['submit', dag, '-i', `text=${input}`, '--wait', '--url', fabric.url]);
    expect(stderr).toContain('letter: 5/5 done');
    expect(code).toBe(0);
    expect(stdout).not.toContain('\u001b');
    const lines = stdout.trim().split('\n');
    expect(lines[0]).toMatch(/^job +class +state +jobs +waited +ran +took/);
    expect(lines.slice(1, 4).map((line) => line.split(/\s+/).slice(0, 4).join(' '))).toEqual([
      'split splitter succeeded 1',
      'letter upper succeeded 5',
      'join joiner succeeded 1',
    ]);
    const dagId = /^(\S+) letters succeeded in /.exec(lines[4] as string)?.[1] as string;

    const got = await marie(['get', dagId, '--jobs', '--url', fabric.url]);
    expect(got.code).toBe(0);
    expect(got.stdout).toMatch(/letter\[4\] +upper +succeeded +1 /);
    const json = JSON.parse((await marie(['get', dagId, '--json', '--url', fabric.url])).stdout);
    expect(json).toMatchObject({ dagId, state: 'succeeded', name: 'letters' });
    expect(json.jobs).toHaveLength(3);

    await fabric.close();
    await readHistory(data);
  });

  it('prints one output, or everything as JSON', async () => {
    const { fabric, dag, input } = await startAll();
    const base = ['submit', dag, '-i', `text=${input}`, '--output', 'join', '--url', fabric.url];
    const plain = await marie([...base, '--id', 'one']);
    expect(JSON.parse(plain.stdout)).toEqual({ text: 'MARIE' });
    expect(plain.stderr).toContain('one letters succeeded');
    const json = JSON.parse((await marie([...base, '--json', '--id', 'two'])).stdout);
    expect(json).toMatchObject({ dagId: 'two', state: 'succeeded', output: { text: 'MARIE' } });
    expect(json.stages.map(({ job, jobs }: { job: string; jobs: number }) => [job, jobs])).toEqual([
      ['split', 1],
      ['letter', 5],
      ['join', 1],
    ]);
  });

  it('without --wait prints the id; a repeat with the same key gets the first answer', async () => {
    const { fabric, dag, input } = await startAll();
    const args = ['submit', '-', '-i', `text=${input}`, '--key', 'k-1', '--url', fabric.url, '--json'];
    const stdin = await readFile(dag, 'utf8');
    const first = JSON.parse((await marie(args, { stdin })).stdout);
    const second = JSON.parse((await marie(args, { stdin })).stdout);
    expect(first.duplicate).toBe(false);
    expect(second).toMatchObject({ dagId: first.dagId, dag: first.dag, duplicate: true });
    const client = new FabricClient({ url: fabric.url });
    atEnd(() => client.close());
    expect((await client.wait(first.dagId)).state).toBe('succeeded');
  });

  it('ends with 1 when the DAG fails', async () => {
    const { fabric, dag, input } = await startAll();
    await writeFile(input, 'bad');
    const { code, stdout } = await marie(['submit', dag, '-i', `text=${input}`, '--wait', '--url', fabric.url]);
    expect(stdout).toMatch(/split +splitter +failed/);
    expect(code).toBe(1);
  });

  it('ends with 4 when the fabric refuses it, and names every problem', async () => {
    const data = temporaryFolder();
    const fabric = await startFabricHere();
    const dag = join(data, 'dag.json');
    await writeFile(
      dag,
      JSON.stringify({
        jobs: [
          { id: 'a', kind: 'noop', after: ['b'] },
          { id: 'b', kind: 'noop', after: ['a', 'x'] },
        ],
      }),
    );
    const { code, stdout, stderr } = await marie(['submit', dag, '--url', fabric.url]);
    expect(code).toBe(4);
    expect(stdout).toBe('');
    expect(stderr).toMatch(/error unknown-job: .*\n {2}where: the fabric\n/);
    expect(stderr).toContain('\n  - unknown-job /jobs/1/after/1: ');
    expect(stderr).toContain('\n  - cycle /jobs/1/after: the jobs wait for one another: b -> a -> b\n');
    expect(stderr).toContain('what to do:');
    expect((await marie(['get', 'nothing', '--url', fabric.url])).code).toBe(4);
  });

  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('ends at %s with %i, while the DAG goes on', async (signal, code) => {
    const data = temporaryFolder();
    const fabric = await startFabricHere();
    const dag = join(data, 'dag.json');
    await writeFile(dag, JSON.stringify({ id: 'patient', jobs: [{ id: 'ok', kind: 'signal' }] }));
    const waiting = await startMarie(['submit', dag, '--wait', '--url', fabric.url], /DAG patient/);
    expect(await waiting.end(signal)).toBe(code);
    expect(waiting.stderr()).toContain('the DAG goes on: marie get patient');
    const client = new FabricClient({ url: fabric.url });
    atEnd(() => client.close());
    await client.controls.signal('patient', 'ok', 1);
    expect((await client.wait('patient')).state).toBe('succeeded');
  });
});

/** The commands that read a journal without a fabric. */
async function readHistory(data: string): Promise<void> {
  const verified = await marie(['replay', 'verify', data, '--json']);
  expect(JSON.parse(verified.stdout)).toMatchObject({ ok: true, problem: null });
  expect(verified.code).toBe(0);

  const all = (await marie(['journal', 'cat', data, '--json'])).stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  const turns = all.filter(({ type }) => type === 'Turn');
  expect(turns.map(({ turn }) => turn)).toEqual(turns.map((_, index) => index + 1));
  expect(all.filter(({ type }) => type === 'JobSucceeded')).toHaveLength(8);
  const some = await marie(['journal', 'cat', data, '--type', 'dagsucceeded']);
  expect(some.stdout).toMatch(/^turn \d+ .*\n +\d+ DagSucceeded by \d+ dag=1/);
  expect((await marie(['journal', 'cat', data, '--type', 'Nothing'])).code).toBe(2);

  const exported = `${data}-export`;
  const cut = JSON.parse((await marie(['export', data, exported, '--from', '1', '--to', '5', '--json'])).stdout);
  expect(cut).toMatchObject({ firstTurn: 1, lastTurn: 5, turns: 5 });
  expect((await marie(['replay', 'verify', exported])).code).toBe(0);
}

it.each([
  [
    'that is late',
    { state: 'open', endedAtMs: null, risk: 'missed' },
    'missed: marie replay sla says why, from the journal',
  ],
  ['that may be late', { state: 'open', endedAtMs: null, risk: 'at-risk' }, 'at-risk'],
  ['that ended in time after all', { state: 'succeeded', endedAtMs: 7_000, risk: 'safe' }, ''],
  ['of a fabric from before it was told', { state: 'open', endedAtMs: null }, ''],
])('marie get of a dag %s says so much of its deadlines', async (_, told, line) => {
  const server = await ScriptedServer.start();
  onTestFinished(() => server.stop());
  const dag = { dagId: 'a', tenant: 'default', acceptedAtMs: 1_000, priority: 50, run: 1, turn: 9, ...told };
  const rest = { deadlineAtMs: 8_000, hardDeadlineAtMs: null, jobsTotal: 0, jobsLeft: 0, jobsFailed: 0, jobs: [] };
  server.json('GET', /./, 200, { ...dag, ...rest, next: null });
  const { stdout } = await marie(['get', 'a', '--url', server.url]);
  const lines = stdout.split('\n');
  expect(lines[lines.findIndex((one) => one.startsWith('deadline ')) + 1]).toBe(line);
});

it('marie watch ends at Ctrl-C with 130 and without an error before it was answered, too', async () => {
  const server = await ScriptedServer.start();
  atEnd(() => server.stop());
  const asked = new Promise<void>((resolve) => server.on('GET', /dags\/d$/, () => resolve()));
  const watching = await startMarie(['watch', 'd', '--url', server.url], /^/);
  await asked;
  expect(await watching.end('SIGINT')).toBe(130);
  expect(watching.stderr()).toBe('');
});

it.each([
  ['top', 'GET', /./],
  ['executors drain a --wait', 'GET', /executors$/],
])('marie %s ends at Ctrl-C with 130 and without an error while nobody answers', async (line, method, path) => {
  const server = await ScriptedServer.start();
  atEnd(() => server.stop());
  server.json('PUT', /drain$/, 200, { turn: 1, events: [] });
  server.json('POST', /drain$/, 200, { turn: 1, events: [] });
  const asked = new Promise<void>((resolve) => server.on(method, path, () => resolve()));
  const running = await startMarie([...line.split(' '), '--url', server.url], /^/);
  await asked;
  expect(await running.end('SIGINT')).toBe(130);
  expect(running.stderr()).not.toContain('error');
});

describe('what is misnamed is told before anything is waited for', () => {
  const DAG = JSON.stringify({ id: 'asks', jobs: [{ id: 'ask', kind: 'signal' }] });

  it('the job whose output is asked for: the DAG is not submitted, or not waited for', async () => {
    const { url } = await startFabricHere();
    const client = new FabricClient({ url });
    atEnd(() => client.close());
    const submitted = await marie(['submit', '-', '--output', 'nope', '--url', url], { stdin: DAG });
    expect(submitted).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('unknown-job: the DAG has no job nope'),
    });
    await expect(client.get('asks')).rejects.toMatchObject({ code: 'unknown-dag' });
    await client.submitText(DAG);
    const waited = await marie(['wait', 'asks', '--output', 'nope[1]', '--url', url]);
    expect(waited).toMatchObject({ code: 4, stderr: expect.stringContaining('nope') });
  });

  it('and a fabric that is away for a while is waited for as it is without an output', async () => {
    const server = await ScriptedServer.start();
    atEnd(() => server.stop());
    server.json('GET', /jobs\/a$/, 503, { code: 'not-ready', detail: 'it starts' });
    server.json('GET', /jobs\/a\/output$/, 200, 7);
    server.json('GET', /jobs$/, 200, { jobs: [] });
    server.json('GET', /dags\/d$/, 200, {
      dagId: 'd',
      state: 'succeeded',
      acceptedAtMs: 1,
      endedAtMs: 2,
      turn: 3,
      jobs: [],
    });
    const waited = await marie(['wait', 'd', '--output', 'a', '--url', server.url]);
    expect(waited).toMatchObject({ code: 0, stdout: '7\n' });
  });

  it('a topic, also of a DAG that has ended', async () => {
    const { url } = await startFabricHere();
    const client = new FabricClient({ url });
    atEnd(() => client.close());
    await client.submit({ id: 'ended', jobs: [{ id: 'a', kind: 'noop' }] });
    await client.wait('ended');
    const watched = await marie(['watch', 'ended', '--topic', 'lifecycel', '--url', url]);
    expect(watched).toMatchObject({ code: 2, stderr: expect.stringContaining('there is no topic lifecycel') });
    expect((await marie(['watch', 'ended', '--topic', 'lifecycle', '--url', url])).code).toBe(0);
  });
});

it('of a fan-out, which puts out nothing, marie output says where the outputs are', async () => {
  const { url } = await startFabricHere();
  const client = new FabricClient({ url });
  atEnd(() => client.close());
  await client.submit({ id: 'd', jobs: [{ id: 'page', kind: 'noop', fanOut: { count: 2 } }] });
  await client.wait('d');
  const { code, stdout, stderr } = await marie(['output', 'd', 'page', '--url', url]);
  expect([code, stdout]).toEqual([0, 'null\n']);
  expect(stderr).toContain("marie output d 'page[0]'");
  expect((await marie(['output', 'd', 'page[0]', '--url', url])).stderr).toBe('');
  await client.submit({ id: 'none', jobs: [{ id: 'page', kind: 'noop', fanOut: { count: 0 } }] });
  await client.wait('none');
  expect(await marie(['output', 'none', 'page', '--url', url])).toMatchObject({ stdout: 'null\n', stderr: '' });
});

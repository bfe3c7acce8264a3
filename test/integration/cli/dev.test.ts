/** `marie dev` as people use it: a file is written, changed, broken and put right while jobs run. */
import { rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { FabricClient } from '../../../src/client/index.js';
import { FakeFabric, problemAnswer } from '../../support/fake-fabric.js';
import { atEnd, marie, type Running, startFabric, startFabricHere, startMarie, temporaryFolder } from './setup.js';

/** An executor that answers with a greeting of its own and one of another file, after a while. */
function executor(greeting: string, runMs = 0): string {
  return `import { name } from './name.js';
export const greeter = {
  class: 'greeter',
  slots: 2,
  async run(ctx: { log: { info(text: string): void } }, input: { fail?: boolean }) {
    ctx.log.info('thinking of it');
    await new Promise((resolve) => setTimeout(resolve, ${runMs}));
    if (input.fail) throw new Error('no greeting today');
    return '${greeting}, ' + name + '!';
  },
};
`;
}

interface Desk {
  readonly folder: string;
  readonly url: string;
  readonly client: FabricClient;
  write(name: string, text: string): Promise<void>;
  dev(): Promise<Running>;
  submit(id: string, input?: object): Promise<void>;
}

/** A fabric, and a folder in which somebody develops an executor; ES modules or CommonJS. */
async function desk(type: 'module' | 'commonjs' = 'module'): Promise<Desk> {
  const folder = temporaryFolder();
  const { url } = await startFabricHere();
  const client = new FabricClient({ url });
  atEnd(() => client.close());
  const write = async (name: string, text: string): Promise<void> => {
    // As editors do: a new file takes the place of the old one.
    await writeFile(join(folder, `.${name}.new`), text);
    await rename(join(folder, `.${name}.new`), join(folder, name));
  };
  await write('package.json', JSON.stringify({ type }));
  await write('name.ts', "export const name = 'Ann';\n");
  const submit = async (id: string, input: object = {}): Promise<void> => {
    const inputs = Object.fromEntries(Object.entries(input).map(([name, value]) => [name, { value }]));
    await client.submit({ id, jobs: [{ id: 'greet', executorClass: 'greeter', inputs }] });
  };
  const dev = (): Promise<Running> => startMarie(['dev', join(folder, 'my.ts'), '--url', url], /registered|used/);
  return { folder, url, client, write, dev, submit };
}

/** Two executors of a file, of which a fabric has registered one and is not ready for the other. */
async function halfRegistered() {
  const fake = await FakeFabric.start();
  atEnd(() => fake.stop());
  let isReady = false;
  fake.interceptors.push((_method, path, response, body) => {
    if (isReady || !path.endsWith('/register') || !body.includes('"late"')) return false;
    problemAnswer(response, 503, { code: 'not-ready', detail: 'of the other one' });
    return true;
  });
  const file = join(temporaryFolder(), 'two.mts');
  const run = "async () => { await new Promise((resolve) => setTimeout(resolve, 500)); return 'in the end'; }";
  const one = (name: string): string => `export const ${name} = { class: '${name}', slots: 1, run: ${run} };\n`;
  await writeFile(file, one('early') + one('late'));
  const dev = await startMarie(['dev', file, '--url', fake.url], /two\.mts/);
  await fake.until(() => fake.registrations.length === 1);
  const early = fake.registrations[0]!.executor;
  await fake.until(() => fake.isConnected(early));
  const admitLate = (): void => {
    isReady = true;
  };
  return { dev, fake, early, admitLate };
}

async function greetingOf({ client }: Desk, id: string): Promise<unknown> {
  await client.wait(id);
  return client.output(id, 'greet');
}

async function says(running: Running, pattern: RegExp): Promise<void> {
  await expect.poll(() => running.stdout() + running.stderr()).toMatch(pattern);
}

describe.each(['module', 'commonjs'] as const)('marie dev, a file of type %s', (type) => {
  it('runs its jobs, and those of the changed file after it', async () => {
    const here = await desk(type);
    await here.write('my.ts', executor('Hello'));
    const dev = await here.dev();
    await here.submit('d1');
    expect(await greetingOf(here, 'd1')).toBe('Hello, Ann!');
    await says(dev, /my\.ts: greeter \(2 slots\)[\s\S]*greeter d1\/greet succeeded in /);
    await says(dev, /info: d1\/greet thinking of it/);
    // What it imports counts as well.
    await here.write('name.ts', "export const name = 'Bob';\n");
    await says(dev, /name\.ts changed[\s\S]*reloaded: greeter[\s\S]*registered/);
    await here.submit('d2');
    expect(await greetingOf(here, 'd2')).toBe('Hello, Bob!');
    expect(await dev.end()).toBe(0);
    // The fabric asks executors to drain that have said so themselves, too: that is no news.
    expect(dev.stdout()).not.toContain('is drained');
  });
});

describe('marie dev', () => {
  it.each([
    ['', (text: string) => text],
    [', also where its executor has an id', (text: string) => text.replace('slots:', "id: 'mine', slots:")],
  ])('lets a running job end with the code that it began with%s', async (_where, edited) => {
    const here = await desk();
    await here.write('my.ts', edited(executor('Hello', 1_500)));
    const dev = await here.dev();
    await here.submit('d1');
    await says(dev, /greeter d1\/greet started/);
    await here.write('my.ts', edited(executor('Hi')));
    await says(dev, /reloaded/);
    await here.submit('d2');
    expect(await greetingOf(here, 'd2')).toBe('Hi, Ann!');
    expect(await greetingOf(here, 'd1')).toBe('Hello, Ann!');
    expect((await here.client.job('d1', 'greet')).attempt).toBe(1);
  });

  it('goes on with what ran when the file is broken, and with the file when it is put right', async () => {
    const here = await desk();
    await here.write('my.ts', executor('Hello'));
    const dev = await here.dev();
    await here.write('my.ts', `${executor('Hi')}}`);
    await says(dev, /my\.ts can't be used: .*\n?.*my\.ts:12:0: ERROR[\s\S]*what ran before runs on/);
    await here.submit('d1');
    expect(await greetingOf(here, 'd1')).toBe('Hello, Ann!');
    await here.write('my.ts', "\nthrow new Error('no setting');\n");
    await says(dev, /my\.ts can't be used: Error: no setting\n +at .*my\.ts:2:\d+\)\n/);
    await here.write('my.ts', 'export const nothing = 1;\n');
    await says(dev, /it exports no executor/);
    await here.write('my.ts', executor('Hi'));
    await says(dev, /reloaded/);
    await here.submit('d2');
    expect(await greetingOf(here, 'd2')).toBe('Hi, Ann!');
  });

  it.each([
    ['its slots are more than a fabric takes', (text: string) => text.replace('slots: 2', 'slots: 99_999'), /invalid-/],
    [
      'two of its executors have one class',
      (text: string) => `${text}export const other = { ...greeter };\n`,
      /two executors have the id/,
    ],
  ])('goes on with what ran when the fabric will not have the file: %s', async (_why, edited, what) => {
    const here = await desk();
    await here.write('my.ts', executor('Hello'));
    const dev = await here.dev();
    await here.write('my.ts', edited(executor('Hi')));
    await says(dev, what);
    await says(dev, /my\.ts can't be used: .*[\s\S]*what ran before runs on/);
    await here.submit('d1');
    expect(await greetingOf(here, 'd1')).toBe('Hello, Ann!');
    await here.write('my.ts', executor('Hi'));
    await says(dev, /reloaded[\s\S]*registered/);
    await here.submit('d2');
    expect(await greetingOf(here, 'd2')).toBe('Hi, Ann!');
    expect(await dev.end()).toBe(0);
    expect(dev.stdout()).not.toContain('has ended');
    expect(dev.stdout().match(/reloaded/g)).toHaveLength(1);
  });

  it('gives jobs to what runs until the fabric has the executors of the changed file', async () => {
    const fake = await FakeFabric.start();
    atEnd(() => fake.stop());
    const file = join(temporaryFolder(), 'my.mts');
    const source = (output: string): string => `export default { class: 'a', slots: 1, run: () => '${output}' };\n`;
    await writeFile(file, source('old'));
    const dev = await startMarie(['dev', file, '--url', fake.url], /registered/);
    const old = fake.registrations[0]!.executor;
    /** How often each executor has asked, by the path of its registration. */
    const asked = new Map<string, number>();
    let isReady = false;
    fake.interceptors.push((_method, path, response) => {
      if (isReady || !path.endsWith('/register')) return false;
      asked.set(path, (asked.get(path) ?? 0) + 1);
      problemAnswer(response, 503, { code: 'not-ready', detail: 'of the new one' });
      return true;
    });
    for (const output of ['new', 'newest']) {
      const before = new Set(asked.keys());
      await writeFile(file, source(output));
      await fake.until(() => [...asked].some(([path, times]) => !before.has(path) && times > 2));
    }
    const token = fake.dispatch(old, { class: 'a' });
    await fake.until(() => fake.terminals(token).length === 1);
    expect(fake.terminals(token)).toMatchObject([{ type: 'complete', output: 'old' }]);
    expect(fake.drained).toEqual([]);
    isReady = true;
    await fake.until(() => fake.deregistered.includes(old));
    const [, newest, ...others] = fake.registrations.map(({ executor }) => executor);
    expect(others).toEqual([]);
    const last = fake.dispatch(newest!, { class: 'a' });
    await fake.until(() => fake.terminals(last).length === 1);
    expect(fake.terminals(last)).toMatchObject([{ type: 'complete', output: 'newest' }]);
    expect(await dev.end()).toBe(0);
    expect(dev.stdout().match(/reloaded/g)).toHaveLength(1);
  });

  it('tells of a job that fails where it failed, and of a process that ends', async () => {
    const here = await desk();
    await here.write('my.ts', 'export default {');
    const dev = await here.dev();
    await says(dev, /put it right, and it starts/);
    await here.write('my.ts', executor('Hello'));
    await says(dev, /registered/);
    await here.submit('d1', { fail: true });
    await says(dev, /greeter d1\/greet failed: Error: no greeting today\n +at .*my\.ts:8:\d+\)\n/);
    await here.write('my.ts', executor('Hello').replace('return', 'process.exit(7); return'));
    await says(dev, /reloaded[\s\S]*registered/);
    await here.submit('d2');
    await says(dev, /the executors' process has ended \(7\); a change starts it again/);
    await here.write('my.ts', executor('Hi'));
    expect(await greetingOf(here, 'd2')).toBe('Hi, Ann!');
  });

  it('says so when the file ends the process while it is loaded, as where a setting is missing', async () => {
    const here = await desk();
    await here.write('my.ts', 'process.exit(3);\n');
    const dev = await here.dev();
    await says(dev, /my\.ts can't be used: its process ended with 3 while it was loaded\nput it right, and it starts/);
    await here.write('my.ts', executor('Hello'));
    await says(dev, /registered/);
  });

  it('says how this package is made known where the file does not find it', async () => {
    const here = await desk();
    await here.write('my.ts', "import 'marie-execution-fabric/executor';\n");
    await says(await here.dev(), /put it right, and it starts\n`npm link` in the folder of marie, then/);
  });

  it('lets jobs end at Ctrl-C, and leaves', async () => {
    const here = await desk();
    await here.write('my.ts', executor('Hello', 500));
    const dev = await here.dev();
    await here.submit('d1');
    await says(dev, /greeter d1\/greet started/);
    expect(await dev.end('SIGINT')).toBe(0);
    expect(await greetingOf(here, 'd1')).toBe('Hello, Ann!');
    expect((await here.client.operations.executors()).map(({ state }) => state)).toEqual(['left']);
    const listed = await marie(['executors', '--url', here.url]);
    expect(listed.stderr).toBe('gone, and left out here: 1; --all lists them too\n');
    expect((await marie(['executors', '--all', '--url', here.url])).stdout).toContain(' left ');
    expect(dev.stdout() + dev.stderr()).not.toContain('\u001b');
  });

  it('tells of an executor that somebody drains, at once and when its process has ended', async () => {
    const here = await desk();
    await here.write('my.ts', executor('Hello', 1_500));
    const dev = await here.dev();
    await here.submit('d1');
    await says(dev, /greeter d1\/greet started/);
    const [greeter] = await here.client.operations.executors();
    await here.client.operations.drain(greeter!.executor);
    await says(dev, /greeter is drained: it ends its jobs and takes no more; a change of the file starts it again\n/);
    expect(dev.stdout()).not.toMatch(/succeeded/);
    await says(dev, /greeter d1\/greet succeeded[\s\S]*process has ended \(0\); a change starts it again/);
    await here.write('my.ts', executor('Hi'));
    await here.submit('d2');
    expect(await greetingOf(here, 'd2')).toBe('Hi, Ann!');
    expect(await dev.end()).toBe(0);
  });

  it('tells of an executor that somebody drained while another one of its file had not registered yet', async () => {
    const { dev, fake, early, admitLate } = await halfRegistered();
    fake.send(early, { type: 'drain' });
    await fake.until(() => fake.deregistered.includes(early));
    expect(dev.stdout()).not.toContain('registered');
    admitLate();
    await says(dev, /registered with .*\n[\s\S]*early is drained/);
    expect(dev.stdout()).not.toContain('late is drained');
    expect(await dev.end()).toBe(0);
  });

  it('lets the jobs of an executor end at Ctrl-C when another one of its file has not registered yet', async () => {
    const { dev, fake, early } = await halfRegistered();
    const token = fake.dispatch(early, { class: 'early' });
    await fake.until(() => fake.callbacks.some((seen) => seen.type === 'ack'));
    expect(await dev.end()).toBe(0);
    expect(fake.terminals(token)).toMatchObject([{ type: 'complete', output: 'in the end' }]);
    expect(fake.deregistered).toEqual([early]);
    expect(dev.stdout()).toMatch(/early d-1\/j started\n.*succeeded/);
  });

  it('says each time that the fabric has gone, and that it is there again', async () => {
    const folder = temporaryFolder();
    await writeFile(join(folder, 'my.mts'), 'export default { class: "a", slots: 1, run: () => 1 };\n');
    let fabric = await startFabric(join(folder, 'data'));
    const { url } = fabric;
    const dev = await startMarie(['dev', join(folder, 'my.mts'), '--url', url], /registered/);
    const times = (pattern: RegExp, text: string): number => text.match(pattern)?.length ?? 0;
    for (const outages of [1, 2]) {
      await fabric.end();
      await expect.poll(() => times(/not connected/g, dev.stderr())).toBe(outages);
      expect(dev.stderr()).toContain(`not connected, trying again: ${url}\n`);
      const up = await startMarie(['up', '--data', join(folder, 'data'), '--port', new URL(url).port], /is up/);
      fabric = { ...up, url };
      await expect.poll(() => times(/registered/g, dev.stdout()), { timeout: 15_000 }).toBe(outages + 1);
    }
    expect(await dev.end()).toBe(0);
  });

  it('says so when a changed file waits for a fabric that has gone', async () => {
    const fake = await FakeFabric.start();
    const file = join(temporaryFolder(), 'my.mts');
    await writeFile(file, 'export default { class: "a", slots: 1, run: () => 1 };\n');
    const dev = await startMarie(['dev', file, '--url', fake.url], /registered/);
    await fake.stop();
    await writeFile(file, 'export default { class: "a", slots: 1, run: () => 2 };\n');
    await says(dev, /my\.mts changed/);
    await says(dev, /waiting for a fabric at http/);
    expect(dev.stdout()).not.toContain('reloaded');
    expect(await dev.end()).toBe(0);
  });

  it('waits for a fabric, and says so; a file that is not there is wrong usage', async () => {
    const folder = temporaryFolder();
    await writeFile(join(folder, 'my.mts'), 'export default { class: "a", slots: 1, run: () => 1 };\n');
    const dev = await startMarie(
      ['dev', join(folder, 'my.mts'), '--url', 'http://127.0.0.1:1'],
      /waiting for a fabric/,
    );
    expect(await dev.end('SIGTERM')).toBe(0);
    expect((await marie(['dev', join(folder, 'no.ts')])).code).toBe(2);
  });
});

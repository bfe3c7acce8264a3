/** Errors that nobody caught: they end the process, and are the business of the job that they come from. */
import { describe, expect, it } from 'vitest';
import { Program, testProgram } from '../../support/fabric/program.js';
import { ID, startFake } from './setup.js';

async function start(...more: readonly string[]) {
  const fake = await startFake();
  const program = Program.start([...testProgram('uncaught-errors'), fake.url, ID, ...more]);
  await fake.until(() => fake.isConnected(ID));
  const neighbour = fake.dispatch(ID);
  await fake.until(() => fake.callbacks.some(({ type }) => type === 'ack'));
  return { fake, program, neighbour };
}

describe.each([
  ['a promise that nobody awaits', 'promise', 'nobody awaits this'],
  ['what is called back', 'callback', '/not-there'],
])('an error that nobody caught, of %s', (_what, leaves, message) => {
  it('fails its job, gives back the others, and ends the process', async () => {
    const { fake, program, neighbour } = await start();
    const token = fake.dispatch(ID, { inputs: { leaves } });
    expect(await program.exited).toEqual({ code: 1, signal: null });
    expect(fake.terminals(token)).toMatchObject([
      { type: 'fail', code: 'executor-error', message: expect.stringContaining(message), retryable: true },
    ]);
    expect(fake.terminals(neighbour)).toMatchObject([{ type: 'return' }]);
    expect(fake.deregistered).toEqual([ID]);
    expect(program.said).toContain('an error that nobody caught ends the process');
    expect(program.said.match(/Node\.js v\d/g)).toHaveLength(1);
  });
});

it('an error that nobody caught, and that is of no job, ends the process as ever', async () => {
  const { fake, program } = await start();
  expect(await program.end('SIGUSR2')).toEqual({ code: 1, signal: null });
  expect(fake.terminals()).toEqual([]);
  expect(fake.deregistered).toEqual([]);
  expect(program.said).toContain('Error: of no job');
});

it('an error that nobody caught cuts a drain short, and its process does not end as if all were well', async () => {
  const { fake, program, neighbour } = await start();
  const token = fake.dispatch(ID, { inputs: { leaves: 'later' } });
  await fake.until(() => fake.callbacks.filter(({ type }) => type === 'ack').length === 2);
  const ended = program.end('SIGTERM');
  await fake.until(() => fake.drained.length === 1);
  void program.end('SIGHUP');
  expect(await ended).toEqual({ code: 1, signal: null });
  expect(fake.terminals(token)).toMatchObject([{ type: 'fail', message: 'later' }]);
  expect(fake.terminals(neighbour)).toMatchObject([{ type: 'return' }]);
});

it('who ends the process at such an error where nobody else listens finds itself alone', async () => {
  const { fake, program } = await start('reports');
  fake.dispatch(ID, { inputs: { leaves: 'promise' } });
  expect(await program.exited).toEqual({ code: 3, signal: null });
});

it('a second error that nobody caught does not end the process before all is said of the first', async () => {
  const { fake, program } = await start();
  let deregister: (() => void) | null = null;
  fake.interceptors.push((_method, path, response) => {
    if (!path.includes('/deregister')) return false;
    deregister = () => response.end('{}');
    return true;
  });
  fake.dispatch(ID, { inputs: { leaves: 'promise' } });
  await fake.until(() => deregister !== null);
  const ended = program.end('SIGUSR2');
  await program.saying('of no job');
  deregister!();
  expect(await ended).toEqual({ code: 1, signal: null });
  expect(program.said).toContain('"msg":"drained"');
});

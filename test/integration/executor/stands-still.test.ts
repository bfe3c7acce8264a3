/** Signs of life while a `run()` computes, and nothing else of its process has a turn. */
import { expect } from 'vitest';
import { systemMachine } from '../../../src/client/adapters/system.js';
import type { Machine } from '../../../src/client/ports.js';
import type { FakeFabric } from '../../support/fake-fabric.js';
import { ID, it, startExecutor } from './setup.js';

const HEARTBEAT_MS = 40;

/** A machine on which no timer of a heartbeat fires any more, as where something computes. */
const standsStill: Machine = {
  ...systemMachine,
  after: (ms, callback, idle) => (ms === HEARTBEAT_MS ? () => undefined : systemMachine.after(ms, callback, idle)),
};

const heartbeats = (fake: FakeFabric) => fake.callbacks.filter(({ type }) => type === 'heartbeat').length;

it('an executor is heard while its process stands still, also where its stream breaks meanwhile', async ({ fake }) => {
  fake.heartbeatMs = HEARTBEAT_MS;
  await startExecutor(fake, () => null, { machine: standsStill });
  await fake.until(() => heartbeats(fake) >= 3);
  fake.interceptors.push((method, path, response) => {
    // It comes to nothing but its signs of life.
    if (method === 'GET' && path.includes('/dispatches')) response.destroy();
    return method === 'GET' && path.includes('/dispatches');
  });
  fake.breakStream(ID);
  const before = heartbeats(fake);
  await fake.until(() => heartbeats(fake) >= before + 3);
});

it('an executor that has left is not spoken for', async ({ fake }) => {
  fake.heartbeatMs = HEARTBEAT_MS;
  const left = await startExecutor(fake, () => null, { machine: standsStill });
  await fake.until(() => heartbeats(fake) >= 1);
  await left.close(0);
  const spokenFor: string[] = [];
  fake.interceptors.push((_method, path) => {
    if (path.includes('/callbacks')) spokenFor.push(path.split('/')[3] as string);
    return false;
  });
  await startExecutor(fake, () => null, { id: 'another', machine: standsStill });
  await fake.until(() => spokenFor.length >= 3);
  expect(new Set(spokenFor)).toEqual(new Set(['another']));
});

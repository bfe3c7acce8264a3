import { expect } from 'vitest';
import { problemAnswer } from '../../support/fake-fabric.js';
import { ID, it, startExecutor } from './setup.js';

it('an executor goes on where a process that is behind its registration knows the one before it only', async ({
  fake,
}) => {
  const behind = [0, 0];
  fake.interceptors.push((_method, path, response) => {
    const turn = path.includes('/dispatches') ? behind.shift() : undefined;
    if (turn === undefined) return false;
    problemAnswer(response, 409, { code: 'stale-incarnation', detail: 'registered again as another', turn });
    return true;
  });
  const running = await startExecutor(fake, () => null);
  expect(running.executors[0]!.state).toBe('registered');
  behind.push(1);
  fake.breakStream(ID);
  await expect(running.closed).rejects.toMatchObject({ code: 'stale-incarnation' });
});

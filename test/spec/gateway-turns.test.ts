import { expect, it } from 'vitest';
import { startGateway } from '../support/gateway.js';

it('reads say which turn they stand for, and wait for one that is asked for', async () => {
  const gateway = await startGateway();
  const get = (path: string): Promise<Response> => fetch(`${gateway.url}${path}`);
  const now = await get('/v1/cell');
  const turn = Number(now.headers.get('marie-turn'));
  expect(turn).toBe(((await now.json()) as { turn: number }).turn);
  expect((await get(`/v1/cell?atLeastTurn=${turn}`)).status).toBe(200);
  expect((await get('/v1/cell?atLeastTurn=soon')).status).toBe(422);
  const waiting = get(`/v1/cell?atLeastTurn=${turn + 1}`);
  gateway.outbox.publish(turn + 1, []);
  expect((await waiting).status).toBe(200);
  expect(await (await get('/v1/process')).json()).toMatchObject({ role: 'leader', turn });
});

import { expect, it, onTestFinished, vi } from 'vitest';
import { startGateway } from '../../support/gateway.js';
import { PATIENT } from '../../support/patience.js';

it('reads say which turn they stand for, and wait for one that is asked for', async () => {
  const gateway = await startGateway();
  onTestFinished(() => gateway.close());
  const get = (path: string): Promise<Response> => fetch(`${gateway.url}${path}`);
  const now = await get('/v1/cell');
  const turn = Number(now.headers.get('marie-turn'));
  expect(turn).toBe(((await now.json()) as { turn: number }).turn);
  const head = await fetch(`${gateway.url}/v1/cell`, { method: 'HEAD' });
  expect(head.headers.get('marie-turn')).toBe(String(turn));
  expect((await get(`/v1/cell?atLeastTurn=${turn}`)).status).toBe(200);
  expect((await get('/v1/cell?atLeastTurn=soon')).status).toBe(422);
  const waiting = get(`/v1/cell?atLeastTurn=${turn + 1}`);
  gateway.outbox.publish(turn + 1, []);
  expect((await waiting).status).toBe(200);
  expect(await (await get('/v1/process')).json()).toMatchObject({ role: 'leader', turn });
});

it.each(['/v1/dags', '/v1/jobs', '/v1/search?q=nobody'])(
  'the turn of %s is the one at which it was looked up, not one that came while it waited',
  async (path) => {
    const gateway = await startGateway();
    onTestFinished(() => gateway.close());
    // Turn 6 is in the fold, and comes into the journal with turn 7 behind it.
    gateway.views.turn = 6;
    const answer = fetch(`${gateway.url}${path}`);
    await vi.waitFor(() => expect(gateway.views.asked).not.toHaveLength(0), PATIENT);
    gateway.views.turn = 7;
    gateway.outbox.publish(7, []);
    expect(await (await answer).json()).toMatchObject({ turn: 6 });
  },
);

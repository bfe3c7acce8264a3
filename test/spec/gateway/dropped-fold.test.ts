/** What was read of a fold that is ahead of the journal, when another leader has made those turns. */
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { type GatewayFixture, granted, StreamReader, startGateway } from '../../support/gateway.js';
import { PATIENT } from '../../support/patience.js';

let gateway: GatewayFixture;
let dispatches: string;

beforeEach(async () => {
  gateway = await startGateway();
  dispatches = `${gateway.url}/v1/executors/e1/dispatches?incarnation=i1`;
  gateway.views.registered.set('e1', { seq: 1, incarnation: 'i1', live: true });
  // Turn 2 is in the fold, where token 3 is this executor's, and never comes into the journal.
  gateway.views.turn = 2;
  gateway.views.unacknowledgedOf.set(1, [3]);
});

afterEach(() => gateway.close());

/** Turn 2 as another leader made it: token 3 is another executor's, and token 4 is this one's. */
function anotherLeads(): void {
  gateway.outbox.drop();
  gateway.views.unacknowledgedOf.set(1, [4]);
  gateway.outbox.publish(1, []);
  gateway.outbox.publish(2, [...granted(3, 2), ...granted(4)]);
}

it('a stream of dispatches ends without another one’s, and the next begins with what is there', async () => {
  const stream = new StreamReader(await fetch(dispatches));
  anotherLeads();
  expect(await stream.next()).toBeNull();
  const again = new StreamReader(await fetch(dispatches));
  expect(await again.json()).toMatchObject({ type: 'dispatch', token: 'main.1.0.1.4' });
  await again.cancel();
});

it('a long poll gives what is there', async () => {
  const looked = vi.spyOn(gateway.views, 'unacknowledged');
  const answer = fetch(`${dispatches}&waitMs=5000`);
  await vi.waitFor(() => expect(looked).toHaveBeenCalled(), PATIENT);
  anotherLeads();
  const { messages } = (await (await answer).json()) as { messages: { token: string }[] };
  expect(messages.map(({ token }) => token)).toEqual(['main.1.0.1.4']);
});

it.each([
  'dags',
  'jobs',
  'search?q=d1',
  ...['', '/jobs', '/graph', '/jobs/split'].map((rest) => `dags/d1${rest}`),
  ...['output', 'failure', 'explain', 'children'].map((what) => `dags/d1/jobs/split/${what}`),
  ...['cell', 'cell/limits', 'classes', 'capacity', 'executors', 'executors/e1', 'tenants', 'tenants/acme'],
])('a read of %s is to be tried again', async (path) => {
  gateway.views.dags.set('default/d1', { dag: 1 } as never);
  const looked = vi.spyOn(gateway.views, 'cell');
  const answer = fetch(`${gateway.url}/v1/${path}`);
  await vi.waitFor(() => expect(looked).toHaveBeenCalled(), PATIENT);
  anotherLeads();
  const { status, headers } = await answer;
  expect([status, headers.get('retry-after')]).toEqual([503, '1']);
});

it('who waits for the number of a turn gets what another leader made of it', async () => {
  const answer = fetch(`${gateway.url}/v1/dags?atLeastTurn=2`);
  await vi.waitFor(() => expect(gateway.outbox.listeners).toBeGreaterThan(0), PATIENT);
  anotherLeads();
  expect((await answer).status).toBe(200);
});

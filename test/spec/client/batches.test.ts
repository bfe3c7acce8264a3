/** How many DAGs are cut into requests, and what becomes of those that the fabric can't take. */
import { afterEach, beforeEach, expect, it } from 'vitest';
import { systemMachine } from '../../../src/client/adapters/system.js';
import { FabricClient } from '../../../src/client/index.js';
import { ScriptedServer, send } from '../../support/scripted-server.js';

let server: ScriptedServer;
let client: FabricClient;
let delays: number[];

beforeEach(async () => {
  server = await ScriptedServer.start();
  delays = [];
  const machine = {
    ...systemMachine,
    after(ms: number, callback: () => void) {
      delays.push(ms);
      return systemMachine.after(0, callback);
    },
  };
  client = new FabricClient({ url: server.url, patience: { attempts: 3, baseMs: 1, maxMs: 5 }, machine });
});

afterEach(async () => {
  await client.close();
  await server.stop();
});

/** Answers each line of each request. */
function answerEach(answer: (id: string) => object): void {
  server.on('POST', /dags/, ({ body }, response) => {
    const answers = body
      .trim()
      .split('\n')
      .map((line) => JSON.stringify(answer(JSON.parse(line).id)));
    send(response, 200, `${answers.join('\n')}\n`);
  });
}

const dag = (id: string) => ({ id, name: 'x', jobs: [{ id: 'a', kind: 'noop' as const }] });
const taken = (dagId: string) => ({ dagId, dag: 1, turn: 7, atMs: 1, duplicate: false });
const full = (retryAfterMs: number) => ({ problem: { code: 'inbox-full', status: 503, detail: 'full', retryAfterMs } });

it('cuts large ones into requests that the fabric takes', async () => {
  answerEach(taken);
  const large = 'x'.repeat(3 * 1024 * 1024);
  const dags = ['a', 'b', 'c', 'd'].map((id) => ({ ...dag(id), labels: { large } }));
  const outcomes = await client.submitMany(dags);
  expect(outcomes.map((outcome) => 'dagId' in outcome && outcome.dagId)).toEqual(['a', 'b', 'c', 'd']);
  const sent = server.seen.map(({ body }) =>
    body
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line).id),
  );
  expect(sent).toEqual([
    ['a', 'b'],
    ['c', 'd'],
  ]);
});

it('gives up what can never be taken after its patience, each with its problem', async () => {
  answerEach((id) => (id === 'a' ? taken(id) : full(1)));
  const outcomes = await client.submitMany([dag('a'), dag('b')]);
  expect(outcomes.map((outcome) => ('problem' in outcome ? outcome.problem.code : outcome.dagId))).toEqual([
    'a',
    'inbox-full',
  ]);
  expect(server.seen).toHaveLength(3);
});

it('waits as long as the longest Retry-After asks for before it sends again what was not taken', async () => {
  answerEach((id) => (server.seen.length > 1 ? taken(id) : full(id === 'b' ? 700 : 20)));
  await client.submitMany([dag('a'), dag('b'), dag('c')]);
  expect(delays).toHaveLength(1);
  expect(delays[0]).toBeGreaterThanOrEqual(700);
});

it('takes a line that is no answer for nothing but the problem of its own DAG', async () => {
  server.on('POST', /dags/, (_, response) => {
    send(response, 200, `${JSON.stringify(taken('a'))}\n<html>\n${JSON.stringify({ problem: null })}\n`);
  });
  const outcomes = await client.submitMany([dag('a'), dag('b'), dag('c')]);
  expect(outcomes.map((outcome) => ('problem' in outcome ? outcome.problem.code : outcome.dagId))).toEqual([
    'a',
    'bad-answer',
    'bad-answer',
  ]);
});

it('submits all others where one is no JSON', async () => {
  answerEach(taken);
  const odd = { ...dag('odd'), idempotencyKey: 'k', inputs: { page: 7n } } as unknown as ReturnType<typeof dag>;
  const outcomes = await client.submitMany([dag('a'), odd, dag('b')]);
  expect(outcomes).toMatchObject([
    { dagId: 'a' },
    { problem: { code: 'invalid-value', status: 0 }, idempotencyKey: 'k' },
    { dagId: 'b' },
  ]);
});

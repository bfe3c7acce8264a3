import type { ServerResponse } from 'node:http';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { systemMachine } from '../../../src/client/adapters/system.js';
import { FabricClient } from '../../../src/client/index.js';
import { ScriptedServer, type SeenRequest, send } from '../../support/scripted-server.js';

let server: ScriptedServer;
let client: FabricClient;

beforeEach(async () => {
  server = await ScriptedServer.start();
  client = new FabricClient({ url: server.url, patience: { attempts: 3, baseMs: 1, maxMs: 5 } });
});

afterEach(async () => {
  await client.close();
  await server.stop();
});

const event = (turn: number) => {
  const id = `main:${turn}:0`;
  return `id: ${id}:mark\ndata: ${JSON.stringify({ id, type: 'JobReadied', turn, index: 0, atMs: 1, data: {} })}\n\n`;
};
const positions = (seen: readonly SeenRequest[]) =>
  seen.filter(({ path }) => path === '/v1/lifecycle').map(({ headers }) => headers['last-event-id']);

describe('the lifecycle stream', () => {
  it('goes on after the last event when it breaks, from where the cell is when nothing came yet', async () => {
    server.json('GET', /cell$/, 200, { cell: 'main', turn: 41 });
    server.on('GET', /lifecycle$/, (_request, response, count) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write(': welcome\n\n');
      if (count === 0) response.destroy();
      else if (count === 1) response.write(event(42) + event(43).slice(0, 20), () => response.destroy());
      else response.write(event(43) + event(44));
    });
    const turns: number[] = [];
    for await (const { id, turn } of client.lifecycle({ topics: ['lifecycle', 'slots'] })) {
      expect(id).toBe(`main:${turn}:0:mark`);
      turns.push(turn);
      if (turn === 44) break;
    }
    expect(turns).toEqual([42, 43, 44]);
    expect(positions(server.seen)).toEqual(['main:41:999999999', 'main:41:999999999', 'main:42:0:mark']);
    expect(server.seen[1]?.query.get('topics')).toBe('lifecycle,slots');
  });

  it.each([
    ['the DAG and its tenant, as a name is one of a tenant', { dag: 'd 1' }, { dag: 'd 1', tenant: 'default' }],
    ['the DAG of another tenant', { dag: 'd', tenant: 'acme' }, { dag: 'd', tenant: 'acme' }],
    ['a tenant', { tenant: 'acme' }, { tenant: 'acme' }],
    ['nothing, for the events of all', {}, {}],
  ])('asks for %s', async (_what, options, query) => {
    server.on('GET', /lifecycle$/, (_request, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write(event(1));
    });
    for await (const _event of client.lifecycle({ ...options, lastEventId: 'main:0:0' })) break;
    expect(Object.fromEntries(server.seen[0]?.query ?? [])).toEqual(query);
  });

  it('comes back no sooner than a fabric that has too many streams asks for', async () => {
    server.on('GET', /lifecycle$/, (_request, response, count) => {
      const refusal = { code: 'too-many-streams', detail: 'all are taken' };
      if (count < 2) return send(response, 429, refusal, { 'retry-after': '5' });
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write(event(1));
    });
    const delays: number[] = [];
    const machine = {
      ...systemMachine,
      after(ms: number, callback: () => void) {
        delays.push(ms);
        return systemMachine.after(0, callback);
      },
    };
    const patient = new FabricClient({ url: server.url, machine });
    for await (const _event of patient.lifecycle({ lastEventId: 'main:0:0' })) break;
    await patient.close();
    expect(delays).toHaveLength(2);
    for (const ms of delays) expect(ms).toBeGreaterThanOrEqual(5_000);
  });

  it('throws when the fabric refuses it', async () => {
    server.json('GET', /lifecycle$/, 404, { code: 'unknown-dag', detail: 'none' });
    const read = async () => {
      for await (const _event of client.lifecycle({ dag: 'd', lastEventId: 'main:1:0' }));
    };
    await expect(read()).rejects.toMatchObject({ code: 'unknown-dag' });
    expect(server.seen[0]?.query.get('tenant')).toBe('default');
  });

  it('throws at once for an event that no header can name', async () => {
    const read = async () => {
      for await (const _event of client.lifecycle({ lastEventId: 'ключ:1:0' }));
    };
    await expect(read()).rejects.toMatchObject({ code: 'invalid-value', status: 0, retryable: false });
    expect(server.seen).toEqual([]);
  });

  it('ends quietly when it is aborted', async () => {
    const abort = new AbortController();
    server.on('GET', /lifecycle$/, (_request, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write(event(1));
    });
    const turns: number[] = [];
    for await (const { turn } of client.lifecycle({ lastEventId: 'main:0:0', signal: abort.signal })) {
      turns.push(turn);
      abort.abort();
    }
    expect(turns).toEqual([1]);
  });

  it('ends quietly when it is aborted before it knows where the cell is', async () => {
    const abort = new AbortController();
    server.on('GET', /cell$/, () => abort.abort());
    const ids: string[] = [];
    for await (const { id } of client.lifecycle({ signal: abort.signal })) ids.push(id);
    expect(ids).toEqual([]);
    expect(positions(server.seen)).toEqual([]);
  });
});

describe('wait', () => {
  const dag = (state: string) => ({ dagId: 'd', state, jobs: [] });

  it('reads the DAG when something has happened, and only then, until it has ended', async () => {
    let state = 'open';
    let turn = 1;
    let opened = (_stream: ServerResponse): void => undefined;
    const stream = new Promise<ServerResponse>((resolve) => {
      opened = resolve;
    });
    server.json('GET', /cell$/, 200, { cell: 'main', turn });
    server.on('GET', /dags\/d$/, (_request, response, count) => send(response, 200, dag(count < 4 ? state : 'failed')));
    server.on('GET', /lifecycle$/, (_request, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      opened(response);
    });
    const machine = {
      ...systemMachine,
      after(ms: number, callback: () => void) {
        if (ms <= 1_000) return systemMachine.after(0, callback);
        // It waits for an event; time alone never ends that here.
        turn += 1;
        if (turn === 3) state = 'failed';
        void stream.then((response) => response.write(event(turn)));
        return () => undefined;
      },
    };
    const waiting = new FabricClient({ url: server.url, machine });
    const states: string[] = [];
    const ended = await waiting.wait('d', { onProgress: (view) => states.push(view.state) });
    await waiting.close();
    expect(ended.state).toBe('failed');
    expect(states).toEqual(['open', 'open', 'failed']);
  });

  it('falls back to reading now and then where there is no stream', async () => {
    server.on('GET', /dags\/d$/, (_request, response, count) =>
      send(response, 200, dag(count === 0 ? 'open' : 'succeeded')),
    );
    server.json('GET', /cell$/, 404, { code: 'not-found', detail: 'no' });
    expect((await client.wait('d')).state).toBe('succeeded');
  });

  it('ends when it is aborted, and when there is no such DAG', async () => {
    server.json('GET', /cell$/, 200, { cell: 'main', turn: 1 });
    server.on('GET', /dags\/d$/, (_request, response) => send(response, 200, dag('open')));
    server.json('GET', /dags\/none$/, 404, { code: 'unknown-dag', detail: 'none' });
    await expect(client.wait('none')).rejects.toMatchObject({ code: 'unknown-dag' });
    const abort = new AbortController();
    await expect(client.wait('d', { signal: abort.signal, onProgress: () => abort.abort() })).rejects.toThrow('abort');
  });
});

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Code } from '../../../src/catalogue/generated/codes.js';
import type { AnyEntry, EventEntry } from '../../../src/catalogue/generated/types.js';
import { encodeTurn } from '../../../src/catalogue/turn.js';
import { COMMENT_MS } from '../../../src/edge/limits.js';
import { type GatewayFixture, StreamReader, startGateway } from '../../support/gateway.js';
import { accepts, completes, forgets, pauses, turnOf } from '../../support/journal-turns.js';
import { PATIENT } from '../../support/patience.js';
import { ManualTimers } from '../../support/timers.js';

let gateway: GatewayFixture;
let timers: ManualTimers;

beforeEach(async () => {
  timers = new ManualTimers();
  gateway = await startGateway(timers);
});

afterEach(() => gateway.close());

const paused = (dag: number): EventEntry => ({ code: Code.DagPaused, cause: -1, body: { dag } });
const released = (token: number): EventEntry => ({
  code: Code.SlotReleased,
  cause: -1,
  body: { token, slots: 1, occupancyMs: 5 },
});

/** A hash that begins with the turn. */
const hashOf = (turn: number) => Uint8Array.of(0, 0, 0, 0, 0, 0, 0, turn, ...new Uint8Array(24));

/** Publishes a turn, and keeps it as a record of the journal. */
function accept(turn: number, entries: readonly AnyEntry[]): void {
  gateway.records.push({ turn, bytes: encodeTurn(turnOf(turn, entries)), hash: hashOf(turn) });
  gateway.outbox.publish(turn, entries, hashOf(turn));
}

class Events {
  readonly #reader: StreamReader;

  constructor(response: Response) {
    this.#reader = new StreamReader(response, '\n\n');
  }

  /** The next event, comments passed over. */
  async next(): Promise<{ id: string; data: Record<string, unknown> } | null> {
    for (;;) {
      const piece = await this.#reader.next();
      if (piece === null) return null;
      if (piece.startsWith(':')) continue;
      const [, id = '', turn, mark] = /^id: (.*:(\d+):\d+):([0-9a-f]{16})$/mu.exec(piece) ?? [];
      expect(Number.parseInt(mark ?? '', 16)).toBe(Number(turn));
      return { id, data: JSON.parse(piece.split('\ndata: ')[1] ?? '') };
    }
  }

  async ids(count: number): Promise<(string | undefined)[]> {
    const ids: (string | undefined)[] = [];
    while (ids.length < count) ids.push((await this.next())?.id);
    return ids;
  }

  comment(): Promise<string | null> {
    return this.#reader.next();
  }

  cancel(): Promise<void> {
    return this.#reader.cancel();
  }
}

async function open(query = '', headers: Record<string, string> = {}): Promise<Events> {
  const response = await fetch(`${gateway.url}/v1/lifecycle${query}`, { headers });
  expect(response.status).toBe(200);
  expect(response.headers.get('content-type')).toBe('text/event-stream');
  const events = new Events(response);
  expect(await events.comment()).toBe(': welcome');
  return events;
}

describe('GET /v1/lifecycle', () => {
  it('tells what happens from now on, with ids and the names of DAGs', async () => {
    accept(1, [paused(1)]);
    gateway.names.set(7, { tenant: 'acme', dagId: 'd7' });
    const events = await open();
    accept(2, [released(1), paused(7)]);
    expect(await events.next()).toEqual({
      id: 'main:2:1',
      data: {
        id: 'main:2:1',
        type: 'DagPaused',
        turn: 2,
        index: 1,
        atMs: 1_002,
        cause: -1,
        data: { dag: 7 },
        tenant: 'acme',
        dagId: 'd7',
      },
    });
    await events.cancel();
  });

  it('resumes after an event from the journal, and goes on live without a gap or a repeat', async () => {
    for (let turn = 1; turn <= 20; turn++) accept(turn, [paused(turn), paused(turn + 100)]);
    const events = await open('', { 'last-event-id': 'main:18:0' });
    for (let turn = 21; turn <= 40; turn++) accept(turn, [paused(turn)]);
    const expected = ['main:18:1', 'main:19:0', 'main:19:1', 'main:20:0', 'main:20:1'];
    for (let turn = 21; turn <= 40; turn++) expected.push(`main:${turn}:0`);
    expect(await events.ids(expected.length)).toEqual(expected);
    accept(41, [paused(1)]);
    expect(await events.ids(1)).toEqual(['main:41:0']);
    await events.cancel();
  });

  it('begins at a turn when the index is -1, by query as by header', async () => {
    accept(1, [paused(1)]);
    accept(2, [paused(2)]);
    const events = await open('?lastEventId=main:2:-1');
    const next = await open('?lastEventId=main:3:-1');
    accept(3, [paused(3)]);
    expect(await events.ids(2)).toEqual(['main:2:0', 'main:3:0']);
    expect(await next.ids(1)).toEqual(['main:3:0']);
    for (const one of [events, next]) await one.cancel();
  });

  it('filters by topic, DAG and tenant', async () => {
    gateway.names.set(1, { tenant: 'a', dagId: 'x' });
    gateway.names.set(2, { tenant: 'b', dagId: 'x' });
    gateway.views.dags.set('b/x', { dag: 2 } as never);
    const byTopic = await open('?topics=slots,leases');
    const byDag = await open('?dag=x&tenant=b');
    const byTenant = await open('?tenant=a');
    accept(1, [paused(1), paused(2), released(3)]);
    expect(await byTopic.ids(1)).toEqual(['main:1:2']);
    expect(await byDag.ids(1)).toEqual(['main:1:1']);
    expect(await byTenant.ids(1)).toEqual(['main:1:0']);
    await Promise.all([byTopic.cancel(), byDag.cancel(), byTenant.cancel()]);
  });

  it('tells a tenant of its submissions, which name it themselves', async () => {
    const events = await open('?tenant=a&topics=submissions');
    accept(1, accepts({ dag: 1, tenant: 'b', dagId: 'x' }, { dag: 2, tenant: 'a', dagId: 'y' }));
    expect(await events.next()).toMatchObject({ data: { type: 'SubmitDag', data: { tenant: 'a', dagId: 'y' } } });
    await events.cancel();
  });

  it('tells who asks for a DAG of its submission and its controls, which name it, in the order of their turns', async () => {
    gateway.views.dags.set('a/y', { dag: 2 } as never);
    const events = await open('?tenant=a&dag=y&topics=lifecycle,submissions,controls');
    accept(1, accepts({ dag: 1, tenant: 'b', dagId: 'y' }, { dag: 2, tenant: 'a', dagId: 'y' }));
    accept(2, [pauses('a', 'x'), pauses('a', 'y'), paused(2)]);
    const told = [await events.next(), await events.next(), await events.next(), await events.next()];
    expect(told.map((event) => event?.data['type'])).toEqual(['SubmitDag', 'DagAccepted', 'PauseDag', 'DagPaused']);
    expect(told.map((event) => event?.id.split(':')[1])).toEqual(['1', '1', '2', '2']);
    expect(told[2]?.data).toMatchObject({ data: { dagId: 'y' } });
    await events.cancel();
  });

  describe('of DAGs that the state has forgotten', () => {
    const named = (events: Events) =>
      events
        .next()
        .then((event) => `${event?.id} ${event?.data['type']} ${event?.data['tenant']}/${event?.data['dagId']}`);

    beforeEach(() => {
      accept(1, accepts({ dag: 1, tenant: 'a', dagId: 'x' }, { dag: 2, tenant: 'b', dagId: 'y' }));
      accept(2, [paused(1), paused(2)]);
      accept(3, accepts({ dag: 3, tenant: 'a', dagId: 'z' }));
    });

    it('tells a tenant what it was away for, and that they are forgotten', async () => {
      accept(4, [forgets(2), forgets(1)]);
      const events = await open('?tenant=a', { 'last-event-id': 'main:2:-1' });
      expect(await named(events)).toBe('main:2:0 DagPaused a/x');
      expect(await named(events)).toBe('main:3:1 DagAccepted a/z');
      expect(await named(events)).toBe('main:4:1 DagForgotten a/x');
      await events.cancel();
    });

    it('tells a tenant that listens what is forgotten, and what comes then', async () => {
      const events = await open('?tenant=a');
      accept(4, [forgets(2), forgets(1)]);
      accept(5, [forgets(3), paused(2)]);
      expect(await named(events)).toBe('main:4:1 DagForgotten a/x');
      expect(await named(events)).toBe('main:5:0 DagForgotten a/z');
      await events.cancel();
    });

    it('tells a tenant what stands in the journal, whatever others have heard that did not read so far back', async () => {
      const others = await open('', { 'last-event-id': 'main:2:-1' });
      expect(await others.ids(2)).toEqual(['main:2:0', 'main:2:1']);
      const events = await open('?tenant=a', { 'last-event-id': 'main:1:-1' });
      expect(await named(events)).toBe('main:1:1 DagAccepted a/x');
      expect(await named(events)).toBe('main:2:0 DagPaused a/x');
      await Promise.all([others.cancel(), events.cancel()]);
    });

    it('leaves out nothing that may be its own: what nobody can name any more is told without names', async () => {
      gateway.records.splice(0, 2);
      accept(4, [forgets(2), forgets(3)]);
      const events = await open('?tenant=a', { 'last-event-id': 'main:3:9' });
      expect(await named(events)).toBe('main:4:0 DagForgotten undefined/undefined');
      expect(await named(events)).toBe('main:4:1 DagForgotten a/z');
      await events.cancel();
    });
  });

  it('tells a tenant of late outputs of its own forgotten DAGs, and of none of those that nobody can name', async () => {
    accept(1, accepts({ dag: 1, tenant: 'b', dagId: 'archived' }));
    accept(2, accepts({ dag: 2, tenant: 'a', dagId: 'x' }, { dag: 3, tenant: 'b', dagId: 'y' }));
    gateway.records.shift();
    const events = await open('?tenant=a&topics=callbacks,lifecycle');
    accept(3, [completes(1, '"secret"'), completes(99, '"of nobody"'), completes(3, '"of b"'), completes(2, '"mine"')]);
    accept(4, [forgets(1)]);
    expect(await events.next()).toMatchObject({ id: 'main:3:3', data: { data: { output: 'mine' }, dagId: 'x' } });
    expect(await events.ids(1)).toEqual(['main:4:0']);
    await events.cancel();
  });

  it('gives signs of life', async () => {
    const events = await open();
    timers.firePeriod(COMMENT_MS);
    expect(await events.comment()).toBe(': still here');
    await events.cancel();
  });

  it('cuts a reader off that falls behind', async () => {
    const events = await open();
    const many = Array.from({ length: 100_000 }, (_, i) => paused(i));
    for (const turn of [1, 2]) accept(turn, many);
    accept(3, [paused(1)]);
    await expect(
      (async () => {
        while ((await events.next()) !== null);
      })(),
    ).rejects.toThrow();
  });

  it('lets a reader that was cut off for a turn larger than it may be behind get past it in the journal', async () => {
    const count = 60_000;
    accept(
      1,
      Array.from({ length: count }, (_, i) => paused(i)),
    );
    accept(2, [paused(1)]);
    const events = await open('?lastEventId=main:1:-1');
    const ids = await events.ids(count + 1);
    expect(ids.at(-2)).toBe(`main:1:${count - 1}`);
    expect(ids.at(-1)).toBe('main:2:0');
    await events.cancel();
  });

  it('goes on after names that could not be read: whoever was cut off reads the turn in the journal', async () => {
    const known = gateway.names.get.bind(gateway.names);
    gateway.names.get = () => {
      throw new Error('the store is away');
    };
    const cut = await open();
    accept(1, [paused(7)]);
    await expect(cut.next()).rejects.toThrow();
    gateway.names.get = known;
    const events = await open('', { 'last-event-id': 'main:1:-1' });
    expect(await events.ids(1)).toEqual(['main:1:0']);
    accept(2, [paused(7)]);
    expect(await events.ids(1)).toEqual(['main:2:0']);
    await events.cancel();
  });

  it('cuts a reader off whose turn is not in the journal, which is asked once and read once', async () => {
    let reads = 0;
    gateway.records[Symbol.iterator] = () => {
      reads += 1;
      if (reads > 10) throw new Error('read again and again');
      return [].values();
    };
    gateway.outbox.publish(1, [paused(1)]);
    const told = fetch(`${gateway.url}/v1/lifecycle?lastEventId=main:1:0`).then((response) => response.text());
    await expect(told).rejects.toThrow();
    expect(reads).toBe(2);
  });

  it.each([
    ['?topics=gossip', {}, 422, 'invalid-value'],
    ['?colour=red', {}, 422, 'unknown-field'],
    ['?dag=nope', {}, 404, 'unknown-dag'],
    ['', { 'last-event-id': 'other:1:1' }, 422, 'invalid-value'],
    ['', { 'last-event-id': 'main:1' }, 422, 'invalid-value'],
  ])('refuses %s %o', async (query, headers, status, code) => {
    const response = await fetch(`${gateway.url}/v1/lifecycle${query}`, { headers: headers as Record<string, string> });
    expect(response.status).toBe(status);
    expect(await response.json()).toMatchObject({ code });
  });

  it('says that what comes next is archived when a reader was away for too long', async () => {
    accept(10, [paused(1)]);
    const response = await fetch(`${gateway.url}/v1/lifecycle`, { headers: { 'last-event-id': 'main:3:0' } });
    expect(response.status).toBe(404);
    expect(await response.json()).toMatchObject({
      code: 'not-found',
      detail: expect.stringContaining('turn 3 is archived'),
    });
  });

  it.each([
    ['goes on after an event of this history', 'main:2:0:0000000000000002', null],
    ['refuses one of a turn that is another one here', 'main:2:0:00000000000000ff', 'turn 2 is another one here'],
    [
      'refuses one of a turn that is not here, and will not come',
      'main:4:0:0000000000000004',
      'there is no turn 4 here',
    ],
    ['refuses the same without the mark of its turn', 'main:4:0', 'there is no turn 4 here'],
  ])('%s', async (_what, id, refusal) => {
    gateway.reign = { id: 'one', turn: 1 };
    for (const turn of [1, 2, 3]) accept(turn, [paused(1)]);
    if (refusal === null) {
      const events = await open('', { 'last-event-id': id });
      expect(await events.ids(1)).toEqual(['main:3:0']);
      return events.cancel();
    }
    const response = await fetch(`${gateway.url}/v1/lifecycle`, { headers: { 'last-event-id': id } });
    expect(response.status).toBe(409);
    expect(await response.json()).toMatchObject({ code: 'other-history', detail: expect.stringContaining(refusal) });
  });

  it('waits for the turn of a reader that was further, and says how far this is if it does not come', async () => {
    accept(1, [paused(1)]);
    const ask = () => fetch(`${gateway.url}/v1/lifecycle`, { headers: { 'last-event-id': 'main:2:0' } });
    const refused = ask();
    await vi.waitFor(() => expect(timers.delays).toBe(1), PATIENT);
    timers.fireDelays();
    expect((await refused).status).toBe(503);
    expect(await (await refused).json()).toMatchObject({
      code: 'not-ready',
      detail: 'turn 2 is not here yet; this is turn 1',
    });
    const served = ask();
    await vi.waitFor(() => expect(timers.delays).toBe(1), PATIENT);
    accept(2, [paused(1), paused(2)]);
    const events = new Events(await served);
    expect(await events.ids(1)).toEqual(['main:2:1']);
    await events.cancel();
  });

  it('ends when the server closes', async () => {
    const events = await open();
    await gateway.app.close();
    expect(await events.next()).toBeNull();
  });
});

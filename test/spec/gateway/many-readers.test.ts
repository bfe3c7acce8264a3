/** Many lifecycle readers at once, of whom some don't read: a large turn is there once, and not once for each. */
import { connect } from 'node:net';
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';
import { Code } from '../../../src/catalogue/generated/codes.js';
import type { EventEntry } from '../../../src/catalogue/generated/types.js';
import { encodeTurn } from '../../../src/catalogue/turn.js';
import { type GatewayFixture, StreamReader, startGateway } from '../../support/gateway.js';
import { turnOf } from '../../support/journal-turns.js';

const MIB = 1024 * 1024;
const READERS = 40;
/**
 * What all of them may hold of a turn of some 8 MiB, of which each
 * would have its own, 320 MiB: a test leaves garbage, too.
 */
const MOST_HELD = 200 * MIB;

let gateway: GatewayFixture;

beforeAll(async () => {
  gateway = await startGateway();
  gateway.names.set(1, { tenant: 'a', dagId: 'x' });
  gateway.names.set(2, { tenant: 'b', dagId: 'y' });
  gateway.views.dags.set('b/y', { dag: 2 } as never);
});

afterAll(() => gateway.close());

/** A reader that takes the head of its stream, and nothing more. */
async function deafReader(query: string): Promise<void> {
  const { hostname, port } = new URL(gateway.url);
  const socket = connect(Number(port), hostname);
  socket.on('error', () => undefined);
  onTestFinished(() => void socket.destroy());
  socket.write(`GET /v1/lifecycle${query} HTTP/1.1\r\nhost: h\r\n\r\n`);
  await new Promise((resolve) => socket.once('readable', resolve));
}

function accept(turn: number, entries: readonly EventEntry[]): void {
  gateway.records.push({ turn, bytes: encodeTurn(turnOf(turn, entries)), hash: new Uint8Array(32) });
  gateway.outbox.publish(turn, entries);
}

const paused = (dag: number): EventEntry => ({ code: Code.DagPaused, cause: -1, body: { dag } });

function held(): number {
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

it('a large turn is held once for all readers that want the same, and each gets what it wants, also where the next turn comes at once', async () => {
  const deaf = ['', '?tenant=a', '?topics=lifecycle,slots'];
  await Promise.all(Array.from({ length: READERS }, (_, i) => deafReader(deaf[i % deaf.length] as string)));
  const open = async (query: string) => new StreamReader(await fetch(`${gateway.url}/v1/lifecycle${query}`), '\n\n');
  const readers = await Promise.all(['', '?tenant=b', '?dag=y&tenant=b'].map(open));
  const large = Array.from({ length: 60_000 }, () => paused(1));
  const before = held();
  accept(1, [...large, paused(2)]);
  accept(2, [paused(2)]);
  const [all, ofTenant, ofDag] = readers as [StreamReader, StreamReader, StreamReader];
  for (const reader of [ofTenant, ofDag]) expect(await ids(reader, 2)).toEqual(['main:1:60000', 'main:2:0']);
  expect(held() - before).toBeLessThan(MOST_HELD);
  const seen = await ids(all, 60_002);
  expect([seen[0], ...seen.slice(-2)]).toEqual(['main:1:0', 'main:1:60000', 'main:2:0']);
  accept(3, [paused(2)]);
  for (const reader of readers) expect(await ids(reader, 1)).toEqual(['main:3:0']);
});

async function ids(reader: StreamReader, count: number): Promise<string[]> {
  const found: string[] = [];
  while (found.length < count) {
    const piece = await reader.next();
    if (piece === null) throw new Error(`the stream ended after ${found.length} events`);
    if (!piece.startsWith(':'))
      found.push(piece.slice('id: '.length, piece.indexOf('\n')).replace(/:[0-9a-f]{16}$/u, ''));
  }
  return found;
}

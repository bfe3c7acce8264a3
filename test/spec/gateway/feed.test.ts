/** Live turns and those who read them: most wait for one DAG each. */
import { expect, it, vi } from 'vitest';
import { Code } from '../../../src/catalogue/generated/codes.js';
import type { EventEntry } from '../../../src/catalogue/generated/types.js';
import { encodeTurn } from '../../../src/catalogue/turn.js';
import type { Filter } from '../../../src/edge/lifecycle/filter.js';
import { Feed } from '../../../src/gateway/lifecycle/feed.js';
import type { Position } from '../../../src/gateway/lifecycle/position.js';
import type { TextStream } from '../../../src/gateway/streams.js';
import type { AcceptedTurn, TurnListener } from '../../../src/outbox/port.js';
import { turnOf } from '../../support/journal-turns.js';
import { PATIENT } from '../../support/patience.js';

const READERS = 100;
const topics: Filter['topics'] = new Set(['lifecycle']);
const idsOf = (text: string): string[] => [...text.matchAll(/^id: (.*):[0-9a-f]{16}$/gm)].map(([, id]) => id!);
const paused = (dag: number): EventEntry => ({ code: Code.DagPaused, cause: -1, body: { dag } });

/**
 * A feed with these readers, in their order; `tell` gives them a turn, which is in the journal if it was not `written` there
 * before, `read` is what each has got, `join` adds one more, `pauses` says how often others might run.
 */
async function feedTo(filters: readonly Filter[]) {
  let tell: TurnListener = () => undefined;
  let pauses = 0;
  const journal: AcceptedTurn[] = [];
  const feed = new Feed({
    cell: 'main',
    outbox: {
      published: () => 0,
      onDropped: () => () => undefined,
      subscribe: (listener) => {
        tell = listener;
        return () => undefined;
      },
    },
    journal: {
      read: async function* (from) {
        for (const { turn, entries } of journal.filter((one) => one.turn >= from)) {
          yield { turn, bytes: encodeTurn(turnOf(turn, entries)), hash: new Uint8Array(32) };
        }
      },
    },
    names: { nameOf: async (dag) => ({ tenant: 'a', dagId: `d${dag}` }) },
    timers: {
      after: () => () => undefined,
      every: () => () => undefined,
      pause: async () => {
        pauses++;
      },
    },
  });
  const read: string[] = [];
  const join = async (
    filter: Filter,
    after: Position | null = null,
    onText: () => unknown = () => {},
    drained = async (): Promise<void> => {},
  ): Promise<void> => {
    const i = read.push('') - 1;
    const write = (text: string): boolean => {
      read[i] += text;
      if (!String(text).startsWith(':')) onText();
      return true;
    };
    const stream: Partial<TextStream> = { write, drained, behindBytes: 0, closed: false, onClose: () => undefined };
    await feed.serve(stream as TextStream, filter, after);
  };
  for (const filter of filters) await join(filter);
  const written = (turn: number, entries: readonly EventEntry[]): AcceptedTurn => {
    const known = journal.find((one) => one.turn === turn);
    if (known !== undefined) return known;
    const made = { cell: 'main', epoch: 1, turn, hash: new Uint8Array(32), atMs: 0, entries };
    journal.push(made);
    return made;
  };
  const tellOf = (turn: number, entries: readonly EventEntry[]) => tell(written(turn, entries));
  return { read, join, written, tell: tellOf, pauses: () => pauses };
}

it('gives each what is about its DAG, and looks at each entry a few times, not once for every reader', async () => {
  const filters = Array.from(
    { length: READERS },
    (_, i): Filter => ({
      topics,
      dag: { seq: i + 1, tenant: 'a', dagId: `${i}` },
      tenant: null,
    }),
  );
  const { read, tell } = await feedTo([...filters, { topics, dag: null, tenant: 'a' }]);
  let looks = 0;
  const ended = (dag: number) => ({
    code: Code.DagSucceeded,
    cause: -1,
    get body() {
      looks += 1;
      return { dag };
    },
  });
  const entries = Array.from({ length: 2 * READERS }, (_, i) => ended((i % READERS) + 1) as EventEntry);
  tell(1, entries);
  await vi.waitFor(() => expect(read[READERS]).toContain('id: main:1:199'), PATIENT);
  for (let i = 0; i < READERS; i++) expect(idsOf(read[i]!)).toEqual([`main:1:${i}`, `main:1:${READERS + i}`]);
  expect(idsOf(read[READERS]!)).toHaveLength(2 * READERS);
  expect(looks / entries.length).toBeLessThan(20);
});

it('lets others run while it looks for what many readers want of a large turn, also where that is nothing', async () => {
  const filters = Array.from({ length: READERS }, (_, i): Filter => ({ topics, dag: null, tenant: `b${i}` }));
  const { read, tell, pauses } = await feedTo([...filters, { topics, dag: null, tenant: 'a' }]);
  const entries = Array.from({ length: 16_384 }, () => paused(1));
  tell(1, entries);
  await vi.waitFor(() => expect(read[READERS]).toContain('id: main:1:16383'), PATIENT);
  expect(pauses()).toBeGreaterThanOrEqual(READERS / 2);
});

it('a reader that joins just when all others have got a turn gets it, too', async () => {
  const all: Filter = { topics, dag: null, tenant: null };
  const { read, join, tell } = await feedTo([]);
  const second = () => void join(all, { turn: 0, index: -1 });
  await join(all, null, () => read.length === 1 && queueMicrotask(second));
  tell(1, [paused(1)]);
  await vi.waitFor(() => expect(read).toHaveLength(2), PATIENT);
  tell(2, [paused(1)]);
  await vi.waitFor(() => expect(read.join()).toMatch(/main:2:0.*main:2:0/su), PATIENT);
  expect(read.map(idsOf)).toEqual(Array(2).fill(['main:1:0', 'main:2:0']));
});

it('who has read further in the journal than was told hears nothing of it again', async () => {
  const { read, join, written, tell } = await feedTo([]);
  tell(1, [paused(1)]);
  for (const turn of [2, 3]) written(turn, [paused(1)]);
  await join({ topics, dag: null, tenant: null }, { turn: 0, index: -1 });
  const ids = ['main:1:0', 'main:2:0', 'main:3:0'];
  expect(idsOf(read[0]!)).toEqual(ids);
  for (const turn of [2, 3, 4]) tell(turn, [paused(1)]);
  await vi.waitFor(() => expect(read[0]).toContain('main:4:0'), PATIENT);
  expect(idsOf(read[0]!)).toEqual([...ids, 'main:4:0']);
});

it('reads the journal no faster than its reader takes it', async () => {
  const { read, join, tell } = await feedTo([]);
  for (const turn of [1, 2, 3]) tell(turn, [paused(1)]);
  let take = (): void => undefined;
  const drained = () =>
    new Promise<void>((resolve) => {
      take = resolve;
    });
  const all: Filter = { topics, dag: null, tenant: null };
  const joined = join(all, { turn: 0, index: -1 }, undefined, drained);
  for (const last of [1, 2, 3]) {
    await vi.waitFor(() => expect(read[0]).toContain(`main:${last}:0`), PATIENT);
    expect(idsOf(read[0]!)).toHaveLength(last);
    take();
  }
  await joined;
});

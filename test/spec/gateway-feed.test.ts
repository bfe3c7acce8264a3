/** Live turns and those who read them: most wait for one DAG each. */
import { expect, it, vi } from 'vitest';
import { Code } from '../../src/catalogue/generated/codes.js';
import type { EventEntry } from '../../src/catalogue/generated/types.js';
import type { Filter } from '../../src/edge/lifecycle/filter.js';
import { Feed } from '../../src/gateway/lifecycle/feed.js';
import type { TextStream } from '../../src/gateway/streams.js';
import type { AcceptedTurn, TurnListener } from '../../src/outbox/port.js';
import { PATIENT } from '../support/patience.js';

const READERS = 100;

/** A feed with these readers, in their order; `tell` gives them a turn, `read` is what each has got. */
async function feedTo(filters: readonly Filter[]) {
  let tell: TurnListener = () => undefined;
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
    journal: { read: async function* () {} },
    names: { nameOf: async (dag) => ({ tenant: 'a', dagId: `d${dag}` }) },
    timers: { every: () => () => undefined } as never,
  });
  const read: string[] = [];
  for (const [i, filter] of filters.entries()) {
    read[i] = '';
    const write = (text: string): boolean => {
      read[i] += text;
      return true;
    };
    const stream: Partial<TextStream> = { write, behindBytes: 0, closed: false, onClose: () => undefined };
    await feed.serve(stream as TextStream, filter, null);
  }
  return { read, tell: (turn: AcceptedTurn) => tell(turn) };
}

it('gives each what is about its DAG, and looks at each entry a few times, not once for every reader', async () => {
  const topics: Filter['topics'] = new Set(['lifecycle']);
  const filters = Array.from({ length: READERS }, (_, i): Filter => ({ topics, dag: i + 1, tenant: null }));
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
  tell({ cell: 'main', epoch: 1, turn: 1, atMs: 0, entries });
  await vi.waitFor(() => expect(read[READERS]).toContain('id: main:1:199'), PATIENT);
  const idsOf = (text: string): string[] => [...text.matchAll(/^id: (.*)$/gm)].map(([, id]) => id!);
  for (let i = 0; i < READERS; i++) expect(idsOf(read[i]!)).toEqual([`main:1:${i}`, `main:1:${READERS + i}`]);
  expect(idsOf(read[READERS]!)).toHaveLength(2 * READERS);
  expect(looks / entries.length).toBeLessThan(20);
});

import { expect, it } from 'vitest';
import { JobState } from '../../../src/catalogue/generated/codes.js';
import { ColdRows } from '../../../src/scheduler/rows/cold.js';
import { FoldCollection } from '../../../src/scheduler/views/collection.js';
import { openMemoryStore } from '../../support/memory/open-store.js';

/** Two children that have succeeded, the first with an output; `pauses` counts how often others got their turn. */
async function collection(isKnown: () => boolean) {
  const { store } = await openMemoryStore({ cell: 'main', layout: 1 });
  const cold = new ColdRows(store);
  cold.put({ kind: 'output', dag: 1, job: 1, attempt: 1, json: Buffer.from('{"a": 1}'), blob: null });
  const child = { dag: 1, attempt: 1, state: JobState.succeeded, hasOutput: true };
  const children = [0, 1].map((index) => ({ ...child, job: index + 1, index }));
  let pauses = 0;
  const timers = { pause: async () => void pauses++ };
  return { children: new FoldCollection({ cold, timers, isKnown }, children), pauses: () => pauses };
}

it('gives children a few at a time; an attempt without an output gave null', async () => {
  const { children, pauses } = await collection(() => true);
  expect(children.count).toBe(2);
  expect(await children.next(1)).toEqual([{ index: 0, state: 'succeeded', output: { json: '{"a": 1}' } }]);
  expect(pauses()).toBe(0);
  expect(await children.next(5)).toEqual([{ index: 1, state: 'succeeded', output: { json: 'null' } }]);
  expect(pauses()).toBe(1);
  expect(await children.next(5)).toEqual([]);
});

it('says nothing of an output that is not there any more because the DAG was forgotten', async () => {
  const { children } = await collection(() => false);
  expect(await children.next(1)).toHaveLength(1);
  expect(await children.next(1)).toBeNull();
});

/** The texts of one turn: by the names that were known at its beginning, and no more of them than there is room for. */
import { expect, it } from 'vitest';
import { Code, type Topic } from '../../../src/catalogue/generated/codes.js';
import type { EventEntry } from '../../../src/catalogue/generated/types.js';
import { TOPICS } from '../../../src/catalogue/told-topics.js';
import type { Filter } from '../../../src/edge/lifecycle/filter.js';
import { NameCache } from '../../../src/edge/lifecycle/names.js';
import { TurnTexts } from '../../../src/gateway/lifecycle/turn-texts.js';

const paused = (dag: number): EventEntry => ({ code: Code.DagPaused, cause: -1, body: { dag } });
const of = (tenant: string | null, ...others: Topic[]): Filter => ({
  topics: new Set<Topic>(['lifecycle', ...others]),
  dag: null,
  tenant,
});

function isKept(texts: TurnTexts, filter: Filter): boolean {
  const first = texts.of(filter);
  return texts.of(filter) === first;
}

async function textsOf(entries: readonly EventEntry[]) {
  const names = new NameCache({ nameOf: async (dag) => ({ tenant: 'a', dagId: `d${dag}` }) });
  await names.learn(entries);
  return { names, texts: new TurnTexts({ turn: 1, hash: new Uint8Array(32), atMs: 0, entries }, 'main', names) };
}

it('a turn whose names were all known is told by them when the cache has let them go', async () => {
  const { names, texts } = await textsOf([paused(1)]);
  await names.learn(Array.from({ length: 200_000 }, (_, i) => paused(i + 2)));
  expect([names.get(1), texts.isNamed]).toEqual([null, true]);
  expect(texts.of(of('b')).toString()).toBe('');
  expect(texts.of(of('a')).toString()).toContain('"tenant":"a","dagId":"d1"');
});

it('keeps a text for those who come for the same, and no more of them than there is room for', async () => {
  const { texts } = await textsOf([paused(1)]);
  expect(isKept(texts, of('a'))).toBe(true);
  for (let i = 0; i < 2_000; i++) texts.of(of(`made-up-${i}`));
  expect([isKept(texts, of('a')), isKept(texts, of('another'))]).toEqual([true, false]);
});

it('keeps large ones up to some bytes, however few they are', async () => {
  const { texts } = await textsOf(Array.from({ length: 60_000 }, () => paused(1)));
  const filters = TOPICS.filter((topic) => topic !== 'lifecycle').map((topic) => of(null, topic));
  const kept = filters.filter((filter) => isKept(texts, filter));
  expect(kept.length).toBeGreaterThanOrEqual(1);
  expect(kept.length * texts.of(of(null)).length).toBeLessThan(48 * 1024 * 1024);
});

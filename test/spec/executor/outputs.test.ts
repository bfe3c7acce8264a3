/** What an output is written as, and what is refused because JSON would say something else in its place. */
import { expect, it } from 'vitest';
import type { Blobs } from '../../../src/client/blobs.js';
import type { Attempt } from '../../../src/executor/attempt.js';
import { completionOf } from '../../../src/executor/outcome.js';

const attempt = { token: '7', unitsUsed: null } as unknown as Attempt;

function outputOf(output: unknown): string {
  const line = completionOf(attempt, output, {} as Blobs) as string;
  return /^\{"type":"complete","token":"7","output":(.*)\}$/.exec(line)?.[1] ?? line;
}

const shared = { n: 1 };
const cycle: { own?: unknown } = {};
cycle.own = { again: cycle };

it.each<[unknown, string]>([
  [undefined, 'null'],
  [null, 'null'],
  [{ a: undefined, b: [1, 'x', null, true] }, '{"b":[1,"x",null,true]}'],
  [{ at: new Date(0), inner: { toJSON: () => ({ n: [1] }) } }, '{"at":"1970-01-01T00:00:00.000Z","inner":{"n":[1]}}'],
  [{ of: new (class Page {})(), text: Object('x'), bytes: new Uint8Array(0) }, '{"of":{},"text":"x","bytes":{}}'],
  [{ none: { toJSON: () => null } }, '{"none":null}'],
  [[shared, [shared], shared], '[{"n":1},[{"n":1}],{"n":1}]'],
])('%j is sent as %s', (output, json) => expect(outputOf(output)).toBe(json));

it.each<[unknown, string]>([
  [Number.NaN, 'NaN is no JSON'],
  [() => 1, 'a function is no JSON'],
  [Symbol('s'), 'a symbol is no JSON'],
  [{ pages: [{ score: 1 }, { score: Number.NaN }] }, 'NaN at /pages/1/score is no JSON'],
  [[1, [2, -Infinity]], '-Infinity at /1/1 is no JSON'],
  [{ a: shared, 'b/~': { run: () => 1 } }, 'a function at /b~1~0/run is no JSON'],
  [{ a: [Symbol('s')] }, 'a symbol at /a/0 is no JSON'],
  [[1, undefined], 'undefined at /1 is no JSON'],
  [{ a: { n: 1n } }, 'a BigInt at /a/n is no JSON'],
  [{ a: { toJSON: () => ({ n: [Number.NaN] }) } }, 'NaN at /a/n/0 is no JSON'],
  [new Set([1]), 'a Set is no JSON'],
  [{ words: new Map([['a', 1]]) }, 'a Map at /words is no JSON'],
  [{ pages: [Promise.resolve(1)] }, 'a Promise at /pages/0 is no JSON'],
  [{ why: Object.assign(new TypeError('no text'), { page: 1 }) }, 'an Error at /why is no JSON'],
  [{ pages: new Map([[1, 2]]).values() }, 'a Map Iterator at /pages is no JSON'],
  [{ kind: /invoice/ }, 'a RegExp at /kind is no JSON'],
  [new ArrayBuffer(2), 'an ArrayBuffer is no JSON'],
  [{ at: new Date(Number.NaN) }, 'an invalid Date at /at is no JSON'],
  [cycle, 'circular'],
])('%o fails for good: %s', (output, message) => {
  const refused = { code: 'output-not-json', retryable: false, message: expect.stringContaining(message) };
  expect(() => outputOf(output)).toThrow(expect.objectContaining(refused));
});

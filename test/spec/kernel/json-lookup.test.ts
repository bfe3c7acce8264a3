import fc from 'fast-check';
import { expect, it } from 'vitest';
import { at, evaluate, Lookup, parsePointer, parseWhen } from '../../../src/kernel/json/index.js';
import { MAX_KNOWN_BYTES } from '../../../src/kernel/limits.js';
import { countingBytes } from '../../support/counting-bytes.js';

const utf8 = (text: string) => new TextEncoder().encode(text);

const key = fc.constantFrom('a', 'b', '0', '1', '01', '-', '', 'é', '__proto__');
/** JSON text with keys that stand twice, escapes and white space. */
const { text } = fc.letrec<{ text: string }>((tie) => {
  const name = key.chain((one) =>
    fc.constantFrom(JSON.stringify(one), one === 'a' ? '"\\u0061"' : JSON.stringify(one)),
  );
  const member = fc.tuple(name, tie('text')).map(([one, value]) => `${one} :\n${value}`);
  return {
    text: fc.oneof(
      { maxDepth: 4, depthIdentifier: 'text' },
      fc.constantFrom('1', '"a,]"', 'null', '{}', '[ ]'),
      fc.array(member, { maxLength: 4 }).map((members) => `{ ${members.join(' , ')} }`),
      fc.array(tie('text'), { maxLength: 4 }).map((items) => `[${items.join(',\t')}]`),
    ),
  };
});
const pointer = fc.array(key, { maxLength: 4 }).map((tokens) => tokens.map((token) => `/${token}`).join(''));

it('a lookup finds what a pass over the text finds, however often it is asked and of which text', () => {
  fc.assert(
    fc.property(
      fc.array(text, { minLength: 1, maxLength: 2 }),
      fc.array(pointer, { maxLength: 12 }),
      (texts, pointers) => {
        const lookup = new Lookup();
        const all = texts.map((one) => utf8(` ${one}\n`));
        for (const bytes of [...all, ...all]) {
          for (const one of pointers) expect(lookup.find(bytes, parsePointer(one)!)).toEqual(at(bytes, one));
        }
      },
    ),
  );
});

/** A text that counts how many of its bytes are read. */
const counting = (text: string) => countingBytes(utf8(text));

it.each([
  ['eq', {}],
  ['in', Array.from({ length: 200 }, () => ({}))],
])('%s with an object takes apart the one that it is compared with once', (op, value) => {
  const text = JSON.stringify(Object.fromEntries(Array.from({ length: 500 }, (_, i) => [`k${i}`, i])));
  const output = counting(text);
  const tests = Array.from({ length: op === 'eq' ? 200 : 1 }, () => ({ job: 'a', op, value }));
  const { condition } = parseWhen(utf8(JSON.stringify({ any: tests })));
  expect(evaluate(condition!, () => output.bytes)).toBe(false);
  expect(output.reads()).toBeLessThan(20 * text.length);
});

it.each([
  ['eq', 'a number', 1],
  ['lt', 'a number', 1],
  ['eq', 'a list', [1]],
  ['in', 'numbers', 1],
  ['in', 'lists', [1]],
])('%s with %s takes apart the long number that it is compared with once', (op, _, value) => {
  const number = `1.${'0'.repeat(5000)}1`;
  const output = counting(value === 1 ? number : `[${number}]`);
  const many = Array.from({ length: 240 }, () => value);
  const tests = op === 'in' ? [many] : many;
  const any = tests.map((one) => ({ job: 'a', op, value: one }));
  const { condition } = parseWhen(utf8(JSON.stringify({ any })));
  expect(evaluate(condition!, () => output.bytes)).toBe(false);
  expect(output.reads()).toBeLessThan(10 * number.length);
});

it.each([1, 3])('tests that ask for much in %s large outputs, in turn, pass over each a few times', (count) => {
  const text = JSON.stringify(Object.fromEntries(Array.from({ length: 500 }, (_, i) => [`k${i}`, i])));
  const outputs = Array.from({ length: count }, () => counting(text));
  const tests = Array.from({ length: 240 }, (_, i) => ({
    job: `${i % count}`,
    at: `/k${i}`,
    op: 'eq',
    value: 'none',
  }));
  const { condition } = parseWhen(utf8(JSON.stringify({ any: tests })));
  const lookup = new Lookup();
  for (let job = 0; job < 5; job++) {
    expect(evaluate(condition!, (id) => outputs[Number(id)]!.bytes, lookup)).toBe(false);
  }
  // Some comparisons of what is found read it again.
  for (const { reads } of outputs) expect(reads()).toBeLessThan(20 * text.length);
});

it('tests of more outputs than are known at once, in turn, look into each once', () => {
  const outputs = Array.from({ length: 20 }, () => utf8(JSON.stringify({ filler: 'x'.repeat(MAX_KNOWN_BYTES / 18) })));
  const tests = Array.from({ length: 240 }, (_, i) => ({ job: `${i % 20}`, at: `/k${i}`, op: 'exists' }));
  const { condition } = parseWhen(utf8(JSON.stringify({ any: tests })));
  const lookup = new Lookup();
  expect(evaluate(condition!, (id) => outputs[Number(id)]!, lookup)).toBe(false);
  expect(lookup.looked).toBe(outputs.reduce((sum, { length }) => sum + length, 0));
});

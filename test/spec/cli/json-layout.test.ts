/** JSON is laid out as `JSON.stringify` would, and nothing in it is written anew. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { laidOut, withField } from '../../../src/cli/text/json-layout.js';

it('is what JSON.stringify makes of a value that it can keep', () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.constantFrom(0, 1, 4), (value, space) => {
      const text = JSON.stringify(value, null, space);
      expect(laidOut(text, '  ')).toBe(JSON.stringify(value, null, 2));
      expect(laidOut(text, '')).toBe(JSON.stringify(value));
    }),
  );
});

it('keeps digits, escapes and repeated keys', () => {
  const text = '{"n":12345678901234567890,"m":1.10,"s":"\\u0041\\/","m":[1e400,{ }]}';
  expect(laidOut(text, '')).toBe(text.replace('{ }', '{}'));
  expect(withField({ a: 1 }, 'b', ' [1.0 ]')).toBe('{"a":1,"b":[1.0]}');
});

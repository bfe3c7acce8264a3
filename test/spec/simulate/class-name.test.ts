import fc from 'fast-check';
import { expect, it } from 'vitest';
import { className } from '../../../src/simulate/class-name.js';

it.each([
  ['default', 'ocr', 'ocr'],
  ['', 'ocr', 'ocr'],
  ['gpu', 'ocr', 'gpu/ocr'],
  ['default', 'gpu/ocr', 'default/"gpu/ocr"'],
  ['a/b', 'c', '"a/b"/c'],
])('a class of the group %j named %j is called %s', (group, executorClass, name) => {
  expect(className(group, executorClass)).toBe(name);
});

it('no two classes share a name', () => {
  const part = fc.string({ unit: fc.constantFrom('a', '/', '"', '\\'), minLength: 1, maxLength: 4 });
  fc.assert(
    fc.property(part, part, part, part, (group, one, otherGroup, other) => {
      fc.pre(group !== otherGroup || one !== other);
      expect(className(group, one)).not.toBe(className(otherGroup, other));
    }),
  );
});

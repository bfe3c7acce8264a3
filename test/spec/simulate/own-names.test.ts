import { expect, it } from 'vitest';
import { MAX_NAME_LENGTH } from '../../../src/kernel/limits.js';
import { OwnNames } from '../../../src/simulate/history/own-names.js';

it('gives the same name again, and another one in another place', () => {
  const [first, second] = [new OwnNames(0), new OwnNames(1)];
  expect(first.of('invoice-17')).toBe('0:invoice-17');
  expect(first.of('invoice-17')).toBe('0:invoice-17');
  expect(second.of('invoice-17')).toBe('1:invoice-17');
});

it('gives another name for each use of one that was forgotten in between', () => {
  const names = new OwnNames(1);
  expect([0, 1, 2].map((use) => names.of('invoice-17', use))).toEqual([
    '1:invoice-17',
    '1.1:invoice-17',
    '1.2:invoice-17',
  ]);
  const long = 'a'.repeat(MAX_NAME_LENGTH);
  expect([0, 1, 0].map((use) => names.of(long, use))).toEqual(['1+1', '1+2', '1+1']);
});

it('numbers names for which there is no room, each with its own number', () => {
  const names = new OwnNames(12);
  const [one, other] = ['a', 'b'].map((letter) => letter.repeat(MAX_NAME_LENGTH)) as [string, string];
  expect([one, other, one].map((name) => names.of(name))).toEqual(['12+1', '12+2', '12+1']);
  expect(names.of('c'.repeat(MAX_NAME_LENGTH - 3))).toHaveLength(MAX_NAME_LENGTH);
});

it.each(['', 'x'.repeat(MAX_NAME_LENGTH + 1), `\u0000${'x'.repeat(MAX_NAME_LENGTH - 1)}`])(
  'leaves what is no name as it is: a submission with it is refused',
  (text) => {
    expect(new OwnNames(0).of(text)).toBe(text);
  },
);

/** Moments of a command line: what is no day of the calendar is none. */
import { expect, it } from 'vitest';
import { momentOf } from '../../../replay/moment.js';
import { ERRORS } from '../../../src/catalogue/generated/errors.js';
import type { CliError } from '../../../src/cli/exit.js';
import { parseSince, parseWhen } from '../../../src/cli/text/when.js';

const NOW_MS = Date.parse('2026-06-01T00:00:00Z');

it.each([
  '2026-02-30',
  '2026-02-29T08:00:00Z',
  '2026-04-31T00:00:00+02:00',
  '2026-06-31 12:00',
  '2026-02-31T00:00:00.5Z',
])('a day that there is not is refused, and not taken for one of the next month: %s', (text) => {
  expect(momentOf(text)).toBeNull();
  const zoned = /(Z|\+\d\d:\d\d)$/.test(text) ? text : `${text}Z`;
  expect(() => parseWhen(zoned, '--at', NOW_MS)).toThrow(`${zoned} is no time`);
  expect(() => parseSince(zoned, '--since', NOW_MS)).toThrow('is no time');
});

it.each([
  ['2028-02-29', '2028-02-29T00:00:00.000Z'],
  ['2026-01-01T00:30:00+02:00', '2025-12-31T22:30:00.000Z'],
  ['2026-12-31T23:30:00-0100', '2027-01-01T00:30:00.000Z'],
  ['2026-01-31 08:30', '2026-01-31T08:30:00.000Z'],
])('%s is a moment', (text, iso) => {
  expect(momentOf(text)).toEqual({ atMs: Date.parse(iso) });
  const zoned = /(Z|[+-]\d\d:?\d\d)$/.test(text.slice(10)) ? text : `${text}Z`;
  expect(parseWhen(zoned, '--at', NOW_MS)).toBe(Date.parse(iso));
});

it.each([
  '2026-01-01jun',
  '2026-01-01 Mar',
  '2026-01-01-05',
  '2026-01-01T10',
  '2026-01-01T10:00:00,5Z',
  '2026-01-01 1:30',
])('what Date alone would read is none: %s', (text) => {
  expect(momentOf(text)).toBeNull();
});

it('advises none only where none is taken', () => {
  const todoOf = (parse: typeof parseSince | typeof parseWhen): string => {
    try {
      parse('yesterday', '--at', NOW_MS);
    } catch (error) {
      return (error as CliError).hints.todo ?? ERRORS['invalid-time'].todo;
    }
    return '';
  };
  expect(todoOf(parseWhen)).toContain('none');
  expect(todoOf(parseSince)).toMatch(/^Give a time(?!.*none)/);
});

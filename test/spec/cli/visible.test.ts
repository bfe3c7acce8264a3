import { createColors } from 'picocolors';
import { describe, expect, it } from 'vitest';
import { errorText, showable } from '../../../src/cli/report.js';
import { visible, visibleIn, visibleLines } from '../../../src/cli/text/visible.js';

describe('text out of data', () => {
  it.each([
    ['\u001b[31mred', '\\u001b[31mred'],
    ['a\nb\r\tc', 'a\\nb\\r\\tc'],
    ['\u0000\u0007\u007f\u009b', '\\u0000\\u0007\\u007f\\u009b'],
    ['\u202ax\u202e \u2066y\u2069', '\\u202ax\\u202e \\u2066y\\u2069'],
    ['Zoë 文書 🙂 \\n', 'Zoë 文書 🙂 \\n'],
  ])('is shown with what a terminal would obey spelled out: %j', (text, shown) => expect(visible(text)).toBe(shown));

  it('is so everywhere in a value, the names of fields too; the value stays as it is', () => {
    const value = { 'a\n': ['\u001b', { b: 1, c: null }], d: new Map([['e\n', '\t']]), f: new Date(0) };
    const shown = visibleIn<unknown>(value);
    expect(shown).toEqual({ 'a\\n': ['\\u001b', { b: 1, c: null }], d: new Map([['e\\n', '\\t']]), f: new Date(0) });
    expect(value['a\n']![0]).toBe('\u001b');
  });
});

describe('whole lines', () => {
  const colored = `${createColors(true).bold(createColors(true).red('x'))}\n\ty`;

  it('keep our own lines, tabs and colours', () => expect(visibleLines(colored, true)).toBe(colored));

  it.each([
    ['\u001b[31mx', false, '\\u001b[31mx'],
    ['\u001b[2Jx\u001b]0;title\u0007', true, '\\u001b[2Jx\\u001b]0;title\\u0007'],
    ['\r\u009b31m\n[1m', true, '\\r\\u009b31m\n[1m'],
  ])('let nothing else through: %j, with colours: %j', (text, hasColors, shown) => {
    expect(visibleLines(text, hasColors)).toBe(shown);
  });
});

it('a message of several lines can not forge a line of an error', () => {
  const error = Object.assign(new Error('bad \u001b[1m\nerror all-is-well: yes'), { code: 'x', path: 'a\nb' });
  expect(errorText(showable(error), createColors(false))).toBe(
    'error x: bad \\u001b[1m\n    error all-is-well: yes\n  where: a\\nb',
  );
});

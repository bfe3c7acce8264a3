/** Ranges of histories, and numbers by name, that a command line gives. */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { placeOf } from '../../../replay/index.js';
import { marie, temporaryFolder } from './setup.js';

const HISTORY = placeOf('corpus:late-invoice');
const TURNS = ['--from', '200', '--to', '100'];
const TIMES = ['--from', '2026-01-31T08:00:00Z', '--to', '2026-01-31T07:00:00Z'];

it.each([
  [['journal', 'cat', HISTORY, ...TURNS]],
  [['export', HISTORY, 'out', ...TURNS]],
  [['replay', 'verify', HISTORY, ...TURNS]],
  [['replay', 'verify', HISTORY, ...TIMES]],
  [['replay', 'report', HISTORY, '--out', 'out', ...TIMES]],
])('one that ends before it begins is wrong usage: %j', async (words) => {
  const folder = await temporaryFolder();
  const at = words.map((word) => (word === 'out' ? join(folder, word) : word));
  const { code, stdout, stderr } = await marie(at);
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toContain('--to is before --from');
  expect(await readdir(folder)).toEqual([]);
});

it.each([
  [['--at', '200', '--diff', '100'], '--diff is before --at'],
  [['--diff', '100'], 'give --at'],
])('what differs at %j is wrong usage, and not nothing', async (options, what) => {
  const { code, stdout, stderr } = await marie(['replay', 'state', HISTORY, ...options]);
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toContain(what);
});

it('a part of a journal is not said to be one that can be folded again', async () => {
  const folder = await temporaryFolder();
  const whole = await marie(['export', HISTORY, join(folder, 'whole'), '--to', '10']);
  expect(whole.stderr).toContain('next: marie replay verify');
  const part = await marie(['export', HISTORY, join(folder, 'part'), '--from', '5', '--to', '10']);
  expect(part.stderr).toContain('next: marie journal cat');
  expect(part.stderr).not.toContain('replay verify');
});

it.each([
  ['--slots', 'ocr=4', 'ocr=5'],
  ['--weight', 'acme=4', 'acme=4'],
])('what-if with two numbers of one name is wrong usage, and not the last of them: %s %s', async (option, one, two) => {
  const { code, stdout, stderr } = await marie(['replay', 'what-if', HISTORY, option, one, option, two]);
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toContain(`${two}: ${two.split('=')[0]} has 4 already`);
});

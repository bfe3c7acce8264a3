/** Ranges of histories, and numbers by name, that a command line gives. */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { placeOf } from '../../../replay/index.js';
import { marieInTurn } from './in-turn.js';
import { temporaryFolder } from './setup.js';

const marie = marieInTurn();

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
  const folder = temporaryFolder();
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

it.each([
  [['replay', 'state', HISTORY, '--at', '277'], 'the history ends with turn 276'],
  [['replay', 'state', HISTORY, '--at', '20260101'], 'the history ends with turn 276'],
  [['replay', 'state', HISTORY, '--at', '300', '--diff', '2027-01-01'], 'the history ends with turn 276'],
  [['replay', 'state', HISTORY, '--at', '4', '--diff', '277'], 'the history ends with turn 276'],
  [['replay', 'state', HISTORY, '--at', '90', '--diff', '2026-01-01T00:01:00Z'], 'turn 42 is before'],
  [['replay', 'state', HISTORY, '--at', '2026-01-01T00:01:30Z', '--diff', '90'], 'turn 90 is before'],
  [['replay', 'state', HISTORY, '--at', '0'], 'the history begins later'],
  [['replay', 'verify', HISTORY, '--to', '0'], 'the history begins later'],
  [['replay', 'verify', HISTORY, '--to', '2025-12-31'], 'the history begins later'],
])('a turn that the history does not have is wrong usage, and not another one: %j', async (words, what) => {
  const { code, stdout, stderr } = await marie(words);
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toContain(what);
});

it('says that a time is after the end of the history, of which the state is shown', async () => {
  const note = 'the history ends with turn 276, 2026-01-01 00:03:57.544: nothing is known of later';
  const stateAt = (at: string) => marie(['replay', 'state', HISTORY, '--at', at]);
  const later = await stateAt('2026-01-01T00:04:00Z');
  expect(later.stdout).toContain('turn 276, ');
  expect(later.stderr).toContain(note);
  expect((await stateAt('2026-01-01T00:03:57.544Z')).stderr).toBe('');
  expect((await stateAt('2026-01-01T00:03:50Z')).stderr).toBe('');
  const changes = await marie(['replay', 'state', HISTORY, '--at', '270', '--diff', '2026-01-01T00:04:00Z']);
  expect(changes.stdout).toContain(' to turn 276 ');
  expect(changes.stderr).toContain(note);
});

it('a part of a journal is not said to be one that can be folded again', async () => {
  const folder = temporaryFolder();
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

it.each([
  [['sla', HISTORY, 'invoice-0-11', '--since', '2026-01-01T00:02:00Z'], '--since goes with --missed'],
  [['sla', HISTORY, 'invoice-0-11', '--class', 'ocr'], '--class goes with --missed'],
  [['sla', HISTORY, 'invoice-0-11', '--all-tenants'], '--all-tenants goes with --missed'],
  [['sla', HISTORY, '--missed', '--nth', '1'], '--nth goes with a DAG'],
  [['state', HISTORY, '--at', '20', '--diff', '30', '--dag', 'invoice-0-1'], '--diff shows all rows: leave out --dag'],
  [['what-if', HISTORY, '--slots', 'ocr=4', '--sweep', 'class=ocr:4..5'], 'ocr has a number of slots already'],
])('an option that would have no effect is wrong usage: %j', async (words, what) => {
  const { code, stdout, stderr } = await marie(['replay', ...words]);
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toContain(what);
});

it('replay decide says that a turn dispatches nothing', async () => {
  const decided = (...more: readonly string[]) => marie(['replay', 'decide', HISTORY, '--turn', '1', ...more]);
  expect((await decided()).stdout).toBe('turn 1 dispatches nothing\n');
  expect((await decided('--json')).stdout).toBe('{"turn":1,"dispatched":[]}\n');
});

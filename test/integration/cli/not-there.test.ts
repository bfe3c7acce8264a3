/** What a command line names and is not there: one rule for all commands, those of a fabric and those of a history. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { placeOf } from '../../../replay/index.js';
import { type CommandSpec, commandsOf } from '../../../src/cli/spec.js';
import { TREE } from '../../../src/cli/tree.js';
import { marieInTurn } from './in-turn.js';
import { openWorld, type World } from './world.js';

const marie = marieInTurn();

const HISTORY = placeOf('corpus:late-invoice');
/** A DAG that the history has, and one of its tenants. */
const KNOWN = ['invoice-0-11', '--tenant', 'acme'];

/** Calls that name what a fabric does not have, by the code that it refuses them with. */
const OF_FABRIC: readonly (readonly [string, string])[] = [
  ['get nope', 'unknown-dag'],
  ['jobs nope', 'unknown-dag'],
  ['explain nope', 'unknown-dag'],
  ['explain invoice-17 nope', 'not-found'],
  ['graph nope', 'unknown-dag'],
  ['watch nope', 'unknown-dag'],
  ['wait nope', 'unknown-dag'],
  ['output nope merge', 'unknown-dag'],
  ['output invoice-17 nope', 'not-found'],
  ['cancel nope', 'unknown-dag'],
  ['cancel invoice-17 nope', 'unknown-job'],
  ['pause nope', 'unknown-dag'],
  ['resume nope', 'unknown-dag'],
  ['retry nope', 'unknown-dag'],
  ['reprioritize nope 1', 'unknown-dag'],
  ['set-deadline nope 2h', 'unknown-dag'],
  ['signal nope approval true', 'unknown-dag'],
  ['signal invoice-17 nope true', 'no-such-signal'],
  ['executors cordon nope', 'unknown-executor'],
  ['executors uncordon nope', 'unknown-executor'],
  ['executors drain nope', 'unknown-executor'],
  ['capacity nope', 'not-found'],
  ['policy set nope@1', 'unknown-policy'],
];

/** Calls that name what a history does not have. */
const OF_HISTORY: readonly (readonly string[])[] = [
  ['replay', 'state', HISTORY, '--dag', 'nope'],
  ['replay', 'state', HISTORY, '--at', '277'],
  ['replay', 'why', HISTORY, 'nope', 'merge'],
  ['replay', 'why', HISTORY, 'nope', 'merge', '--nth', '1'],
  ['replay', 'why', HISTORY, KNOWN[0]!, 'nope', ...KNOWN.slice(1)],
  ['replay', 'why', HISTORY, KNOWN[0]!, 'nope#7', ...KNOWN.slice(1)],
  ['replay', 'sla', HISTORY, 'nope'],
  ['replay', 'sla', HISTORY, ...KNOWN, '--nth', '9'],
  ['replay', 'sla', HISTORY, '--missed', '--class', 'nope'],
  ['replay', 'what-if', HISTORY, '--without', 'nope'],
  ['replay', 'what-if', HISTORY, '--slots', 'nope=1'],
  ['replay', 'what-if', HISTORY, '--weight', 'nope=2'],
  ['replay', 'what-if', HISTORY, '--sweep', 'class=nope:1..2'],
  ['replay', 'decide', HISTORY, '--turn', '277'],
  ['replay', 'report', HISTORY, '--dag', 'nope', '--out', 'OUT'],
  ['replay', 'verify', HISTORY, '--from', '277'],
  ['snapshot', 'create', HISTORY, '--at', '277', '--snapshots', 'OUT'],
  ['journal', 'cat', HISTORY, '--from', '277'],
  ['export', HISTORY, 'OUT', '--from', '277'],
];

let world: World;

beforeAll(async () => {
  world = await openWorld();
  await world.prepare('acme', 'ended');
}, 60_000);
afterAll(() => world?.close());

async function called(words: readonly string[]) {
  const { code, stdout, stderr } = await marie([...words, '--json']);
  const [last = ''] = stderr.trim().split('\n').slice(-1);
  return { code, stdout, error: /^\{"error":\{"code":"([^"]*)"/.exec(last)?.[1] ?? null };
}

/** Commands that take such a name and are right all the same when nothing has it. */
const TAKES_ANY: ReadonlySet<string> = new Set([
  // They look for what fits, and nothing may.
  'list',
  'executors list',
  'find',
  // Limits may be set before anybody has come.
  'classes limit',
  'tenants limit',
  // It says which class the jobs shall have.
  'import wfformat',
]);

const NAMES: ReadonlySet<unknown> = new Set(['dag', 'job', 'executor', 'class', 'tenant', 'signal']);

/** Whether a command asks about something by its name. */
function takesName({ remote, arguments: taken = [], options = [] }: CommandSpec): boolean {
  if (taken.some(({ complete }) => NAMES.has(complete)) && (remote === true || taken[0]!.complete === 'file'))
    return true;
  return options.some(({ flags }) => /--(dag|class|without|turn|from|at) |-n, --nth /.test(flags));
}

describe('what is named and is not there', () => {
  it.each(OF_FABRIC)('of a fabric is refused by it: %s', async (line, error) => {
    const found = await called([...line.split(' '), '--url', world.url, '--tenant', 'acme']);
    expect(found).toEqual({ code: 4, stdout: '', error });
  });

  it.each(OF_HISTORY.map((words) => [words]))('of a history makes the command line wrong: %j', async (words) => {
    const found = await called(words.map((word) => (word === 'OUT' ? join(world.folder, 'out') : word)));
    expect(found).toEqual({ code: 2, stdout: '', error: 'not-found' });
    expect(existsSync(join(world.folder, 'out'))).toBe(false);
  });

  it.each([
    ['snapshot', 'list', HISTORY],
    ['snapshot', 'verify', HISTORY],
    ['replay', 'verify', HISTORY],
    ['replay', 'state', HISTORY],
    ['backup', HISTORY, 'OUT'],
  ])('of snapshots, as a folder, is none without any: %s %s', async (...words) => {
    const found = await called([
      ...words.map((word) => (word === 'OUT' ? join(world.folder, 'out') : word)),
      '--snapshots',
      'nope',
    ]);
    expect(found).toEqual({ code: 2, stdout: '', error: 'file-not-found' });
  });

  it('is asked of every command that takes a name', () => {
    const asked = [...OF_FABRIC.map(([line]) => line), ...OF_HISTORY.map((words) => words.join(' '))];
    const missing = commandsOf(TREE)
      // The noun has the same commands as the root.
      .filter(({ path }) => path[0] !== 'dags')
      .filter(({ path, spec }) => takesName(spec) && !TAKES_ANY.has(path.join(' ')))
      .map(({ path }) => path.join(' '))
      .filter((name) => !asked.some((line) => line.startsWith(`${name} `)));
    expect(missing).toEqual([]);
  });
});

/**
 * A walk over the command tree: each example of each command is called as it is written, then once more with --json,
 * when its data has to keep the published schema.
 */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type CommandSpec, commandsOf } from '../../../src/cli/spec.js';
import { TREE } from '../../../src/cli/tree.js';
import { problemsBySchema } from '../../support/closed-schema.js';
import { InTurn } from './in-turn.js';
import type { Ran } from './setup.js';
import { openWorld, type Situation, type World } from './world.js';

/** Commands whose examples need the DAG invoice-17 in a certain state. */
const SITUATIONS: Readonly<Record<string, Situation>> = {
  'executors drain': 'spare executor',
  output: 'ended',
  resume: 'paused',
  retry: 'failed',
};

/** What examples make in their folder. */
const MADE = [
  'backup-monday',
  'restored-data',
  'incident-42',
  'result.json',
  'montage-dag.json',
  'tables',
  'lines',
  'report.html',
  'shared',
  'marks',
  'marie-data/snapshots',
  'marie-data/journal/dags.table.index',
];

/** Commands that go on until they are told to end, with the code of that; some of their examples end before. */
const STAYING: ReadonlyMap<string, number> = new Map([
  ['up', 0],
  ['watch', 130],
  ['dev', 0],
]);

/** Commands that change what all tenants share: one call at a time. */
const ALONE: ReadonlySet<string> = new Set([
  'up',
  'journal repair',
  'executors cordon',
  'executors uncordon',
  'executors drain',
  'export',
  'backup',
  'restore',
  'replay anonymise',
  'replay export',
  'replay report',
  'snapshot create',
  'replay index',
]);

/** Lines that tests of the project kafka call, where brokers are. */
const NEEDS_KAFKA = /127\.0\.0\.1:9092|--dev-kafka/;

const COMMANDS = commandsOf(TREE.filter(({ hidden }) => !hidden));

let world: World;
let inTurn: InTurn;
let runs = 0;

beforeAll(async () => {
  world = await openWorld();
  inTurn = new InTurn(world.folder);
});

afterAll(async () => {
  await inTurn?.close();
  await world?.close();
});

/** What a call finds: the world in the state that its command needs, for a tenant of its own. */
async function prepare(name: string): Promise<Record<string, string>> {
  runs += 1;
  const tenant = `walk-${runs}`;
  await world.prepare(tenant, SITUATIONS[name] ?? 'open');
  for (const made of MADE) await rm(join(world.folder, made), { recursive: true, force: true });
  return { MARIE_URL: world.url, MARIE_TENANT: tenant };
}

/** Calls a line as it is written, and ends it when it stays. */
async function call(name: string, line: string): Promise<Ran> {
  const { PATH = '' } = process.env;
  const env = { ...process.env, PATH: `${world.folder}:${PATH}`, ...(await prepare(name)) };
  // `exec` so that a signal reaches the command and not a shell around it.
  const child = spawn('bash', ['--norc', '-c', line.startsWith('marie') ? `exec ${line}` : line], {
    cwd: world.folder,
    env,
  });
  return finished(child, STAYING.has(name));
}

/** Calls a line for what it says; those that end by themselves, and are not part of a pipe, in one process. */
async function ask(name: string, line: string): Promise<Ran> {
  if (STAYING.has(name) || !/^marie [^|<>]*$/.test(line)) return call(name, line);
  return inTurn.run(wordsOf(line), await prepare(name));
}

/** The words behind `marie`, as a shell sees them. */
function wordsOf(line: string): readonly string[] {
  const script = `marie() { printf '%s\\0' "$@"; }\n${line}`;
  return execFileSync('bash', ['--norc', '-c', script], { encoding: 'utf8' }).split('\0').slice(0, -1);
}

async function finished(child: ChildProcess, stays: boolean): Promise<Ran> {
  const said = { stdout: '', stderr: '' };
  let isToldToEnd = !stays;
  for (const stream of ['stdout', 'stderr'] as const) {
    child[stream]?.on('data', (chunk: Buffer) => {
      said[stream] += chunk.toString();
      if (isToldToEnd) return;
      isToldToEnd = true;
      setTimeout(() => child.kill('SIGINT'), 100);
    });
  }
  const [code, signal] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null];
  // A shell says 130 too of a command that was about to end and heard nothing any more.
  return { code: signal === 'SIGINT' ? 130 : code, ...said };
}

/** The marie of a line without the programs around it, asked for JSON; where it listens on a port, on any free one. */
function withJson(line: string): string {
  const bare = line
    .replace(/^.*<\(/, '')
    .replace(/(^.*?\bmarie [^|>)]*?)\s*(?:[|>)].*)?$/, '$1')
    .replace(/ --json\b/, '');
  return `${bare} --json`;
}

function anyPort(name: string, line: string): string {
  return name === 'up' ? `${line} --port 0` : line;
}

/** The examples that are called here; a command of which every one needs brokers has none. */
const CALLED = COMMANDS.map(({ path, spec }) => {
  const lines = spec.examples.map(({ line }) => line).filter((line) => !NEEDS_KAFKA.test(line));
  return [path.join(' '), spec, lines] as const;
}).filter(([, , lines]) => lines.length > 0);

describe.each(CALLED)('marie %s', (name, spec, lines) => {
  it.each(lines)('%s', async (line) => {
    // The first is a process of its own, as it is for a user; of the others, what they say is of interest.
    const run = line === lines[0] ? call : ask;
    if (!ALONE.has(name)) {
      await Promise.all([checkText(name, line, run), checkJson(name, spec, line)]);
      return;
    }
    await checkText(name, line, run);
    await checkJson(name, spec, line);
  });
});

async function checkText(name: string, line: string, run: typeof call): Promise<void> {
  const { code, stdout, stderr } = await run(name, anyPort(name, line));
  expect(stderr).not.toMatch(/^error/m);
  expect([0, STAYING.get(name)]).toContain(code);
  expect(stdout + stderr).not.toContain('\u001b');
}

async function checkJson(name: string, spec: CommandSpec, line: string): Promise<void> {
  const { code, stdout, stderr } = await ask(name, anyPort(name, withJson(line)));
  expect(stderr).not.toContain('"error"');
  expect([0, STAYING.get(name)]).toContain(code);
  const values = stdout.split('\n').filter((text) => text !== '');
  if (!spec.lines) expect(values).toHaveLength(1);
  for (const value of values) expect(problemsBySchema(spec.output, JSON.parse(value))).toEqual([]);
}

describe('the tree', () => {
  it('has an example for every command', () => {
    expect(COMMANDS.filter(({ spec }) => spec.examples.length === 0)).toEqual([]);
  });
});

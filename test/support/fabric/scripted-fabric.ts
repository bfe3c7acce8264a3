/** A fabric whose answers a test writes, and executors in Python that meet it. */
import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { type Answer, ScriptedServer, send } from '../scripted-server.js';
import type { Program } from './program.js';
import { startPythonExecutor } from './python.js';

/** The parts of the protocol that a test may answer otherwise. */
const PATHS = { register: /\/register$/, dispatches: /\/dispatches$/, callbacks: /\/callbacks$/, blobs: /\/blobs$/ };
export type Part = keyof typeof PATHS;
export const PARTS = Object.keys(PATHS) as Part[];

const METHODS = { register: 'POST', dispatches: 'GET', callbacks: 'POST', blobs: 'PUT' } as const;
export const TOKEN = 'main.1.0.1.1';
export const DISPATCH = {
  type: 'dispatch',
  token: TOKEN,
  tenant: 'default',
  dagId: 'one',
  job: 'a',
  child: null,
  childCount: null,
  item: null,
  attempt: 1,
  class: 'odd',
  slots: 1,
  timeoutMs: null,
  inputs: { text: 'hello' },
};

export const OTHER = { ...DISPATCH, token: 'main.1.0.1.2', job: 'b', inputs: { text: 'goodbye' } };

/** What the one file is in which everything is kept: a page. */
export const PAGE = 'page one';
const SHA_256 = createHash('sha256').update(PAGE).digest('hex');
export const BLOB = { uri: `blob:sha256:${SHA_256}`, sha256: SHA_256, bytes: PAGE.length };

const lines = (body: string): object[] =>
  body
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));

/** Writes messages of a dispatch stream, which stays open. */
export function say(response: ServerResponse, ...messages: readonly object[]): void {
  for (const message of messages) response.write(`${JSON.stringify(message)}\n`);
}

/** A dispatch stream with these messages, and then nothing but pings. */
function dispatching(...messages: readonly object[]): Answer {
  return (_, response) => {
    say(response, ...messages);
    const pings = setInterval(() => say(response, { type: 'ping' }), 100);
    response.on('close', () => clearInterval(pings));
  };
}

/** How a fabric answers each part of the protocol: there is one job for the executor, and then nothing but pings. */
export const ANSWERS: Readonly<Record<Part, Answer>> = {
  register: (_, response) =>
    send(response, 200, { executor: 1, sessionMs: 2_000, heartbeatMs: 500, turn: 1, history: 'h' }),
  dispatches: dispatching(DISPATCH),
  callbacks: ({ body }, response) =>
    send(
      response,
      200,
      lines(body)
        .map(() => '{"accepted":true,"turn":2}\n')
        .join(''),
    ),
  blobs: (_, response) => send(response, 201, BLOB),
};

/** Answers callbacks about work so. Signs of life that come alone, whenever they like, are taken, and count for nothing. */
export function ofWork(answer: Answer): Answer {
  let count = 0;
  return (request, response) => {
    const isOfWork = lines(request.body).some((line) => 'token' in line);
    return isOfWork ? answer(request, response, count++) : ANSWERS.callbacks(request, response, 0);
  };
}

/** A fabric that answers one part of the protocol as `answer` says, and all others as a fabric does. */
export async function startScriptedFabric(odd: Partial<Record<Part | 'probe', Answer>> = {}): Promise<ScriptedServer> {
  const fabric = await ScriptedServer.start();
  onTestFinished(() => fabric.stop());
  for (const part of PARTS) {
    const answer = odd[part] ?? ANSWERS[part];
    fabric.on(METHODS[part], PATHS[part], part === 'dispatches' ? streamsOnly(answer, odd.probe) : answer);
  }
  return fabric;
}

/** A fabric with two jobs, behind a proxy that refuses callbacks; `taken` are those that it lets pass. */
export async function startProxiedFabric(status: number, refuses: (body: string, count: number) => boolean) {
  const taken: object[] = [];
  const fabric = await startScriptedFabric({
    dispatches: dispatching(DISPATCH, OTHER),
    callbacks: (request, response, count) => {
      if (refuses(request.body, count)) return send(response, status, '<html>Request blocked</html>');
      taken.push(...callbacks({ seen: [request] }));
      return ANSWERS.callbacks(request, response, count);
    },
  });
  return { fabric, taken };
}

const NOTHING: Answer = (_, response) => send(response, 200, { messages: [] });

/** Short polls, by which executors ask whether the id is still theirs, find nothing, and count for nothing. */
function streamsOnly(answer: Answer, probe: Answer = NOTHING): Answer {
  let [streams, probes] = [0, 0];
  return (request, response) =>
    request.query.has('waitMs') ? probe(request, response, probes++) : answer(request, response, streams++);
}

/** Starts an executor whose `run`, and what else the program has, is the test's. */
export async function runExecutor({ url }: Pick<ScriptedServer, 'url'>, program: string): Promise<Program> {
  const folder = await mkdtemp(join(tmpdir(), 'marie-python-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const file = join(folder, 'program.py');
  await writeFile(
    file,
    `import sqlite3, sys, threading, time\nfrom marie_executor import Executor, Ledger\n${program}`,
  );
  return startPythonExecutor(file, url);
}

/** The callbacks that came, in order. */
export function callbacks({ seen }: Pick<ScriptedServer, 'seen'>): object[] {
  return seen.filter(({ path }) => PATHS.callbacks.test(path)).flatMap(({ body }) => lines(body));
}

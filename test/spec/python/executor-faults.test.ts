/** What the Python executor makes of answers that are none of the fabric's, and of errors of its own. */
import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import type { Program } from '../../support/fabric/program.js';
import { hasPython } from '../../support/fabric/python.js';
import {
  ANSWERS,
  BLOB,
  callbacks,
  DISPATCH,
  OTHER,
  ofWork,
  PARTS,
  type Part,
  runExecutor,
  say,
  startProxiedFabric,
  startScriptedFabric,
  TOKEN,
} from '../../support/fabric/scripted-fabric.js';
import { type Answer, type ScriptedServer, send } from '../../support/scripted-server.js';

const LARGE = 'Executor(sys.argv[1], "odd", "odd", lambda job: "x" * 300_000).serve()\n';

/** What somebody between the executor and its fabric may answer. */
const ODD: readonly string[] = [
  ...['<html>Please log in</html>', '{"no":"answer"}\n', '[]\n', '"accepted"\n', '\u{fffd}', ''],
  '['.repeat(100_000),
];
const shown = (odd: string): string => odd.slice(0, 30).trim();
const CASES = PARTS.flatMap((part) => ODD.map((odd) => ({ part, odd, shown: shown(odd) })));

/** A fabric whose first answer to one part of the protocol is none. */
function startOddFabric(part: Part, odd: string): Promise<ScriptedServer> {
  const answer: Answer = (request, response, count) =>
    count === 0 ? send(response, 200, odd) : ANSWERS[part](request, response, count);
  return startScriptedFabric({ [part]: part === 'callbacks' ? ofWork(answer) : answer });
}

/** Waits until a program has sent a callback. */
async function untilSent(fabric: ScriptedServer, program: Program, callback: object): Promise<void> {
  const ended = program.exited.then(() => expect.fail(program.said));
  await Promise.race([ended, expect.poll(() => callbacks(fabric)).toContainEqual(callback)]);
}

// Skipped only where there is no python3 to run it; never in CI.
it.skipIf(!hasPython).each(CASES)('$part that is answered with $shown is tried again', async ({ part, odd }) => {
  const fabric = await startOddFabric(part, odd);
  await untilSent(fabric, await runExecutor(fabric, LARGE), { type: 'complete', token: TOKEN, blob: BLOB });
});

// Skipped only where there is no python3 to run it; never in CI.
it.skipIf(!hasPython)('an address with a user is refused, as the executor would not send it', async () => {
  const fabric = await startScriptedFabric({});
  const executor = await runExecutor(fabric, LARGE.replace('sys.argv[1]', '"http://ada:secret@localhost"'));
  await executor.exited;
  expect(executor.said).toContain('no user or password');
  expect(fabric.seen).toEqual([]);
});

/** The executor on the page of the protocol. */
async function programOfPage(): Promise<string> {
  const page = await readFile('docs/executor-protocol.md', 'utf8');
  return `sys.argv.append("shouter")\n${/```python\n([\s\S]*?)```/u.exec(page)?.[1]}`;
}

// Skipped only where there is no python3 to run it; never in CI.
it.skipIf(!hasPython).each(['register', 'dispatches'] as const)(
  'so is %s of the executor on the page of the protocol that a proxy refuses with a page of its own',
  async (part) => {
    const fabric = await startScriptedFabric({
      [part]: (...[request, response, count]: Parameters<Answer>) =>
        count === 0 ? send(response, 502, '<html>Bad Gateway</html>') : ANSWERS[part](request, response, count),
    });
    const executor = await runExecutor(fabric, await programOfPage());
    await untilSent(fabric, executor, { type: 'complete', token: TOKEN, output: { text: 'HELLO' } });
  },
);

// Skipped only where there is no python3 to run it; never in CI.
it.skipIf(!hasPython).each(ODD.map((odd) => ({ odd, shown: shown(odd) })))(
  'so are callbacks of the executor on the page of the protocol that are answered with $shown',
  async ({ odd }) => {
    const fabric = await startOddFabric('callbacks', odd);
    const executor = await runExecutor(fabric, await programOfPage());
    // What was sent first was not answered, whatever it was.
    await expect.poll(() => callbacks(fabric).length).toBeGreaterThan(2);
    const [first, ...later] = callbacks(fabric);
    expect(later).toContainEqual(first);
    await untilSent(fabric, executor, { type: 'complete', token: TOKEN, output: { text: 'HELLO' } });
  },
);

// Skipped only where there is no python3 to run it; never in CI.
it.skipIf(!hasPython).each([404, 409, 410, 413])(
  'a large output that is refused with %i fails its job',
  async (status) => {
    const problem = JSON.stringify({ code: 'not-stored', detail: 'never' });
    const fabric = await startScriptedFabric({ blobs: (_, response) => send(response, status, problem) });
    const executor = await runExecutor(fabric, LARGE);
    const [code, message] = ['not-stored', 'not-stored: never'];
    await untilSent(fabric, executor, expect.objectContaining({ type: 'fail', token: TOKEN, code, message }));
  },
);

// Skipped only where there is no python3 to run it; never in CI.
it.skipIf(!hasPython).each([408, 429, 503])('one that is refused with %i is sent again', async (status) => {
  const fabric = await startScriptedFabric({
    blobs: (request, response, count) =>
      count === 0 ? send(response, status, '{"code":"not-now"}') : ANSWERS.blobs(request, response, count),
  });
  await untilSent(fabric, await runExecutor(fabric, LARGE), { type: 'complete', token: TOKEN, blob: BLOB });
});

/** Lines of a stream that are no messages; the last one is a dispatch of which too little is there. */
const LINES = [
  '<html>',
  '{"no":"message"}',
  '7',
  '{"type":"dispatch","token":["a"]}',
  `{"type":"dispatch","token":"main.1.0.1.7"}`,
];

// Skipped only where there is no python3 to run it; never in CI.
it.skipIf(!hasPython)('a line that is no message stops none of those behind it', async () => {
  const fabric = await startScriptedFabric({
    dispatches: (request, response, count) => {
      response.write(LINES.map((line) => `${line}\n`).join(''));
      ANSWERS.dispatches(request, response, count);
    },
  });
  const executor = await runExecutor(fabric, 'Executor(sys.argv[1], "odd", "odd", lambda job: 1, slots=9).serve()\n');
  await untilSent(fabric, executor, { type: 'complete', token: TOKEN, output: 1 });
  const failed = { type: 'fail', token: 'main.1.0.1.7', code: 'dispatch-unreadable', retryable: false };
  await untilSent(fabric, executor, expect.objectContaining(failed));
});

const FULL = `class Full(Ledger):
    def reported(self, *_):
        raise sqlite3.OperationalError("database or disk is full")


ledger = Full(":memory:")
run = ledger.once("odd", lambda job: 1, lambda *_: None)
Executor(sys.argv[1], "odd", "odd", run, ledger=ledger).serve()
`;

// Skipped only where there is no python3 to run it; never in CI.
it.skipIf(!hasPython)('an error in one of its threads ends the process, and is told', async () => {
  const executor = await runExecutor(await startScriptedFabric(), FULL);
  expect(await executor.exited).toEqual({ code: 1, signal: null });
  expect(executor.said).toContain('OperationalError: database or disk is full');
});

const NO_TEXT = `def run(job):
    raise SyntaxError("odd", ("file", 1, 2, 3))


Executor(sys.argv[1], "odd", "odd", run).serve()
`;

// Skipped only where there is no python3 to run it; never in CI.
it.skipIf(!hasPython)('an error of a job that has no text fails that job, and ends no executor', async () => {
  const fabric = await startScriptedFabric();
  const failed = { type: 'fail', token: TOKEN, code: 'executor-error', message: 'SyntaxError: it has no text' };
  await untilSent(fabric, await runExecutor(fabric, NO_TEXT), { ...failed, retryable: true });
});

const OTHER_OUTPUT = `class Shared(dict):
    def items(self):
        taken = list(super().items())
        self["later"] = object()
        return taken


Executor(sys.argv[1], "odd", "odd", lambda job: Shared(a="é")).serve()
`;

// Skipped only where there is no python3 to run it; never in CI.
it.skipIf(!hasPython)('an output that becomes none when it has been written is sent as it was', async () => {
  const fabric = await startScriptedFabric();
  const executor = await runExecutor(fabric, OTHER_OUTPUT);
  await untilSent(fabric, executor, { type: 'complete', token: TOKEN, output: { a: 'é' } });
});

/** What a fabric may say of a line that it could not take just now; beside it a heartbeat may have been taken. */
const NOT_NOW = ['inbox-full', 'not-ready', 'fate-open', 'turn-voided', 'kafka-unavailable', 'internal'];

// Skipped only where there is no python3 to run it; never in CI.
it.skipIf(!hasPython).each(NOT_NOW)('sends again what is answered with %s, and nothing instead of it', async (code) => {
  let refused = 0;
  const fabric = await startScriptedFabric({
    callbacks: ({ body }, response) => {
      const isRefused = (line: string): boolean => line.includes('"complete"') && refused++ === 0;
      const answers = body
        .trimEnd()
        .split('\n')
        .map((line) => (isRefused(line) ? `{"accepted":false,"code":"${code}"}\n` : '{"accepted":true,"turn":2}\n'));
      send(response, 200, answers.join(''));
    },
  });
  await runExecutor(fabric, 'Executor(sys.argv[1], "odd", "odd", lambda job: 1).serve()\n');
  const terminal = () =>
    callbacks(fabric).filter((one) => 'type' in one && ['complete', 'fail'].includes(`${one.type}`));
  const complete = { type: 'complete', token: TOKEN, output: 1 };
  await expect.poll(terminal).toEqual([complete, complete]);
});

/** What a proxy takes at once where nobody told it otherwise is less. */
const PROXY_BYTES = 250_000;

// Skipped only where there is no python3 to run it; never in CI.
it.skipIf(!hasPython)(
  'sends less at once where somebody in between takes no more, and fails what is too large alone',
  async () => {
    const jobs = Array.from({ length: 8 }, (_, i) => ({ ...DISPATCH, token: `main.1.${i}.1.${i + 1}`, child: i }));
    const accepted = new Map<string, string>();
    const fabric = await startScriptedFabric({
      dispatches: (_, response) => say(response, ...jobs),
      callbacks: (request, response, count) => {
        if (request.body.length > PROXY_BYTES) return send(response, 413, '<html>Request Entity Too Large</html>');
        for (const line of request.body.trimEnd().split('\n')) {
          const { type, token, code } = JSON.parse(line);
          if (['complete', 'fail'].includes(type)) accepted.set(token, code ?? type);
        }
        // All that ends meanwhile goes with the next request.
        const isFirst = request.body.includes('"ack"');
        setTimeout(() => ANSWERS.callbacks(request, response, count), isFirst ? 1_500 : 0);
      },
    });
    const run = 'lambda job: "x" * (255_000 if job.index == 3 else 100_000)';
    await runExecutor(fabric, `Executor(sys.argv[1], "odd", "odd", ${run}, slots=8).serve()\n`);
    const expected = jobs.map(({ token }, i) => [token, i === 3 ? 'http-413' : 'complete']);
    await expect.poll(() => [...accepted].sort()).toEqual(expected);
  },
);

// Skipped only where there is no python3 to run it; never in CI.
it.skipIf(!hasPython)('sends the last progress of a job only, however much it tells while nobody answers', async () => {
  const fabric = await startScriptedFabric({
    callbacks: (request, response, count) => {
      const isFirst = request.body.includes('"ack"');
      setTimeout(() => ANSWERS.callbacks(request, response, count), isFirst ? 1_500 : 0);
    },
  });
  const run = 'lambda job: [job.progress(min(i, 1000)) for i in range(20_000)] and 1';
  await runExecutor(fabric, `Executor(sys.argv[1], "odd", "odd", ${run}).serve()\n`);
  await expect.poll(() => callbacks(fabric)).toContainEqual({ type: 'complete', token: TOKEN, output: 1 });
  const told = callbacks(fabric).filter((one) => 'type' in one && one.type === 'progress');
  expect(told.at(-1)).toEqual({ type: 'progress', token: TOKEN, permille: 1000 });
  expect(told.length).toBeLessThan(20);
});

// Skipped only where there is no python3 to run it; never in CI.
it.skipIf(!hasPython)('fails the attempt that tells a progress which is no JSON, and nothing else', async () => {
  const jobs = [0, 1].map((child) => ({ ...DISPATCH, token: `main.1.${child}.1.${child + 1}`, child }));
  const fabric = await startScriptedFabric({ dispatches: (_, response) => say(response, ...jobs) });
  const run = 'lambda job: job.progress({1} if job.index == 0 else 500) or job.index';
  await runExecutor(fabric, `Executor(sys.argv[1], "odd", "odd", ${run}, slots=2).serve()\n`);
  for (const end of [
    { type: 'fail', token: jobs[0]!.token },
    { type: 'complete', token: jobs[1]!.token, output: 1 },
  ]) {
    await expect.poll(() => callbacks(fabric)).toContainEqual(expect.objectContaining(end));
  }
});

/** What somebody in between says of who asks. */
const FORBIDDEN: readonly [number, string][] = [
  [403, '<html>Forbidden</html>'],
  [401, '{"code":401,"message":"Jwt is expired"}'],
  [401, '{"code":"TokenExpired"}'],
];

// Skipped only where there is no python3 to run it; never in CI.
it.skipIf(!hasPython).each(FORBIDDEN)(
  'goes on where its stream is answered with %i %s, once it was registered',
  async (status, page) => {
    const fabric = await startScriptedFabric({
      dispatches: (request, response, count) =>
        count === 0 ? send(response, status, page) : ANSWERS.dispatches(request, response, count),
    });
    await untilSent(fabric, await runExecutor(fabric, LARGE), { type: 'complete', token: TOKEN, blob: BLOB });
  },
);

const RENEWS = `import os
def run(job):
    os.environ["MARIE_HEADERS"] = "no header"
    threading.Timer(1, os.environ.pop, ["MARIE_HEADERS"]).start()
    return 1
Executor(sys.argv[1], "odd", "odd", run).serve()
`;

// Skipped only where there is no python3 to run it; never in CI.
it.skipIf(!hasPython)('goes on where its credentials are no header for a while', async () => {
  const fabric = await startScriptedFabric();
  await untilSent(fabric, await runExecutor(fabric, RENEWS), { type: 'complete', token: TOKEN, output: 1 });
});

/** The program, for which a page of maintenance is over sooner. */
const SHORT_OF_PATIENCE = `import marie_executor.link
marie_executor.link._MAX_RETRY_AFTER_S = 0.1
${LARGE}`;

// Skipped only where there is no python3 to run it; never in CI.
it.skipIf(!hasPython).each([
  ['where no clock has such a time', '9'.repeat(20), LARGE],
  ['an hour long, as a page of maintenance asks for it', '3600', SHORT_OF_PATIENCE],
])('keeps what is asked for in Retry-After, but not %s', async (_, asked, program) => {
  const fabric = await startScriptedFabric({
    callbacks: ofWork((request, response, count) =>
      count === 0 ? send(response, 503, '', { 'retry-after': asked }) : ANSWERS.callbacks(request, response, count),
    ),
  });
  await untilSent(fabric, await runExecutor(fabric, program), { type: 'complete', token: TOKEN, blob: BLOB });
});

const TWO = `def run(job):
    return job.inputs["text"]


Executor(sys.argv[1], "odd", "odd", run, 2).serve()
`;

/** The callbacks that a fabric takes behind a proxy that refuses requests, and those that it is sent. */
async function takenBehind(refuses: (body: string, count: number) => boolean) {
  const { fabric, taken } = await startProxiedFabric(403, refuses);
  const executor = await runExecutor(fabric, TWO);
  const ended = executor.exited.then(() => expect.fail(executor.said));
  const untilTaken = (...wanted: readonly object[]) =>
    Promise.race([ended, expect.poll(() => taken).toEqual(expect.arrayContaining([...wanted]))]);
  return { untilTaken, sent: () => callbacks(fabric) };
}

const HELLO = { type: 'complete', token: TOKEN, output: 'hello' };
const GOODBYE = { type: 'complete', token: OTHER.token, output: 'goodbye' };

// Skipped only where there is no python3 to run it; never in CI.
it.skipIf(!hasPython)('an output that a proxy refuses fails its job, and keeps nothing else waiting', async () => {
  const { untilTaken } = await takenBehind((body) => body.includes('hello'));
  const failed = expect.objectContaining({ type: 'fail', token: TOKEN, code: 'http-403' });
  await untilTaken(GOODBYE, failed, { type: 'heartbeat' });
});

// Skipped only where there is no python3 to run it; never in CI.
it.skipIf(!hasPython).each([3, 4])('a proxy that refuses the first %i requests is sat out', async (refused) => {
  const { untilTaken, sent } = await takenBehind((_, count) => count < refused);
  await untilTaken(HELLO, GOODBYE);
  expect(sent()).not.toContainEqual(expect.objectContaining({ type: 'fail' }));
});

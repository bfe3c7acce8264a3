/** How the Python executor begins sessions, keeps them and leaves. */
import type { ServerResponse } from 'node:http';
import { expect, it } from 'vitest';
import { hasPython } from '../../support/fabric/python.js';
import {
  ANSWERS,
  callbacks,
  DISPATCH,
  ofWork,
  runExecutor,
  say,
  startScriptedFabric,
  TOKEN,
} from '../../support/fabric/scripted-fabric.js';
import { type ScriptedServer, send } from '../../support/scripted-server.js';

/** The bodies of the requests to one path, in order. */
const bodies = ({ seen }: ScriptedServer, end: string) =>
  seen.filter(({ path }) => path.endsWith(end)).map(({ body }) => JSON.parse(body));

const LONG = 'Executor(sys.argv[1], "odd", "odd", lambda job: time.sleep(3), slots=4).serve()\n';

// Skipped only where there is no python3 to run it; never in CI.
it.skipIf(!hasPython)('offers no slots where it has to register while it drains', async () => {
  const fabric = await startScriptedFabric({
    dispatches: (request, response, count) => {
      ANSWERS.dispatches(request, response, count);
      if (count > 0) return;
      say(response, { type: 'drain' });
      fabric.on('POST', /\/drain$/, (_, answer) => {
        send(answer, 200, {});
        say(response, { type: 'gone', code: 'unknown-executor' });
      });
    },
  });
  await runExecutor(fabric, LONG);
  await expect.poll(() => bodies(fabric, '/register').length).toBe(2);
  const held = [{ token: TOKEN, slots: 1 }];
  expect(bodies(fabric, '/register')).toMatchObject([
    { slots: 4, held: [] },
    { slots: 0, held },
  ]);
});

const DRAINS_ON_SIGTERM = `
import signal
executor = Executor(sys.argv[1], "odd", "odd", lambda job: time.sleep(3), slots=4)
signal.signal(signal.SIGTERM, lambda *_: threading.Thread(target=executor.drain).start())
executor.serve()
`;

// Skipped only where there is no python3 to run it; never in CI.
it.skipIf(!hasPython)('says again that it drains once a registration is answered that offered slots', async () => {
  let register = (): void => undefined;
  const fabric = await startScriptedFabric({
    register: (request, response, count) => {
      if (count === 0) return ANSWERS.register(request, response, count);
      register = () => void ANSWERS.register(request, response, count);
      void executor.end('SIGTERM');
    },
    dispatches: (request, response, count) => {
      ANSWERS.dispatches(request, response, count);
      if (count === 0) say(response, { type: 'gone', code: 'unknown-executor' });
    },
  });
  fabric.on('POST', /\/drain$/, (_, response, count) => {
    send(response, count === 0 ? 404 : 200, count === 0 ? { code: 'unknown-executor' } : {});
    if (count === 0) register();
  });
  const executor = await runExecutor(fabric, DRAINS_ON_SIGTERM);
  await expect.poll(() => bodies(fabric, '/drain').length).toBe(2);
  expect(bodies(fabric, '/register')).toMatchObject([{ slots: 4 }, { slots: 4 }]);
});

/** Refusals of a registration that time may cure, as those of the TypeScript SDK. */
const MAY_PASS = [
  [404, 'not-found'],
  [409, 'executor-busy'],
  [410, 'gone'],
  [429, 'overloaded'],
  [503, 'not-ready'],
] as const;

// Skipped only where there is no python3 to run it; never in CI.
it.skipIf(!hasPython).each(MAY_PASS)('registers again after %i %s', async (status, code) => {
  const fabric = await startScriptedFabric({
    register: (request, response, count) =>
      count === 0 ? send(response, status, { code }) : ANSWERS.register(request, response, count),
  });
  const executor = await runExecutor(fabric, LONG);
  const ended = executor.exited.then(() => expect.fail(executor.said));
  await Promise.race([ended, expect.poll(() => callbacks(fabric)).toContainEqual({ type: 'ack', token: TOKEN })]);
  // What was refused is decided, and a repeat of it is answered as the first time; what was not taken is the same again.
  const [first, second] = fabric.seen
    .filter(({ path }) => path.endsWith('/register'))
    .map(({ headers }) => headers['idempotency-key']);
  expect(first === second).toBe([429, 503].includes(status));
});

// Skipped only where there is no python3 to run it; never in CI.
it.skipIf(!hasPython)(
  'goes on where a process that is behind its registration knows the one before it only',
  async () => {
    const fabric = await startScriptedFabric({
      dispatches: (request, response, count) =>
        count === 0
          ? send(response, 409, { code: 'stale-incarnation', turn: 0 })
          : ANSWERS.dispatches(request, response, count),
    });
    const executor = await runExecutor(fabric, LONG);
    const ended = executor.exited.then(() => expect.fail(executor.said));
    await Promise.race([ended, expect.poll(() => callbacks(fabric)).toContainEqual({ type: 'ack', token: TOKEN })]);
    expect(bodies(fabric, '/register')).toHaveLength(1);
  },
);

// Skipped only where there is no python3 to run it; never in CI.
it.skipIf(!hasPython)('does not take its id back where a login page says whether another process has it', async () => {
  const fabric = await startScriptedFabric({
    dispatches: (_, response, count) =>
      count === 0 ? void response.end() : send(response, 404, { code: 'unknown-executor' }),
    probe: (_, response, count) =>
      count === 0
        ? send(response, 200, '<html>Please log in</html>')
        : send(response, 409, { code: 'stale-incarnation' }),
  });
  const executor = await runExecutor(fabric, LONG);
  await executor.exited;
  expect(executor.said).toContain('stale-incarnation');
  expect(bodies(fabric, '/register')).toHaveLength(1);
});

/** Of sessions of 2 s: long after a heartbeat should have come, and before any patience of HTTP ends. */
const SILENCE_MS = 25_000;

// Skipped only where there is no python3 to run it; never in CI.
it.skipIf(!hasPython)('does not wait for an answer that does not come for longer than its session lives', async () => {
  let second: () => void;
  const heard = new Promise<string>((resolve) => {
    second = () => resolve('heard again');
  });
  const fabric = await startScriptedFabric({
    callbacks: ofWork((request, response, count) => {
      if (count === 0) return;
      second();
      ANSWERS.callbacks(request, response, count);
    }),
  });
  await runExecutor(fabric, LONG);
  await expect.poll(() => callbacks(fabric)).toContainEqual({ type: 'ack', token: TOKEN });
  const silence = new Promise<string>((resolve) => setTimeout(() => resolve('silent'), SILENCE_MS));
  expect(await Promise.race([heard, silence])).toBe('heard again');
});

// Skipped only where there is no python3 to run it; never in CI.
it.skipIf(!hasPython)(
  'gives signs of life while its other callbacks are under way, however long that takes',
  async () => {
    const fabric = await startScriptedFabric({
      callbacks: (request, response, count) => {
        if (!request.body.includes('complete')) ANSWERS.callbacks(request, response, count);
      },
    });
    await runExecutor(fabric, 'Executor(sys.argv[1], "odd", "odd", lambda job: 7).serve()\n');
    await expect.poll(() => callbacks(fabric)).toContainEqual({ type: 'complete', token: TOKEN, output: 7 });
    const sent = fabric.seen.length;
    const alone = () => fabric.seen.slice(sent).filter(({ body }) => /^\{"type": ?"heartbeat"\}\n$/.test(body));
    await expect.poll(() => alone().length).toBeGreaterThan(1);
  },
);

/** A fabric for which the lease of its job is over when that ends; `stops` says so before. */
function startStoppingFabric(stops = true) {
  return startScriptedFabric({
    dispatches: (request, response, count) => {
      if (count === 0) ANSWERS.dispatches(request, response, count);
      if (stops) say(response, { type: 'stop', token: TOKEN });
    },
    callbacks: ({ body }, response) => {
      const answers = body
        .trimEnd()
        .split('\n')
        .map((line) =>
          line.includes('complete') ? { accepted: false, code: 'stale-token' } : { accepted: true, turn: 1 },
        );
      response.writeHead(200, { 'content-type': 'application/x-ndjson' });
      response.end(answers.map((answer) => `${JSON.stringify(answer)}\n`).join(''));
    },
  });
}

/** A run that is deaf to its stop, by an executor for which less than usual is late. */
const deaf = (lateS: number) =>
  `import marie_executor.executor\nmarie_executor.executor.STOPPED_LATE_S = ${lateS}\n` +
  'Executor(sys.argv[1], "odd", "odd", lambda job: time.sleep(1), slots=4).serve()\n';

/** What comes is waited for; that nothing more comes can only be seen after a while. */
async function expectRegistrations(fabric: ScriptedServer, expected: number): Promise<void> {
  if (expected === 1) await new Promise((resolve) => setTimeout(resolve, 1_500));
  await expect.poll(() => bodies(fabric, '/register').length).toBe(expected);
}

// Skipped only where there is no python3 to run it; never in CI.
it.skipIf(!hasPython).each([
  ['registers anew where work stopped so late that its slot was withdrawn', 0.1, 2],
  ['goes on as it was where it stopped soon enough', 60, 1],
])('%s', async (_what, lateS, registrations) => {
  const fabric = await startStoppingFabric();
  await runExecutor(fabric, deaf(lateS));
  await expect.poll(() => callbacks(fabric)).toContainEqual(expect.objectContaining({ type: 'complete' }));
  await expectRegistrations(fabric, registrations);
});

// Skipped only where there is no python3 to run it; never in CI.
it.skipIf(!hasPython).each([
  ['registers anew where it stood still for so long that its work may have been stopped', 3, 2],
  ['goes on as it was where it stood still for less', 60, 1],
])('%s', async (_what, lateS, registrations) => {
  const fabric = await startStoppingFabric(false);
  const { pid } = await runExecutor(fabric, deaf(lateS));
  await expect.poll(() => callbacks(fabric)).toContainEqual({ type: 'ack', token: TOKEN });
  process.kill(pid, 'SIGSTOP');
  await new Promise((resolve) => setTimeout(resolve, 4_000));
  process.kill(pid, 'SIGCONT');
  await expect.poll(() => callbacks(fabric)).toContainEqual(expect.objectContaining({ type: 'complete' }));
  await expectRegistrations(fabric, registrations);
});

// Skipped only where there is no python3 to run it; never in CI.
it.skipIf(!hasPython)(
  'asks by polls where nothing comes of its stream, of whose messages one may be unreadable',
  async () => {
    // More digits than Python takes for a number.
    const odd = { ...DISPATCH, token: TOKEN.replace(/1$/, '2'), inputs: { text: '"}]' } };
    const unreadable = JSON.stringify(odd).replace('"inputs":{', `"inputs":{"many":${'9'.repeat(5_000)},`);
    const fabric = await startScriptedFabric({
      dispatches: () => undefined,
      probe: ({ query }, response, count) => {
        if (query.get('waitMs') === '0') send(response, 200, { messages: [] });
        else if (count === 0) response.end(`{"messages":[${unreadable},${JSON.stringify(DISPATCH)}]}`);
      },
    });
    await runExecutor(
      fabric,
      'import marie_executor.executor\nmarie_executor.executor.STREAM_SILENCE_S = 2\n' +
        'Executor(sys.argv[1], "odd", "odd", lambda job: 7).serve()\n',
    );
    await expect.poll(() => callbacks(fabric)).toContainEqual({ type: 'complete', token: TOKEN, output: 7 });
    expect(callbacks(fabric)).toContainEqual(
      expect.objectContaining({ type: 'fail', token: odd.token, code: 'dispatch-unreadable' }),
    );
  },
);

// Skipped only where there is no python3 to run it; never in CI.
it.skipIf(!hasPython)('goes on asking by polls where it has to register anew', async () => {
  const asked: string[] = [];
  let unanswered: ServerResponse | undefined;
  let isOver = false;
  const fabric = await startScriptedFabric({
    register: (request, response, count) => {
      asked.push('register');
      isOver = false;
      ANSWERS.register(request, response, count);
    },
    dispatches: () => void asked.push('stream'),
    probe: ({ query }, response) => {
      const isPoll = query.get('waitMs') !== '0';
      if (isPoll) asked.push('poll');
      // The session that is over may ask once more before it sees that.
      if (isOver || !isPoll) return send(response, 200, { messages: [] });
      unanswered = response;
    },
    callbacks: ({ body }, response) => {
      const isFirst = unanswered?.writableEnded === false && asked.lastIndexOf('register') === 0;
      isOver ||= isFirst;
      const answer = isOver ? { accepted: false, code: 'unknown-executor' } : { accepted: true, turn: 2 };
      send(response, 200, `${JSON.stringify(answer)}\n`.repeat(body.trimEnd().split('\n').length));
      if (isFirst && unanswered !== undefined) send(unanswered, 200, { messages: [] });
    },
  });
  await runExecutor(
    fabric,
    'import marie_executor.executor\nmarie_executor.executor.STREAM_SILENCE_S = 3\n' +
      'Executor(sys.argv[1], "odd", "odd", lambda job: 7).serve()\n',
  );
  // A heartbeat that was answered while it registered lets it do so again.
  const askedFirst = () => asked.filter((what, place) => what !== 'register' && asked[place - 1] === 'register');
  await expect.poll(askedFirst).toEqual(['stream', 'poll']);
});

/** As a pool of processes does: each has a copy of the executor, and of the handler by which SIGTERM drains it. */
const FORKS = `
import os
def run(job):
    child = os.fork()
    if child == 0:
        executor.drain(0)
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
executor = Executor(sys.argv[1], "odd", "odd", run)
executor.serve()
`;

// Skipped only where there is no python3 to run it; never in CI.
it.skipIf(!hasPython)('is not drained by a process that a job has forked', async () => {
  const fabric = await startScriptedFabric();
  fabric.on('POST', /\/(drain|deregister)$/, (_, response) => send(response, 200, {}));
  await runExecutor(fabric, FORKS);
  const complete = { type: 'complete', token: TOKEN, output: 0 };
  await expect.poll(() => callbacks(fabric)).toContainEqual(complete);
  expect(bodies(fabric, '/drain')).toEqual([]);
});

/** As a supervisor does that loads a program once, and forks it for each process. */
const TWO_OF_ONE = `
import os
first = os.getpid()
executor = Executor(sys.argv[1], "odd", "odd", lambda job: os.getpid() == first or os._exit(0))
os.fork()
executor.serve()
`;

// Skipped only where there is no python3 to run it; never in CI.
it.skipIf(!hasPython)('is told from the one that another process of the same fork serves', async () => {
  const fabric = await startScriptedFabric();
  await runExecutor(fabric, TWO_OF_ONE);
  const incarnations = () => new Set(bodies(fabric, '/register').map(({ incarnation }) => incarnation));
  await expect.poll(() => incarnations().size).toBe(2);
});

/** A job that holds, again and again, the lock of all threads of a Python, for longer than two signs of life are apart. */
const STANDS_STILL = `
import ctypes
def run(job):
    while True:
        ctypes.PyDLL(None).sleep(2)
        time.sleep(0.2)
Executor(sys.argv[1], "odd", "odd", run).serve()
`;

// Skipped only where there is no python3 to run it; never in CI.
it.skipIf(!hasPython)('says that it stood still, so that nobody wonders why its jobs went to others', async () => {
  const fabric = await startScriptedFabric();
  const executor = await runExecutor(fabric, STANDS_STILL);
  await expect.poll(() => executor.said).toContain('stood still for');
});

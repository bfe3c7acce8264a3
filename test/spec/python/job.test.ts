/** What a job in Python has at hand: files by address, and units. */
import { createHash } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { expect, it } from 'vitest';
import { hasPython } from '../../support/fabric/python.js';
import {
  ANSWERS,
  BLOB,
  callbacks,
  DISPATCH,
  PAGE,
  runExecutor,
  say,
  startScriptedFabric,
  TOKEN,
} from '../../support/fabric/scripted-fabric.js';
import { type ScriptedServer, send } from '../../support/scripted-server.js';

const program = (lines: readonly string[]): string =>
  `def run(job):\n    ${lines.join('\n    ')}\nExecutor(sys.argv[1], "odd", "odd", run).serve()\n`;

// Skipped only where there is no python3 to run it; never in CI.
it.skipIf(!hasPython)('keeps a file, and reads one by its address or by what has that', async () => {
  const fabric = await startScriptedFabric();
  fabric.on('GET', /\/blobs\/[0-9a-f]{64}$/, (_, response) => send(response, 200, PAGE));
  const executor = await runExecutor(
    fabric,
    program(['ref = job.put(b"page one")', 'return [ref, job.blob(ref).decode(), job.blob(ref["uri"]).decode()]']),
  );
  const ended = executor.exited.then(() => expect.fail(executor.said));
  const complete = { type: 'complete', token: TOKEN, output: [BLOB, 'page one', 'page one'] };
  await Promise.race([ended, expect.poll(() => callbacks(fabric)).toContainEqual(complete)]);
  const kept = fabric.seen.find(({ path }) => path.endsWith('/blobs'));
  expect(kept?.body).toBe(PAGE);
  expect(kept?.headers['marie-sha256']).toBe(BLOB.sha256);
});

// Skipped only where there is no python3 to run it; never in CI.
it.skipIf(!hasPython).each([
  ['text', '"Seite \\u00e9ins"', 'Seite éins'],
  ['a buffer', 'bytearray(b"page one")', 'page one'],
  ['nothing', 'b""', ''],
])('keeps %s as a file of its bytes', async (_what, content, kept) => {
  const fabric = await startScriptedFabric();
  await runExecutor(fabric, program([`return job.put(${content})`]));
  await expect.poll(() => callbacks(fabric)).toContainEqual({ type: 'complete', token: TOKEN, output: BLOB });
  const sent = fabric.seen.find(({ path }) => path.endsWith('/blobs'));
  expect(sent?.body).toBe(kept);
  expect(sent?.headers['marie-sha256']).toBe(createHash('sha256').update(kept).digest('hex'));
});

/** What a socket is given at once has one time-out for all of it. */
const WATCHED = `import socket
given, sendall = [], socket.socket.sendall
socket.socket.sendall = lambda self, data: given.append(len(data)) or sendall(self, data)
`;

// Skipped only where there is no python3 to run it; never in CI.
it.skipIf(!hasPython)('sends a large file in pieces, as it may take longer than any answer', async () => {
  const fabric = await startScriptedFabric();
  await runExecutor(fabric, WATCHED + program(['job.put(b"x" * 1_000_000)', 'return max(given) <= 65_536']));
  await expect.poll(() => callbacks(fabric)).toContainEqual({ type: 'complete', token: TOKEN, output: true });
  expect(fabric.seen.find(({ path }) => path.endsWith('/blobs'))?.body).toBe('x'.repeat(1_000_000));
});

// Skipped only where there is no python3 to run it; never in CI.
it.skipIf(!hasPython).each([
  ['completes', 'return 1', { type: 'complete', output: 1, unitsUsed: 7 }],
  ['fails', 'raise ValueError("torn")', { type: 'fail', code: 'executor-error', unitsUsed: 7 }],
  ['counts what is no number', 'job.use_units("2")', { type: 'fail', code: 'bad-units', unitsUsed: 7 }],
  ['counts none', 'job.use_units(-1)', { type: 'fail', code: 'bad-units', retryable: false, unitsUsed: 7 }],
])('tells the units that it used where it %s', async (_how, last, callback) => {
  const fabric = await startScriptedFabric();
  await runExecutor(fabric, program(['job.use_units(3)', 'job.use_units(4)', last]));
  await expect.poll(() => callbacks(fabric)).toContainEqual(expect.objectContaining({ token: TOKEN, ...callback }));
});

// Skipped only where there is no python3 to run it; never in CI.
it.skipIf(!hasPython)(
  'fails an attempt with the code that it has from another process, such as one of a pool',
  async () => {
    const fabric = await startScriptedFabric();
    await runExecutor(
      fabric,
      [
        'import pickle',
        'from marie_executor import JobFailed',
        'class Torn(JobFailed):',
        '    def __init__(self, page):',
        '        super().__init__("torn", f"page {page}", retryable=False)',
        program(['raise pickle.loads(pickle.dumps(Torn(3)))']),
      ].join('\n'),
    );
    const failed = { type: 'fail', token: TOKEN, code: 'torn', message: 'page 3', retryable: false };
    await expect.poll(() => callbacks(fabric)).toContainEqual(failed);
  },
);

/** What an outage, a proxy in it, and a damaged answer look like, and then the answer. */
const OUTAGE: readonly ((response: ServerResponse) => void)[] = [
  (response) => response.destroy(),
  (response) => send(response, 503, '<html>Bad gateway</html>', { 'retry-after': '0' }),
  (response) => send(response, 200, '<html>Please log in</html>'),
  (response) => send(response, 404, '<html>404 page not found</html>'),
  (response) => send(response, 302, ''),
  (response) => response.writeHead(200, { 'content-length': '1000' }).write('{"index":', () => response.destroy()),
  (response) => send(response, 200, '', { 'marie-children': '1' }),
];
const COLLECTION = { collection: { dagId: 'one', job: 'pages', count: 1, uri: '/v1/dags/one/jobs/pages/children' } };

function startFailingFabric(answer: (response: ServerResponse) => void): Promise<ScriptedServer> {
  return startScriptedFabric({
    dispatches: (_, response) => say(response, { ...DISPATCH, inputs: { pages: COLLECTION, large: { blob: BLOB } } }),
    blobs: (_, response, count) => (OUTAGE[count] ?? answer)(response),
  }).then((fabric) =>
    fabric
      .on('GET', /\/blobs\/[0-9a-f]{64}$/, (_, response, count) => (OUTAGE[count] ?? answer)(response))
      .on('GET', /\/children$/, (_, response, count) => (OUTAGE[count] ?? answer)(response)),
  );
}

// Skipped only where there is no python3 to run it; never in CI.
it.skipIf(!hasPython).each([
  ['put', 'return job.put("page one")', JSON.stringify(BLOB), BLOB],
  ['blob', `return job.blob("${BLOB.uri}").decode()`, PAGE, PAGE],
  ['children', 'return list(job.children("pages"))', '{"index":0,"output":7}\n', [{ index: 0, output: 7 }]],
])('asks again for what an outage keeps from it, by %s', async (_what, line, text, output) => {
  const fabric = await startFailingFabric((response) => send(response, 200, text));
  await runExecutor(fabric, program([line]));
  await expect.poll(() => callbacks(fabric)).toContainEqual({ type: 'complete', token: TOKEN, output });
});

// Skipped only where there is no python3 to run it; never in CI.
it.skipIf(!hasPython)('fails its attempt where other bytes than those of a blob come, again and again', async () => {
  const fabric = await startScriptedFabric();
  fabric.on('GET', /\/blobs\/[0-9a-f]{64}$/, (_, response) => send(response, 200, 'page 0ne'));
  await runExecutor(fabric, program([`return job.blob("${BLOB.uri}").decode()`]));
  const failed = expect.objectContaining({ type: 'fail', token: TOKEN, code: 'blob-damaged', retryable: true });
  await expect.poll(() => callbacks(fabric)).toContainEqual(failed);
});

// Skipped only where there is no python3 to run it; never in CI.
it.skipIf(!hasPython)(
  'fails its attempt where somebody in between takes no file of that size, and reads none of it',
  async () => {
    const fabric = await startScriptedFabric();
    fabric.refuseUnread(/\/blobs$/, 413);
    await runExecutor(fabric, program(['return job.put(bytes(20_000_000))']));
    const fail = { type: 'fail', token: TOKEN, code: 'executor-error', retryable: true };
    await expect.poll(() => callbacks(fabric)).toContainEqual(expect.objectContaining(fail));
  },
);

// Skipped only where there is no python3 to run it; never in CI.
it.skipIf(!hasPython)('asks no more when it is stopped, nor for what is refused for good', async () => {
  const fabric = await startScriptedFabric({
    dispatches: (request, response, count) => {
      ANSWERS.dispatches(request, response, count);
      say(response, { ...DISPATCH, token: 'main.1.1.1.2', dagId: 'gone' });
      setTimeout(() => say(response, { type: 'stop', token: TOKEN }), 500);
    },
    blobs: (_, response) => void response.destroy(),
  });
  fabric.on('GET', /\/blobs\/[0-9a-f]{64}$/, (_, response) => send(response, 404, { code: 'blob-not-found' }));
  const run = `job.blob("${BLOB.uri}") if job.dag_id == "gone" else job.put("page one")`;
  await runExecutor(fabric, program([run]).replace('run).serve', 'run, slots=2).serve'));
  await expect.poll(() => callbacks(fabric)).toContainEqual(expect.objectContaining({ type: 'return', token: TOKEN }));
  const failed = { type: 'fail', token: 'main.1.1.1.2', message: expect.stringContaining('blob-not-found') };
  await expect.poll(() => callbacks(fabric)).toContainEqual(expect.objectContaining(failed));
});

// Skipped only where there is no python3 to run it; never in CI.
it.skipIf(!hasPython)(
  'fails where it reads a file that has no address of a blob, and no request can name',
  async () => {
    const fabric = await startScriptedFabric();
    await runExecutor(fabric, program(['return job.blob({"uri": "s3:scans/page 1.pdf"}).decode()']));
    const fail = { type: 'fail', token: TOKEN, code: 'not-a-blob', retryable: false };
    await expect.poll(() => callbacks(fabric)).toContainEqual(expect.objectContaining(fail));
  },
);

// Skipped only where there is no python3 to run it; never in CI.
it.skipIf(!hasPython).each(['fabric:7420', 'http://127.0.0.1:7420/a b'])(
  'does not look for a fabric at %s',
  async (url) => {
    const fabric = await startScriptedFabric();
    const executor = await runExecutor(fabric, `Executor("${url}", "odd", "odd", lambda job: 7).serve()\n`);
    await executor.exited;
    expect(executor.said).toMatch(/ValueError|InvalidURL/);
  },
);

// Skipped only where there is no python3 to run it; never in CI.
it.skipIf(!hasPython)('fails where it says that it is stopped, and nobody has asked for that', async () => {
  const fabric = await startScriptedFabric();
  await runExecutor(fabric, program(['raise __import__("marie_executor").JobStopped()']));
  const fail = { type: 'fail', token: TOKEN, code: 'executor-error' };
  await expect.poll(() => callbacks(fabric)).toContainEqual(expect.objectContaining(fail));
});

// Skipped only where there is no python3 to run it; never in CI.
it.skipIf(!hasPython)('looks for children nowhere but at the fabric, whatever an input says', async () => {
  const input = { collection: { ...COLLECTION.collection, uri: '.elsewhere/v1/dags/one/jobs/pages/children' } };
  const fabric = await startScriptedFabric({
    dispatches: (_, response) => say(response, { ...DISPATCH, inputs: { pages: input } }),
  });
  await runExecutor(fabric, program(['return list(job.children("pages"))']));
  const fail = { type: 'fail', token: TOKEN, code: 'not-a-collection', retryable: false };
  await expect.poll(() => callbacks(fabric)).toContainEqual(expect.objectContaining(fail));
});

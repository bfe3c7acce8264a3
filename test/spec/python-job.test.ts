/** What a job in Python has at hand: files by address, and units. */
import { expect, it } from 'vitest';
import { hasPython } from '../support/fabric/python.js';
import { BLOB, callbacks, runExecutor, startScriptedFabric, TOKEN } from '../support/fabric/scripted-fabric.js';
import { send } from '../support/scripted-server.js';

const program = (lines: readonly string[]): string =>
  `def run(job):\n    ${lines.join('\n    ')}\nExecutor(sys.argv[1], "odd", "odd", run).serve()\n`;

// Skipped only where there is no python3 to run it; never in CI.
it.skipIf(!hasPython)('keeps a file, and reads one by its address or by what has that', async () => {
  const fabric = await startScriptedFabric();
  fabric.on('GET', /\/blobs\/00$/, (_, response) => send(response, 200, 'page one'));
  const executor = await runExecutor(
    fabric,
    program(['ref = job.put(b"page one")', 'return [ref, job.blob(ref).decode(), job.blob(ref["uri"]).decode()]']),
  );
  const ended = executor.exited.then(() => expect.fail(executor.said));
  const complete = { type: 'complete', token: TOKEN, output: [BLOB, 'page one', 'page one'] };
  await Promise.race([ended, expect.poll(() => callbacks(fabric)).toContainEqual(complete)]);
  expect(fabric.seen.find(({ path }) => path.endsWith('/blobs'))?.body).toBe('page one');
});

// Skipped only where there is no python3 to run it; never in CI.
it.skipIf(!hasPython).each([
  ['text', '"Seite \\u00e9ins"', 'Seite éins'],
  ['a buffer', 'bytearray(b"page one")', 'page one'],
])('keeps %s as a file of its bytes', async (_what, content, kept) => {
  const fabric = await startScriptedFabric();
  await runExecutor(fabric, program([`return job.put(${content})`]));
  await expect.poll(() => callbacks(fabric)).toContainEqual({ type: 'complete', token: TOKEN, output: BLOB });
  expect(fabric.seen.find(({ path }) => path.endsWith('/blobs'))?.body).toBe(kept);
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

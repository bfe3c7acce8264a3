/** What the Python executor makes of answers that are none of the fabric's, and of errors of its own. */
import { expect, it } from 'vitest';
import { hasPython } from '../support/fabric/python.js';
import {
  ANSWERS,
  BLOB,
  callbacks,
  PARTS,
  runExecutor,
  startScriptedFabric,
  TOKEN,
} from '../support/fabric/scripted-fabric.js';
import { type Answer, send } from '../support/scripted-server.js';

const LARGE = 'Executor(sys.argv[1], "odd", "odd", lambda job: "x" * 300_000).serve()\n';

/** What somebody between the executor and its fabric may answer. */
const ODD: readonly string[] = ['<html>Please log in</html>', '{"no":"answer"}\n', '[]\n', '"accepted"\n', '\u{fffd}'];
const CASES = PARTS.flatMap((part) =>
  [...ODD, '['.repeat(100_000)].map((odd) => ({ part, odd, shown: odd.slice(0, 30).trim() })),
);

// Skipped only where there is no python3 to run it; never in CI.
it.skipIf(!hasPython).each(CASES)('$part that is answered with $shown is tried again', async ({ part, odd }) => {
  const fabric = await startScriptedFabric({
    [part]: (...[request, response, count]: Parameters<Answer>) =>
      count === 0 ? send(response, 200, odd) : ANSWERS[part](request, response, count),
  });
  const executor = await runExecutor(fabric, LARGE);
  const ended = executor.exited.then(() => expect.fail(executor.said));
  await Promise.race([
    ended,
    expect.poll(() => callbacks(fabric)).toContainEqual({ type: 'complete', token: TOKEN, blob: BLOB }),
  ]);
});

/** An error that nobody has foreseen, in each of the executor's threads. */
const FAULTS: readonly (readonly [string, string])[] = [
  [
    'the ledger can not write down an answer',
    `class Full(Ledger):
    def reported(self, *_):
        raise sqlite3.OperationalError("database or disk is full")
ledger = Full(":memory:")
run = ledger.once("odd", lambda job: 1, lambda *_: None)
Executor(sys.argv[1], "odd", "odd", run, ledger=ledger).serve()
`,
  ],
];

// Skipped only where there is no python3 to run it; never in CI.
it.skipIf(!hasPython).each(FAULTS)('%s: the process ends with that error', async (_what, program) => {
  const executor = await runExecutor(await startScriptedFabric(), program);
  expect(await executor.exited).toEqual({ code: 1, signal: null });
  expect(executor.said).toContain('OperationalError: database or disk is full');
});

/** Whatever a `run` of the Python example returns or raises, its attempt ends, and its slot is free. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { Code } from '../../../src/catalogue/generated/codes.js';
import type { CompleteJob, FailJob } from '../../../src/catalogue/generated/types.js';
import { hasPython, startPythonExecutor } from '../../support/fabric/python.js';
import { dispatchOf, startGateway } from '../../support/gateway.js';
import { takeRegistrations } from '../../support/registrations.js';

/** What `run` does, as Python, and how its attempt ends: the code of its failure, or its output. */
const CASES: readonly (readonly [string, string])[] = [
  ['return {"all": "well"}', '{"all": "well"}'],
  ['return "odd \\udce9"', '"odd \\udce9"'],
  ['return float("nan")', 'output-not-json, for good'],
  ['return effects_of(job, float("nan"))', '0'],
  ['return {1, 2}', 'output-not-json, for good'],
  ['return nested(64)', `${'['.repeat(64)}${']'.repeat(64)}`],
  ['return nested(65)', 'output-too-deep, for good'],
  ['return nested(900)', 'output-too-deep, for good'],
  ['return nested(5_000)', 'output-too-deep, for good'],
  ['return {"none": [[], {}, nested(62), ()], "one": nested(64)}', 'output-too-deep, for good'],
  ['return holding_itself()', 'output-not-json, for good'],
  ['sys.exit(3)', 'executor-error'],
  ['raise KeyboardInterrupt()', 'executor-error'],
  ['raise ValueError("odd \\udce9")', 'executor-error'],
  ['raise Mute()', 'executor-error'],
  ['raise JobFailed("x", "odd \\udce9")', 'x'],
  ['raise JobFailed("odd \\udce9", "x" * 9_000)', 'odd ?'],
  ['raise JobFailed(404, None, retryable=None)', '404, for good'],
  ['raise JobFailed("é" * 300, "é" * 9_000)', 'é'.repeat(64)],
  ['raise JobFailed("x", Mute())', 'executor-error'],
  ['job._report({"type": "fail", "token": job.token, "code": 7}); time.sleep(3_600)', 'failed'],
];

const PROGRAM = `
import sys, time
from marie_executor import Executor, JobFailed, Ledger

ledger = Ledger(":memory:")

class Mute(Exception):
    def __str__(self):
        raise ValueError("no text")
    __repr__ = __str__

def nested(depth):
    value = []
    for _ in range(depth - 1):
        value = [value]
    return value

def holding_itself():
    value = []
    value.append(value)
    return value

def effects_of(job, output):
    """How many effects a job has had whose output is that."""
    try:
        write = lambda database, *_: database.execute("INSERT INTO effects VALUES ('', '', '', '')")
        ledger.once("odd", lambda _: output, write)(job)
    except JobFailed:
        return ledger._database.execute("SELECT count(*) FROM effects").fetchone()[0]

def run(job):
    index = job.input("case")
${CASES.map(([body], index) => `    if index == ${index}:\n        ${body}\n`).join('')}

Executor(sys.argv[1], "odd", "odd", run, slots=100).serve()
`;

// Skipped only where there is no python3 to run it; never in CI.
it.skipIf(!hasPython)('ends every attempt, whatever its run returns or raises', async () => {
  const gateway = await startGateway();
  onTestFinished(() => gateway.close());
  takeRegistrations(gateway);
  gateway.views.resolve = (token) => dispatchOf(token, `{"case":${token - 1}}`);
  gateway.views.unacknowledgedOf.set(
    1,
    Array.from(CASES, (_case, index) => index + 1),
  );
  const program = join(gateway.blobRoot, 'odd.py');
  await writeFile(program, PROGRAM);
  startPythonExecutor(program, gateway.url);
  const ends = () =>
    new Map(
      gateway.inbox.inputs.flatMap((input) => {
        if (input.code === Code.CompleteJob) return [endOf(input.body, String(input.body.output))];
        return input.code === Code.FailJob ? [endOf(input.body, wordOf(input.body))] : [];
      }),
    );
  const wanted = new Map(CASES.map(([, end], index) => [index, end]));
  await expect.poll(() => [...ends()].sort(([a], [b]) => a - b)).toEqual([...wanted]);
});

// Skipped only where there is no python3 to run it; never in CI.
it.skipIf(!hasPython)('outlives dispatches that it can not read, and ends their attempts', async () => {
  const gateway = await startGateway();
  onTestFinished(() => gateway.close());
  takeRegistrations(gateway);
  const inputs = ['{"case":\ufeff0}', `{"case":${'['.repeat(100_000)}${']'.repeat(100_000)}}`, '{"case":0}'];
  gateway.views.resolve = (token) => dispatchOf(token, inputs[token - 1]);
  gateway.views.unacknowledgedOf.set(1, [1, 2, 3]);
  const program = join(gateway.blobRoot, 'odd.py');
  await writeFile(program, PROGRAM);
  startPythonExecutor(program, gateway.url);
  const ends = () =>
    gateway.inbox.inputs.flatMap((input) => {
      if (input.code === Code.CompleteJob) return [endOf(input.body, 'well')];
      return input.code === Code.FailJob ? [endOf(input.body, wordOf(input.body))] : [];
    });
  const unreadable = 'dispatch-unreadable, for good';
  await expect
    .poll(() => ends().sort(([a], [b]) => a - b))
    .toEqual([
      [0, unreadable],
      [1, unreadable],
      [2, 'well'],
    ]);
});

/** Which case it is, and its end. */
function endOf({ lease }: Pick<CompleteJob | FailJob, 'lease'>, end: string): [number, string] {
  return [lease.token - 1, end];
}

function wordOf({ code, retryable }: FailJob): string {
  return retryable ? code : `${code}, for good`;
}

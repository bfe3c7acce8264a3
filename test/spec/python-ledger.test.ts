/** The ledger of the Python executor: an effect and the memory of it are one, whatever the output and the error. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { hasPython, startPythonExecutor } from '../support/fabric/python.js';

const PROGRAM = `
import json
from types import SimpleNamespace

from marie_executor import Ledger

ledger = Ledger(":memory:")
ledger._database.executescript("""
    PRAGMA foreign_keys = ON;
    CREATE TABLE parents (id INTEGER PRIMARY KEY);
    CREATE TABLE children (parent REFERENCES parents (id) DEFERRABLE INITIALLY DEFERRED);
    CREATE TABLE strict (id UNIQUE ON CONFLICT ROLLBACK);
""")


def attempt(name, token, output, *effects):
    """Does a job, and says what came of it."""
    def effect(database, job, output):
        for statement in effects:
            database.execute(statement)
    job = SimpleNamespace(
        tenant="t", dag_id="d", name=name, history="h", token=token, slots=1, go_on=lambda: None
    )
    try:
        return ledger.once("one", lambda job: output, effect)(job)
    except Exception as error:
        return str(error)


INSERT = "INSERT INTO effects VALUES ('t', 'd', 'j', 'x')"
`;

/** What a program says of itself, as JSON. */
async function said(...statements: readonly string[]): Promise<unknown> {
  const folder = await mkdtemp(join(tmpdir(), 'marie-python-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const file = join(folder, 'program.py');
  const count = 'ledger._database.execute("SELECT count(*) FROM effects").fetchone()[0]';
  await writeFile(file, `${PROGRAM}\nprint(json.dumps([${[...statements, count].join(', ')}]))\n`);
  return JSON.parse(await startPythonExecutor(file, '').line());
}

// Skipped only where there is no python3 to run it; never in CI.
it.skipIf(!hasPython).each(['None', 'False', '0', '""', '{}'])(
  'an effect whose output is %s happens once',
  async (output) => {
    const [first, second, effects] = (await said(
      `attempt("job", "first", ${output}, INSERT)`,
      `attempt("job", "second", ${output}, INSERT)`,
    )) as unknown[];
    expect(second).toEqual(first);
    expect(effects).toBe(1);
  },
);

// Skipped only where there is no python3 to run it; never in CI.
it.skipIf(!hasPython)('an effect that fails is told as it is, has not happened, and the next one can', async () => {
  const late = 'attempt("late", "first", 1, INSERT, "INSERT INTO children VALUES (5)")';
  const early = 'attempt("early", "second", 1, INSERT, "INSERT INTO strict VALUES (1), (1)")';
  expect(await said(late, early, 'attempt("next", "third", 1, INSERT)')).toEqual([
    'FOREIGN KEY constraint failed',
    'UNIQUE constraint failed: strict.id',
    1,
    1,
  ]);
});

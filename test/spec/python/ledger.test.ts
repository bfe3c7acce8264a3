/** The ledger of the Python executor: an effect and the memory of it are one, whatever the output and the error. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { temporaryFolder } from '../../support/fabric/fabric.js';
import { hasPython, startPythonExecutor } from '../../support/fabric/python.js';

const DONE = 'attempt("job", "first", 1, INSERT)';
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
    return attempt_by("one", name, token, output, *effects)


def attempt_by(executor, name, token, output, *effects):
    def effect(database, job, output):
        for statement in effects:
            database.execute(statement)
    job = SimpleNamespace(
        tenant="t", dag_id="d", name=name, history="h", reign="r1", turn=5, token=token, slots=1, go_on=lambda: None
    )
    try:
        return ledger.once(executor, lambda job: output, effect)(job)
    except Exception as error:
        return str(error)


INSERT = "INSERT INTO effects VALUES ('t', 'd', 'j', 'x')"


def report(token, turn, reign="r1"):
    ledger.reported("one", "h", token, reign, turn)


def register(reign, first_turn, history="h"):
    session = SimpleNamespace(history=history, reign=reign, first_turn=first_turn, turn=first_turn)
    is_lost = ledger.known_turns("one").are_lost(session)
    ledger.registered(session)
    return is_lost


def unreported():
    return [token for token, _slots, _output in ledger.unreported("one")[1]]
`;

/** What a program says of itself, as JSON. */
async function said(...statements: readonly string[]): Promise<unknown> {
  const folder = temporaryFolder();
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

// Skipped only where there is no python3 to run it; never in CI.
it.skipIf(!hasPython)('an effect that counted in a turn that is lost happens once, whoever gets its job', async () => {
  const [done, again] = ['first', 'second'].map((token) => `attempt_by("${token}", "job", "${token}", 1, INSERT)`);
  const counted = 'ledger.reported("first", "h", "first", "r1", 9)';
  expect(((await said(done!, counted, 'register("r2", 7)', again!)) as unknown[]).at(-1)).toBe(1);
});

// Skipped only where there is no python3 to run it; never in CI.
it.skipIf(!hasPython)(
  'an effect of before a ledger had turns happens once, too, where its report is lost',
  async () => {
    const older = 'ledger._database.execute("UPDATE done SET reign = NULL, turn = NULL").rowcount';
    const again = 'attempt("job", "second", 1, INSERT)';
    expect(((await said(DONE, older, 'report("first", 9)', 'register("r2", 7)', again)) as unknown[]).at(-1)).toBe(1);
  },
);

// Skipped only where there is no python3 to run it; never in CI.
it.skipIf(!hasPython).each([
  ['counted in a turn that is lost happens once', 'report("first", 9)', 'register("r2", 9)', 1],
  [
    'counted before the turns that are lost is done again where its job is',
    'report("first", 8)',
    'register("r2", 9)',
    2,
  ],
  ['counted in a history that is gone is done again', 'report("first", 9)', 'register("r2", 9, "other")', 2],
  ['was dispatched in one reign and counted in the next', 'report("first", 9, "r2")', 'register("r2", 9)', 2],
])('an effect that %s', async (_what, reported, registered, effects) => {
  const again = 'attempt("job", "second", 1, INSERT)';
  expect(((await said(DONE, reported, registered, again)) as unknown[]).at(-1)).toBe(effects);
});

// Skipped only where there is no python3 to run it; never in CI.
it.skipIf(!hasPython).each([
  ['begins before a turn that they know: what is not reported is not held any more', 5, true],
  ['begins after all that they know: it is held', 6, false],
])('whoever comes back under a reign that %s', async (_what, turn, isLost) => {
  const counted = ['attempt("other", "other", 1, INSERT)', 'report("other", 4)'];
  expect(await said(...counted, DONE, 'unreported()', `register("r2", ${turn})`, 'unreported()')).toEqual([
    ...[1, null, 1],
    ['first'],
    isLost,
    isLost ? [] : ['first'],
    2,
  ]);
});

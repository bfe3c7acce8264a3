/** The types that the package in Python tells its users, by its `py.typed`. */
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { devNull } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../support/fabric/fabric.js';
import { LIMIT_MS } from '../../support/patience.js';
import { findPython, virtualEnvironment } from '../../support/python.js';

const EXAMPLE = fileURLToPath(new URL('../../../examples/python/', import.meta.url));
const python = await findPython(10);

/** What mypy says of these files, at its strictest. */
function mypy(programs: string, ...files: readonly string[]): string {
  const args = ['--strict', `--cache-dir=${devNull}`, ...files];
  return spawnSync(join(programs, 'mypy'), args, { cwd: EXAMPLE, env: { MYPYPATH: EXAMPLE }, encoding: 'utf8' }).stdout;
}

// Skipped only where there is no Python to run it, and never in CI.
describe.skipIf(python === null && process.env.CI === undefined)('the types in Python', () => {
  let programs: string;

  beforeAll(async () => {
    if (python === null) throw new Error('there is no Python 3.10 or newer with venv and pip');
    programs = await virtualEnvironment(python, fileURLToPath(new URL('requirements.txt', import.meta.url)));
  }, LIMIT_MS);

  it('agree with what the package does', () => {
    expect(mypy(programs, 'marie_executor', 'documents.py', 'effects.py')).toMatch(/^Success/);
  });

  it.each([
    ['', 'return {"page": job.item, "of": job.count}', /^Success/],
    ['a run that takes something else', 'return job.pages', /"Job" has no attribute "pages"/],
    ['slots that are no number', 'return job.name', /incompatible type "str"; expected "int"/, '"four"'],
  ])('are told to users: %s', (_what, body, said, slots = '4') => {
    const folder = temporaryFolder();
    const file = join(folder, 'program.py');
    const run = `from marie_executor import Executor, Job\n\n\ndef run(job: Job) -> object:\n    ${body}\n`;
    writeFileSync(file, `${run}\n\nExecutor("http://127.0.0.1:7420", "o", "ocr", run, slots=${slots}).serve()\n`);
    expect(mypy(programs, file)).toMatch(said);
  });
});

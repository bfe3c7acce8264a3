/** Programs in Python that tests run: installed into a virtual environment of their own, once, in node_modules/.cache. */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);
const CACHE = fileURLToPath(new URL('../../node_modules/.cache/marie/', import.meta.url));
const CANDIDATES = ['python3', 'python3.14', 'python3.13', 'python3.12', 'python3.11'];

/** A Python of at least this minor version of 3, or null. */
export async function findPython(minor: number): Promise<string | null> {
  // From that version on pip installs into an environment that has none of its own.
  const isOld = `[*map(int, pip.__version__.split('.')[:2])] < [22, 3]`;
  const check = `import sys, venv, pip; sys.exit(sys.version_info < (3, ${minor}) or ${isOld})`;
  for (const candidate of CANDIDATES) {
    try {
      await run(candidate, ['-c', check]);
      return candidate;
    } catch {
      // Not there, too old, or without venv or a pip that is new enough: the next one.
    }
  }
  return null;
}

/**
 * The folder of programs of a virtual environment with exactly what a requirements file lists. Made under the name of
 * what it holds and marked when it is whole, so that a run that was broken off leaves nothing that looks right.
 */
export async function virtualEnvironment(python: string, requirements: string): Promise<string> {
  const digest = createHash('sha256').update(readFileSync(requirements)).digest('hex').slice(0, 16);
  const folder = join(CACHE, `python-${digest}`);
  const whole = join(folder, 'whole');
  if (!existsSync(whole)) {
    mkdirSync(CACHE, { recursive: true });
    rmSync(folder, { recursive: true, force: true });
    // Programs in it name its path, so it is made where it stays.
    await installInto(python, folder, ['--no-deps', '--only-binary', ':all:', '-r', requirements]);
    mkdirSync(whole);
  }
  return join(folder, 'bin');
}

/**
 * Makes a virtual environment and installs something. By the pip of its Python: to give it one of its own takes twice as
 * long as to install. What is never imported is not compiled.
 */
export async function installInto(python: string, folder: string, what: readonly string[]): Promise<void> {
  await run(python, ['-m', 'venv', '--without-pip', folder]);
  const pip = ['-m', 'pip', '--python', join(folder, 'bin', 'python'), '--quiet', '--disable-pip-version-check'];
  await run(python, [...pip, 'install', '--no-compile', ...what]);
}

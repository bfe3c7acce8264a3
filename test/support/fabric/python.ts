import { execFileSync, spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { Program } from './program.js';

const EXAMPLE = fileURLToPath(new URL('../../../examples/python/', import.meta.url));

/** The fabric needs no Python, so a machine may be without it; CI is not, and skips nothing. */
export const hasPython = process.env['CI'] !== undefined || spawnSync('python3', ['--version']).status === 0;

/** No bytecode is written beside the sources. */
const QUIET = { PYTHONDONTWRITEBYTECODE: '1' };

/** One side effect of the example, as it wrote it down. */
export interface Effect {
  readonly tenant: string;
  readonly dag: string;
  readonly job: string;
  readonly token: string;
}

/** The Python executors of a document DAG, in a process of their own, with their ledger in a file. */
export function startPythonDocuments(url: string, ledger: string, sessionMs: number): Program {
  return Program.of('python3', [`${EXAMPLE}documents.py`, url, 'python', ledger, String(sessionMs)], QUIET);
}

/** A program of the test that uses the example's package, against the fabric of this address. */
export function startPythonExecutor(program: string, url: string): Program {
  return Program.of('python3', [program, url], { ...QUIET, PYTHONPATH: EXAMPLE });
}

/** Every effect that stands in a ledger. */
export function effectsIn(ledger: string): readonly Effect[] {
  const printed = execFileSync('python3', [`${EXAMPLE}effects.py`, ledger], {
    encoding: 'utf8',
    env: { ...process.env, ...QUIET },
    maxBuffer: 64 * 1024 * 1024,
  });
  return printed
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Effect);
}

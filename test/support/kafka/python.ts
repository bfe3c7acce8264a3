/** Python with the packages of the Kafka examples: an environment of its own, made once. */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { cacheFolder, projectFolder } from './artifacts.js';

const run = promisify(execFile);
const EXAMPLES = join(projectFolder(), 'examples', 'kafka');

/** The Python that runs the examples. */
async function python(): Promise<string> {
  const requirements = join(EXAMPLES, 'requirements.txt');
  const version = createHash('sha256').update(readFileSync(requirements)).digest('hex').slice(0, 12);
  const folder = join(cacheFolder(), `python-${version}`);
  const program = join(folder, 'bin', 'python');
  if (existsSync(program)) return program;
  const work = mkdtempSync(join(cacheFolder(), 'fetching-'));
  await run('python3', ['-m', 'venv', work]);
  await run(join(work, 'bin', 'python'), [
    '-m',
    'pip',
    'install',
    '-q',
    '--disable-pip-version-check',
    '-r',
    requirements,
  ]);
  renameSync(work, folder);
  return program;
}

/** Runs one of the examples; gives the lines that it prints. Rejects with all that it said if it fails. */
export async function runExample(name: string, args: readonly string[]): Promise<readonly string[]> {
  try {
    const { stdout } = await run(await python(), [join(EXAMPLES, name), ...args]);
    return stdout.split('\n').filter((line) => line !== '');
  } catch (error) {
    const { stdout, stderr } = error as { readonly stdout?: string; readonly stderr?: string };
    throw new Error(`${name} failed:\n${stdout ?? ''}${stderr ?? ''}`, { cause: error });
  }
}

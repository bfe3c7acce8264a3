/** Python with the packages of the Kafka examples: an environment of its own, made once. */
import { type ExecException, execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, renameSync } from 'node:fs';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import { Program } from '../fabric/program.js';
import { PATIENT_MS } from '../patience.js';
import { installInto } from '../python.js';
import { cacheFolder, projectFolder } from './artifacts.js';

const run = promisify(execFile);
const HERE = join(projectFolder(), 'test', 'support', 'kafka');
const EXAMPLES = join(projectFolder(), 'examples', 'kafka');

/** The Python that runs the examples. */
async function python(): Promise<string> {
  const requirements = join(EXAMPLES, 'requirements.txt');
  const version = createHash('sha256').update(readFileSync(requirements)).digest('hex').slice(0, 12);
  const folder = join(cacheFolder(), `python-${version}`);
  const program = join(folder, 'bin', 'python');
  if (existsSync(program)) return program;
  const work = mkdtempSync(join(cacheFolder(), 'fetching-'));
  await installInto('python3', work, ['-r', requirements]);
  renameSync(work, folder);
  return program;
}

/** Runs one of the examples; gives the lines that it prints. Rejects with all that it said if it fails, or does not end. */
export function runExample(name: string, args: readonly string[]): Promise<readonly string[]> {
  return linesOf(join(EXAMPLES, name), args);
}

/** Says what slots the example's executor offers: when it begins, and when it loses its session while it leaves. */
export function offersOfExample(): Promise<readonly string[]> {
  return linesOf(join(HERE, 'offers.py'), [EXAMPLES]);
}

/** Says that the example's executor has left although its brokers are gone. */
export function leavingOfExample(): Promise<readonly string[]> {
  return linesOf(join(HERE, 'leaves.py'), [EXAMPLES]);
}

/** Says how the example's executor ends by an error of its brokers, and whether its work was told. */
export function endingOfExample(): Promise<readonly string[]> {
  return linesOf(join(HERE, 'ends.py'), [EXAMPLES]);
}

/** Says what the example's check finds wrong with a cell that goes on meanwhile. */
export function checkMeanwhile(): Promise<readonly string[]> {
  return linesOf(join(HERE, 'checks.py'), [EXAMPLES]);
}

/** Says from where on the examples follow a partition that is about to be led by another broker. */
export function followedMoving(): Promise<readonly string[]> {
  return linesOf(join(HERE, 'moves.py'), [EXAMPLES]);
}

async function linesOf(file: string, args: readonly string[]): Promise<readonly string[]> {
  try {
    const { stdout } = await run(await python(), [file, ...args], { timeout: PATIENT_MS });
    return stdout.split('\n').filter((line) => line !== '');
  } catch (error) {
    const { stdout = '', stderr = '', killed = false } = error as ExecException;
    const what = killed ? `did not end within ${PATIENT_MS} ms` : 'failed';
    throw new Error(`${basename(file)} ${what}:\n${stdout}${stderr}`, { cause: error });
  }
}

/** Starts one of the examples, which goes on until it is told to end. */
export async function startExample(name: string, args: readonly string[]): Promise<Program> {
  return Program.of(await python(), ['-u', join(EXAMPLES, name), ...args]);
}

/** Starts a program that says the keys of what comes on a topic, and `nothing` while nothing does. */
export async function startFollower(brokers: string, cell: string, topic: string): Promise<Program> {
  return Program.of(await python(), ['-u', join(HERE, 'follower.py'), EXAMPLES, brokers, cell, topic]);
}

/** Starts the example's executor with work that ends in odd ways. */
export async function startOddExecutor(args: readonly string[]): Promise<Program> {
  return Program.of(await python(), ['-u', join(HERE, 'odd_executor.py'), EXAMPLES, ...args]);
}

/** Makes a user of SCRAM on brokers that ask nobody, or takes one away. */
export async function changeUser(brokers: string, ...change: readonly string[]): Promise<void> {
  await run(await python(), [join(HERE, 'scram_users.py'), brokers, ...change]);
}

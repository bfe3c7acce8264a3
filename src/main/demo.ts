/**
 * `npm start`: an embedded fabric, the executors of the document example, and a sample that goes through them. This
 * file loads next to nothing, so that the executors start at once and load beside the fabric.
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import './inlining.js';
import { freePort, isFree } from './adapters/port.js';
import { DEFAULT_HOST, DEFAULT_PORT } from './config/defaults.js';
import { startExecutors } from './demo/executors.js';
import { DEMO_HELP, type DemoOptions, DemoUsage, readDemoOptions } from './demo/options.js';
import { shortPath } from './demo/paths.js';

const USAGE = 2;

process.exitCode = await main(process.argv.slice(2));

async function main(args: readonly string[]): Promise<number> {
  let options: DemoOptions | null;
  try {
    options = readDemoOptions(args);
  } catch (error) {
    if (!(error instanceof DemoUsage)) throw error;
    process.stderr.write(`${error.message}\n\n${DEMO_HELP}`);
    return USAGE;
  }
  if (options === null) {
    process.stdout.write(DEMO_HELP);
    return 0;
  }
  const port = await portOf(options);
  return port === null ? 1 : run(options, port).catch(refused);
}

async function run(options: DemoOptions, port: number): Promise<number> {
  mkdirSync(options.data, { recursive: true });
  const log = join(options.data, `executors-${port}.log`);
  process.stderr.write(`starting the document executors in a process of their own (log: ${shortPath(log)})\n`);
  const executors = startExecutors(`http://${DEFAULT_HOST}:${port}`, log);
  const { runDemo } = await import('./demo/run.js');
  return runDemo(options, port, executors);
}

/** Tells what kept it from beginning, such as a folder that can't be written, as `marie` does. */
async function refused(error: unknown): Promise<number> {
  const [{ openIo }, { errorText, showable }] = await Promise.all([
    import('../cli/terminal/io.js'),
    import('../cli/report.js'),
  ]);
  const io = openIo({});
  io.note(errorText(showable(error), io.errColors));
  return 1;
}

/** Null, and a word about it, when the port that was asked for is taken. */
async function portOf({ port }: DemoOptions): Promise<number | null> {
  if (port === null) return freePort(DEFAULT_HOST, DEFAULT_PORT);
  if (port === 0 || (await isFree(DEFAULT_HOST, port))) return freePort(DEFAULT_HOST, port);
  process.stderr.write(`the port ${port} is taken: name another one with --port, or leave it out\n`);
  return null;
}

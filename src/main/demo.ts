/**
 * `npm start`: an embedded fabric, the executors of the document example, and a sample that goes through them. This
 * file loads next to nothing, so that the executors start at once and load beside the fabric.
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DEFAULT_HOST, DEFAULT_PORT } from './defaults.js';
import { type ExecutorsProcess, startExecutors } from './demo/executors.js';
import { DEMO_HELP, type DemoOptions, DemoUsage, readDemoOptions } from './demo/options.js';
import { shortPath } from './demo/paths.js';
import { freePort } from './demo/port.js';

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
  const { port, executors } = await start(options);
  const { runDemo } = await import('./demo/run.js');
  return runDemo(options, port, executors);
}

async function start({ data, port: wanted }: DemoOptions): Promise<{ port: number; executors: ExecutorsProcess }> {
  const port = wanted || (await freePort(DEFAULT_HOST, DEFAULT_PORT));
  mkdirSync(data, { recursive: true });
  const log = join(data, 'executors.log');
  process.stderr.write(`starting the document executors in a process of their own (log: ${shortPath(log)})\n`);
  return { port, executors: startExecutors(`http://${DEFAULT_HOST}:${port}`, log) };
}

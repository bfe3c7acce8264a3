/** `npm start`: an embedded fabric, the executors of the document example, and a sample that goes through them. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { ensureSample, type SampleFiles } from '../../examples/documents/index.js';
import { duration, grouped } from '../cli/format.js';
import { openIo } from '../cli/io.js';
import { errorText, showable } from '../cli/report.js';
import { FabricClient } from '../client/index.js';
import { loadConfig } from './config.js';
import { DEFAULT_HOST, DEFAULT_PORT } from './defaults.js';
import { processSample } from './demo/document.js';
import { startExecutors } from './demo/executors.js';
import { DEMO_HELP, type DemoOptions, DemoUsage, readDemoOptions } from './demo/options.js';
import { shortPath } from './demo/paths.js';
import { freePort } from './demo/port.js';
import { presentNext, presentResult } from './demo/present.js';
import type { RunningFabric } from './up.js';

const USAGE = 2;
const INTERRUPTED = 130;

const io = openIo({});
process.exitCode = await main();

async function main(): Promise<number> {
  try {
    const options = readDemoOptions(process.argv.slice(2));
    if (options !== null) return await demo(options);
    io.out(DEMO_HELP);
    return 0;
  } catch (error) {
    if (error instanceof DemoUsage) io.note(`${error.message}\n\n${DEMO_HELP}`);
    else io.note(errorText(showable(error), io.errColors));
    return error instanceof DemoUsage ? USAGE : 1;
  }
}

/** Runs all of it. Whatever happens, the executors give back what they hold, then the fabric closes. */
async function demo(options: DemoOptions): Promise<number> {
  const interrupted = firstSignal();
  const { data } = options;
  const port = options.port || (await freePort(DEFAULT_HOST, DEFAULT_PORT));
  mkdirSync(data, { recursive: true });
  const log = join(data, 'executors.log');
  io.note(`starting the document executors (their log: ${shortPath(log)})`);
  const executors = startExecutors(`http://${DEFAULT_HOST}:${port}`, log);
  let fabric: RunningFabric | undefined;
  try {
    const [running, sample] = await Promise.all([openFabric(data, port), ensureSample(options.sample, data)]);
    fabric = running;
    const failed = Promise.race([executors.ended, running.failed]).then((error) => Promise.reject(error));
    return await Promise.race([failed, show(running, sample, options, interrupted)]);
  } catch (error) {
    if (interrupted.aborted) return INTERRUPTED;
    throw error;
  } finally {
    io.note('closing: executors give back what they hold, then the fabric ends');
    await executors.close();
    await fabric?.close();
  }
}

/** The fabric's parts are loaded while the executors start in their own process. */
async function openFabric(data: string, port: number): Promise<RunningFabric> {
  io.note(`opening the embedded fabric (journal and store in ${shortPath(data)})`);
  const { up } = await import('./up.js');
  // Whoever starts the example by hand vouches for the clock, however long ago the last run was.
  const running = await up({ ...loadConfig(null, { data, port }), acceptClock: true });
  const { headTurn, folded } = running.fabric.report;
  const history = headTurn === 0 ? 'a new journal' : `turn ${grouped(headTurn)}, ${grouped(folded)} entries folded`;
  io.note(`the fabric listens at ${io.errColors.cyan(running.url)} (${history})`);
  return running;
}

async function show(
  { url }: RunningFabric,
  sample: SampleFiles,
  options: DemoOptions,
  interrupted: AbortSignal,
): Promise<number> {
  const client = new FabricClient({ url });
  try {
    const dag = await processSample(io, client, sample, interrupted);
    const isRight = await presentResult(io, client, dag, sample);
    if (options.exit) {
      io.note(`done ${duration(performance.now())} after the start`);
      return isRight ? 0 : 1;
    }
    presentNext(io, url, dag.dagId, options.data);
    await untilAborted(interrupted);
    return isRight ? 0 : 1;
  } finally {
    await client.close();
  }
}

/** Aborted at the first SIGINT or SIGTERM; a second one ends the process at once. */
function firstSignal(): AbortSignal {
  const controller = new AbortController();
  const onSignal = (): void => {
    if (controller.signal.aborted) process.exit(INTERRUPTED);
    controller.abort(new Error('interrupted'));
  };
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);
  return controller.signal;
}

function untilAborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}

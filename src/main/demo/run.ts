import { ensureSample, type SampleFiles } from '../../../examples/documents/index.js';
import { Exit } from '../../cli/exit.js';
import { errorText, showable } from '../../cli/report.js';
import { openIo, outliveStderr } from '../../cli/terminal/io.js';
import { outliveTerminal } from '../../cli/terminal/outlive.js';
import { duration, grouped } from '../../cli/text/format.js';
import { FabricClient } from '../../client/index.js';
import { checkConfig } from '../config/config.js';
import type { RunningFabric } from '../up.js';
import { processSample } from './document.js';
import type { ExecutorsProcess } from './executors.js';
import type { DemoOptions } from './options.js';
import { shortPath } from './paths.js';
import { presentNext, presentResult } from './present.js';

const INTERRUPTED = 130;

const io = openIo({});

/**
 * Runs the fabric, sends the sample through it and shows what comes out. Whatever happens, the executors give back
 * what they hold, then the fabric closes. Resolves with the exit code: 0 only if the result is right.
 */
export async function runDemo(options: DemoOptions, port: number, executors: ExecutorsProcess): Promise<number> {
  outliveStderr();
  outliveTerminal();
  const interrupted = firstSignal();
  let fabric: RunningFabric | undefined;
  try {
    const [running, sample] = await Promise.all([open(options.data, port), ensureSample(options.sample, options.data)]);
    fabric = running;
    const failed = Promise.race([executors.ended, running.failed]).then((error) => Promise.reject(error));
    return await Promise.race([failed, show(running, sample, options, interrupted)]);
  } catch (error) {
    if (interrupted.aborted) return INTERRUPTED;
    const shown = showable(error);
    io.note(errorText(shown, io.errColors));
    const isDamaged = fabric === undefined && shown.exitCode === Exit.Damaged;
    if (isDamaged) io.note(`To begin anew, name another folder with --data, or remove ${shortPath(options.data)}.`);
    return 1;
  } finally {
    io.note('closing: the executors give back what they hold, then the fabric ends');
    await executors.close();
    await fabric?.close();
  }
}

async function open(data: string, port: number): Promise<RunningFabric> {
  io.note(`opening the embedded fabric (journal and store: ${shortPath(data)})`);
  const { checkPlaces, upEmbedded } = await import('../up.js');
  const config = checkConfig({ data, port });
  await checkPlaces(config);
  // Whoever starts the example by hand vouches for the clock, however long ago the last run was.
  const running = await upEmbedded({ ...config, acceptClock: true });
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
    io.note(`${duration(performance.now())} since the start`);
    if (!options.exit) {
      presentNext(io, url, dag.dagId, options.data);
      await untilAborted(interrupted);
    }
    return isRight ? 0 : 1;
  } finally {
    await client.close();
  }
}

/** Aborted at the first SIGINT, SIGTERM or SIGHUP; a second one ends the process at once. */
function firstSignal(): AbortSignal {
  const controller = new AbortController();
  const onSignal = (signal: NodeJS.Signals): void => {
    if (controller.signal.aborted) {
      // A terminal that is closed may be told of twice.
      if (signal === 'SIGHUP') return;
      process.exit(INTERRUPTED);
    }
    controller.abort(new Error('interrupted'));
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, onSignal);
  return controller.signal;
}

function untilAborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}

import '../main/inlining.js';
import { Exit } from './exit.js';
import { buildProgram } from './program.js';
import { Interrupted, listenForSignals } from './terminal/interrupt.js';
import { endWithStdout, openIo, outliveStderr } from './terminal/io.js';
import { outliveTerminal } from './terminal/outlive.js';
import { TREE } from './tree.js';
import { checkVerb, isAnswered, usageError } from './usage.js';

/** Runs the command line that this process was called with; every end goes through here. */
async function main(args: readonly string[]): Promise<number> {
  endWithStdout((error) => told(error, args));
  outliveStderr();
  outliveTerminal();
  listenForSignals();
  try {
    checkVerb(TREE, args);
    await buildProgram(TREE).parseAsync(args.length === 0 ? ['--help'] : [...args], { from: 'user' });
    return typeof process.exitCode === 'number' ? process.exitCode : Exit.Ok;
  } catch (error) {
    if (isAnswered(error)) return Exit.Ok;
    if (error instanceof Interrupted) return error.exitCode;
    return told(usageError(TREE, error), args);
  }
}

/** Tells of an error on stderr, and gives its exit code. What can be said of all errors is read when there is one. */
async function told(error: unknown, args: readonly string[]): Promise<number> {
  const { errorJson, errorText, showable } = await import('./report.js');
  const shown = showable(error);
  const json = args.includes('--json');
  const io = openIo({ json, color: !args.includes('--no-color') });
  io.note(json ? errorJson(shown) : errorText(shown, io.errColors, io.isWatched ? io.columns : undefined));
  return shown.exitCode;
}

process.exitCode = await main(process.argv.slice(2));

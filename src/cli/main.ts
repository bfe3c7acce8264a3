import { CommanderError } from 'commander';
import { Exit } from './exit.js';
import { endWithReader, openIo } from './io.js';
import { buildProgram } from './program.js';
import { errorJson, errorText, showable } from './report.js';

/** Runs the command line that this process was called with; every end goes through here. */
async function main(args: readonly string[]): Promise<number> {
  endWithReader();
  const program = buildProgram();
  try {
    await program.parseAsync([...args], { from: 'user' });
    return typeof process.exitCode === 'number' ? process.exitCode : Exit.Ok;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? Exit.Ok : Exit.Usage;
    const shown = showable(error);
    const json = args.includes('--json');
    const io = openIo({ json, color: !args.includes('--no-color') });
    io.note(json ? errorJson(shown) : errorText(shown, io.errColors));
    return shown.exitCode;
  }
}

process.exitCode = await main(process.argv.slice(2));

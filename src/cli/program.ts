import { readFileSync } from 'node:fs';
import { Command } from 'commander';
import { addExport } from './commands/export.js';
import { addGet } from './commands/get.js';
import { addJournal } from './commands/journal.js';
import { addReplay } from './commands/replay.js';
import { addSubmit } from './commands/submit.js';
import { addUp } from './commands/up.js';
import { EXIT_HELP } from './exit.js';

/** The command tree. What a command does is loaded when it runs, so that `--help` costs nothing of it. */
export function buildProgram(): Command {
  const program = new Command('marie')
    .description('An event-sourced scheduler for document-AI work: every decision is an event in one durable log.')
    .version(versionOf(), '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print help')
    .showSuggestionAfterError()
    .showHelpAfterError('(`--help` after any command tells more)')
    .exitOverride()
    .addHelpText(
      'after',
      `
Environment:
  MARIE_URL     address of the fabric, for --url
  MARIE_TENANT  tenant, for --tenant
  NO_COLOR      no colours
${EXIT_HELP}

Examples:
  $ marie up                                                    an embedded fabric, its data in ./marie-data
  $ marie submit dag.json --input pdf=invoice.pdf --wait        submit, watch, and see how long each job took
  $ marie get main-17 --jobs                                    what became of a DAG
  $ marie replay verify marie-data                              fold the whole history again and compare`,
    );
  addUp(program);
  addSubmit(program);
  addGet(program);
  addJournal(program);
  addReplay(program);
  addExport(program);
  for (const command of allCommands(program)) command.exitOverride().showSuggestionAfterError();
  return program;
}

function allCommands(command: Command): Command[] {
  return command.commands.flatMap((child) => [child, ...allCommands(child)]);
}

function versionOf(): string {
  for (const up of ['../../', '../../../']) {
    try {
      const text = readFileSync(new URL(`${up}package.json`, import.meta.url), 'utf8');
      return (JSON.parse(text) as { version: string }).version;
    } catch {
      // The other place: sources and compiled files are at different depths.
    }
  }
  return 'unknown';
}

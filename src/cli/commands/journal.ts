import type { Command } from 'commander';
import { turnNumber, withCommon } from '../arguments.js';

export function addJournal(program: Command): void {
  const journal = program.command('journal').description('Read and repair a journal of files.');
  withCommon(journal.command('cat'))
    .description('Print the inputs and events of a journal, also of a running fabric.')
    .argument('<place>', 'a data directory, a journal folder, or one of its segment files')
    .option('--from <turn>', 'first turn', turnNumber)
    .option('--to <turn>', 'last turn', turnNumber)
    .option('--type <names>', 'only these inputs and events, such as SubmitDag,JobSucceeded')
    .addHelpText(
      'after',
      `
With --json every entry is one line, as in the lifecycle stream, after a line of type Turn for its turn.

Examples:
  $ marie journal cat marie-data --from 100 --to 110
  $ marie journal cat marie-data --type JobFailed --json | jq .data.code`,
    )
    .action(async (place, options) => (await import('../actions/journal-cat.js')).journalCat(place, options));
  withCommon(journal.command('repair'))
    .description('Say what is wrong with a journal, and cut what can not be trusted.')
    .argument('<dir>', 'a data directory or a journal folder')
    .option('--accept-loss', 'also cut turns that were, or may have been, acknowledged')
    .option('--dry-run', 'only say what is wrong')
    .addHelpText(
      'after',
      `
A torn last record, as a loss of power leaves it, is cut without more ado. For anything else the turns after the damage
are lost: that needs --accept-loss. What is cut is kept in files beside.

Examples:
  $ marie journal repair marie-data --dry-run
  $ marie journal repair marie-data --accept-loss`,
    )
    .action(async (dir, options) => (await import('../actions/journal-repair.js')).journalRepair(dir, options));
}

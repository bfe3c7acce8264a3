import type { Command } from 'commander';
import { turnNumber, withCommon } from '../arguments.js';

export function addExport(program: Command): void {
  withCommon(program.command('export'))
    .description('Copy turns of a journal into a folder of their own, checked on the way.')
    .argument('<dir>', 'a data directory or a journal folder, also of a running fabric')
    .argument('<out>', 'the folder to make')
    .option('--from <turn>', 'first turn', turnNumber)
    .option('--to <turn>', 'last turn', turnNumber)
    .addHelpText(
      'after',
      `
Every command that reads a journal reads an export as well.

Examples:
  $ marie export marie-data incident-42 --from 1200 --to 1900
  $ marie journal cat incident-42`,
    )
    .action(async (dir, out, options) => (await import('../actions/export.js')).exportJournal(dir, out, options));
}

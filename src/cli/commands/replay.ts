import type { Command } from 'commander';
import { withCommon } from '../arguments.js';

export function addReplay(program: Command): void {
  const replay = program.command('replay').description('Study a history.');
  withCommon(replay.command('verify'))
    .description("Fold a journal again from its first turn, and compare every turn's state hash.")
    .argument('<dir>', 'a data directory, a journal folder, or an export')
    .addHelpText(
      'after',
      `
Examples:
  $ marie replay verify marie-data
  $ marie replay verify export --json`,
    )
    .action(async (dir, options) => (await import('../actions/replay-verify.js')).replayVerify(dir, options));
}

import type { CommandSpec } from '../spec.js';

/** What can be asked for besides commands. */
export const TOPICS = ['exit-codes', 'environment', 'schemas'] as const;

export const help: CommandSpec = {
  name: 'help',
  section: 'Help',
  about: 'Tell about a command, or about exit-codes, environment or schemas.',
  arguments: [{ name: '[words...]', about: 'a command, or one of those topics', complete: TOPICS }],
  notes: 'With --json it gives the whole reference as data, whatever it is asked about.',
  examples: [{ line: 'marie help submit' }, { line: 'marie help exit-codes' }],
  output: 'help',
  load: async (tree) => (await import('../actions/help.js')).help(tree),
};

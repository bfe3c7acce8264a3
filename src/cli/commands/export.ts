import { PLACE, turnNumber } from '../arguments.js';
import type { CommandSpec } from '../spec.js';

export const exportCommand: CommandSpec = {
  name: 'export',
  section: 'Histories',
  about: 'Copy turns of a journal into a folder of their own, checked on the way.',
  arguments: [PLACE, { name: '<out>', about: 'the folder to make', complete: 'directory' }],
  options: [
    { flags: '--from <turn>', about: 'first turn', parse: turnNumber },
    { flags: '--to <turn>', about: 'last turn', parse: turnNumber },
  ],
  notes: `Every command that reads a journal reads an export as well. The folder gets its name when it is whole; Ctrl-C leaves
nothing behind.`,
  examples: [
    { line: 'marie export marie-data incident-42 --from 2 --to 5' },
    { line: 'marie export kafka://127.0.0.1:9092/main incident-42' },
  ],
  output: 'export',
  load: async () => (await import('../actions/export.js')).exportJournal,
};

import { atLeast, positiveNumber } from '../arguments.js';
import type { CommandSpec } from '../spec.js';

export const top: CommandSpec = {
  name: 'top',
  aliases: ['monitor'],
  section: 'Operating',
  about: 'Watch the cell on one screen: classes, slots, what is ready and waits, DAGs at risk.',
  remote: true,
  options: [
    { flags: '-e, --every <seconds>', about: 'between two looks', parse: positiveNumber, default: 2 },
    { flags: '-n, --count <number>', about: 'end after so many looks', parse: atLeast(1, 'a number of looks') },
  ],
  notes: `On a terminal it stays until q or Ctrl-C; in a pipe it prints one look. The busiest classes stand first; red is a
class that has ready jobs and no slots, and a DAG that is overdue; yellow a class without a free slot, a DAG at risk.`,
  examples: [
    { line: 'marie top' },
    { line: 'marie top --every 0.5 --count 2 | cat', about: 'two looks, as text' },
    { line: "marie top --json | jq '.classes[] | {executorClass, ready}'", about: 'what is ready, by class' },
  ],
  output: 'top',
  lines: true,
  load: async () => (await import('../actions/top.js')).top,
};

import type { CommandSpec, GroupSpec } from '../spec.js';

export const cell: CommandSpec = {
  name: 'cell',
  aliases: ['info'],
  section: 'Operating',
  about: 'Show the cell: its turn, policy, open DAGs, known and ready jobs.',
  remote: true,
  examples: [{ line: 'marie cell' }],
  output: 'cell',
  load: async () => (await import('../actions/cell.js')).cell,
};

const listClasses: CommandSpec = {
  name: 'list',
  aliases: ['ls'],
  about: 'List executor classes with their slots and the jobs that are ready for them.',
  remote: true,
  examples: [{ line: 'marie classes' }],
  output: 'classes',
  load: async () => (await import('../actions/cell.js')).listClasses,
};

export const classes: GroupSpec = {
  name: 'classes',
  aliases: ['class'],
  section: 'Operating',
  about: 'See executor classes.',
  usual: 'list',
  commands: [listClasses],
};

const setPolicy: CommandSpec = {
  name: 'set',
  about: "Change the planner's policy from the next turn on.",
  remote: true,
  arguments: [{ name: '<policy>', about: 'its id, such as fifo@1' }],
  examples: [{ line: 'marie policy set fifo@1' }],
  output: 'controlled',
  load: async () => (await import('../actions/cell.js')).setPolicy,
};

const showPolicy: CommandSpec = {
  name: 'get',
  about: "Show the planner's policy.",
  remote: true,
  examples: [{ line: 'marie policy' }],
  output: 'policy',
  load: async () => (await import('../actions/cell.js')).showPolicy,
};

export const policy: GroupSpec = {
  name: 'policy',
  section: 'Operating',
  about: "See and change the planner's policy.",
  usual: 'get',
  commands: [showPolicy, setPolicy],
};

import { numberOr } from '../arguments.js';
import type { CommandSpec, GroupSpec } from '../spec.js';

const showCell: CommandSpec = {
  name: 'get',
  aliases: ['show'],
  about: 'Show the cell: its turn, policy, open DAGs, known and ready jobs.',
  remote: true,
  examples: [{ line: 'marie cell' }],
  output: 'cell',
  load: async () => (await import('../actions/cell.js')).cell,
};

const limitCell: CommandSpec = {
  name: 'limit',
  about: 'Set limits of the cell; those that are not named stay.',
  remote: true,
  options: [
    { flags: '--known-jobs <number>', about: 'jobs of open DAGs, or default', parse: numberOr('default', 'a limit') },
    {
      flags: '--retain-ms <number>',
      about: 'how long an ended DAG is kept, or default',
      parse: numberOr('default', 'a limit'),
    },
    {
      flags: '--retain-jobs <number>',
      about: 'how many jobs of ended DAGs are kept, or default',
      parse: numberOr('default', 'a limit'),
    },
    {
      flags: '--retain-executors-ms <number>',
      about: 'how long an executor that left or was lost is kept, or default',
      parse: numberOr('default', 'a limit'),
    },
  ],
  examples: [{ line: 'marie cell limit --known-jobs 5000000' }, { line: 'marie cell limit --known-jobs default' }],
  output: 'controlled',
  load: async () => (await import('../actions/limits.js')).limitCell,
};

const acceptClock: CommandSpec = {
  name: 'accept-clock',
  about: 'Let journal time follow a wall clock that has leapt ahead.',
  remote: true,
  arguments: [{ name: '[when]', about: 'what the clock of the fabric shows; it is asked itself if it is left out' }],
  examples: [{ line: 'marie cell accept-clock' }],
  output: 'controlled',
  load: async () => (await import('../actions/cell.js')).acceptClock,
};

export const cell: GroupSpec = {
  name: 'cell',
  section: 'Operating',
  about: 'See the cell, limit it, and set its clock right.',
  usual: 'get',
  commands: [showCell, limitCell, acceptClock],
};

const showPolicy: CommandSpec = {
  name: 'get',
  about: "Show the planner's policy.",
  remote: true,
  examples: [{ line: 'marie policy' }],
  output: 'policy',
  load: async () => (await import('../actions/cell.js')).showPolicy,
};

const setPolicy: CommandSpec = {
  name: 'set',
  about: "Change the planner's policy, from its next plan on.",
  remote: true,
  arguments: [{ name: '<policy>', about: 'its id, such as fifo@1' }],
  examples: [{ line: 'marie policy set fifo@1' }],
  output: 'controlled',
  load: async () => (await import('../actions/cell.js')).setPolicy,
};

export const policy: GroupSpec = {
  name: 'policy',
  section: 'Operating',
  about: "See and change the planner's policy.",
  usual: 'get',
  commands: [showPolicy, setPolicy],
};

import { atLeast, collectRates, numberOr } from '../arguments.js';
import type { CommandSpec, GroupSpec } from '../spec.js';

const listClasses: CommandSpec = {
  name: 'list',
  aliases: ['ls'],
  about: 'List executor classes with their slots and the jobs that are ready for them.',
  remote: true,
  examples: [{ line: 'marie classes' }],
  output: 'classes',
  load: async () => (await import('../actions/classes.js')).listClasses,
};

const limitClass: CommandSpec = {
  name: 'limit',
  about: 'Set limits of a class; those that are not named stay.',
  remote: true,
  arguments: [{ name: '<class>', about: 'the executor class', complete: 'class' }],
  options: [
    { flags: '--group <name>', about: 'its group', default: 'default' },
    {
      flags: '--max-slots <number>',
      about: 'slots that may be in use at once, or none',
      parse: numberOr('none', 'a limit'),
    },
    { flags: '--unit-cost <number>', about: 'slot time that a unit counts, in ms', parse: atLeast(0, 'a cost') },
    {
      flags: '--short-reserve <number>',
      about: 'one slot in so many is kept from long jobs while short ones come: 8 by default, 0 for none',
      parse: numberOr('default', 'a reserve'),
    },
    {
      flags: '--rate <rate>',
      about: 'starts or units in so many ms, and at once: units:1000/60000:200; may be repeated; none ends them',
      parse: collectRates,
      default: [],
    },
  ],
  examples: [
    { line: 'marie classes limit ocr --max-slots 4' },
    { line: 'marie classes limit ocr --max-slots none' },
    { line: 'marie classes limit ocr --short-reserve 4' },
    { line: 'marie classes limit llm --rate starts:60/60000 --rate units:100000/60000:20000 --unit-cost 2' },
  ],
  output: 'controlled',
  load: async () => (await import('../actions/limits.js')).limitClass,
};

export const classes: GroupSpec = {
  name: 'classes',
  aliases: ['class'],
  section: 'Operating',
  about: 'See executor classes, and limit them.',
  usual: 'list',
  commands: [listClasses, limitClass],
};

export const capacity: CommandSpec = {
  name: 'capacity',
  section: 'Operating',
  about: 'Estimate what each class can do: slots / mean slot occupancy.',
  remote: true,
  arguments: [{ name: '[class]', about: 'only this class', complete: 'class' }],
  notes:
    'Rates, and how long the ready jobs are enough for, are of jobs of one slot each: of jobs of 2 slots a class does half as many. They are at most what its rates of starts allow; those of units are not in them.',
  examples: [{ line: 'marie capacity' }, { line: 'marie capacity ocr' }],
  output: 'capacity',
  load: async () => (await import('../actions/classes.js')).capacity,
};

export const signals: CommandSpec = {
  name: 'signals',
  aliases: ['metrics', 'latency'],
  section: 'Operating',
  about: 'Show how long things took lately: end to end, waits, planning, occupancy.',
  remote: true,
  options: [
    {
      flags: '-w, --window <seconds>',
      about: 'how far back, up to 300',
      parse: atLeast(1, 'a window'),
      default: 300,
    },
  ],
  examples: [{ line: 'marie signals' }, { line: 'marie signals --window 60' }],
  output: 'signals',
  load: async () => (await import('../actions/signals.js')).signals,
};

export const limits: CommandSpec = {
  name: 'limits',
  aliases: ['limit', 'quotas'],
  section: 'Operating',
  about: 'Show the limits of the cell, its classes and tenants, and how much of them is used.',
  remote: true,
  notes: 'They are set by `marie cell limit`, `marie classes limit` and `marie tenants limit`.',
  examples: [{ line: 'marie limits' }],
  output: 'limits',
  load: async () => (await import('../actions/limits.js')).limits,
};

const listTenants: CommandSpec = {
  name: 'list',
  aliases: ['ls'],
  about: 'List tenants with their weights and limits.',
  remote: true,
  examples: [{ line: 'marie tenants' }],
  output: 'tenants',
  load: async () => (await import('../actions/limits.js')).listTenants,
};

const limitTenant: CommandSpec = {
  name: 'limit',
  about: 'Weigh and limit a tenant; what is not named stays.',
  remote: true,
  arguments: [{ name: '<tenant>', about: 'name of the tenant', complete: 'tenant' }],
  options: [
    { flags: '--weight <number>', about: 'its share of the slots, from 1 on', parse: atLeast(1, 'a weight') },
    { flags: '--open-dags <number>', about: 'open DAGs, or default', parse: numberOr('default', 'a limit') },
    {
      flags: '--active-dags <number>',
      about: 'DAGs that are not held, or default',
      parse: numberOr('default', 'a limit'),
    },
    { flags: '--runnable-jobs <number>', about: 'jobs of those, or default', parse: numberOr('default', 'a limit') },
  ],
  examples: [{ line: 'marie tenants limit acme --weight 3 --open-dags 1000' }],
  output: 'controlled',
  load: async () => (await import('../actions/limits.js')).limitTenant,
};

export const tenants: GroupSpec = {
  name: 'tenants',
  aliases: ['tenant'],
  section: 'Operating',
  about: 'See tenants, weigh and limit them.',
  usual: 'list',
  commands: [listTenants, limitTenant],
};

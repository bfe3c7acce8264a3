import { anyName, positiveNumber } from '../arguments.js';
import type { CommandSpec, GroupSpec } from '../spec.js';

const wfformat: CommandSpec = {
  name: 'wfformat',
  about: 'Make a submission of an instance in WfFormat, as WfCommons publishes them.',
  arguments: [{ name: '<file>', about: 'the instance, as JSON; - reads stdin', complete: 'file' }],
  options: [
    {
      flags: '-c, --class <name>',
      about: 'executor class of every job (default: noop)',
      parse: anyName,
      complete: 'class',
    },
    { flags: '--by-kind', about: 'a class for each kind of job instead, named like it' },
    {
      flags: '--cores',
      about: 'as many slots for a job as it had cores, parts of one as a whole; otherwise each takes one',
    },
    { flags: '--scale <factor>', about: 'multiplies the run times', default: 1, parse: positiveNumber },
  ],
  notes:
    'The run times of the instance become the estimates. They are also an input runMs of each job, for an executor\n' +
    'that does nothing for so long: marie dev examples/noop/index.ts. The submission is written to stdout, and what of\n' +
    'the instance is left out of it to stderr, as well as which jobs have other ids in it: [ ] / are in none, and 256\n' +
    'bytes at most; and that it is more than the 8 MiB that a fabric takes, where marie simulate still does. Instances of\n' +
    'schema 1.4 and 1.5 are read.',
  examples: [
    { line: 'marie import wfformat montage.json > montage-dag.json' },
    {
      line: 'marie import wfformat montage.json --scale 0.001 | marie submit -',
      about: 'a second becomes a millisecond',
    },
    { line: 'marie import wfformat montage.json --by-kind' },
  ],
  output: 'imported',
  load: async () => (await import('../actions/import-wfformat.js')).importWfFormat,
};

export const importCommand: GroupSpec = {
  name: 'import',
  section: 'DAGs',
  about: 'Make submissions of what other systems have written.',
  commands: [wfformat],
};

import { positiveNumber } from '../arguments.js';
import type { CommandSpec, GroupSpec } from '../spec.js';

const wfformat: CommandSpec = {
  name: 'wfformat',
  about: 'Make a submission of an instance in WfFormat, as WfCommons publishes them.',
  arguments: [{ name: '<file>', about: 'the instance, as JSON; - reads stdin', complete: 'file' }],
  options: [
    { flags: '-c, --class <name>', about: 'executor class of every job', default: 'noop', complete: 'class' },
    { flags: '--by-kind', about: 'a class for each kind of job instead, named like it' },
    { flags: '--scale <factor>', about: 'multiplies the run times', default: 1, parse: positiveNumber },
  ],
  notes:
    'The run times of the instance become the estimates. They are also an input runMs of each job, for an executor\n' +
    'that does nothing for so long: marie dev examples/noop/index.ts. The submission is written to stdout.',
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

import { MAX_SEED } from '../../simulate/plan/seed.js';
import { between, factors } from '../arguments.js';
import type { CommandSpec } from '../spec.js';

export const simulate: CommandSpec = {
  name: 'simulate',
  section: 'Histories',
  about: 'Run a plan of load under a virtual clock: waits, deadlines, slots in use, what more or fewer slots would do.',
  arguments: [{ name: '<plan>', about: 'the plan, as YAML or JSON; - reads stdin', complete: 'file' }],
  options: [
    { flags: '-p, --policy <policy>', about: 'the policy, instead of that of the plan' },
    {
      flags: '--seed <number>',
      about: 'where chance begins, instead of the seed of the plan',
      parse: between(0, MAX_SEED, 'a seed'),
    },
    { flags: '--curve <factors>', about: 'sizes to try, such as 0.5,1,2: multiples of the slots', parse: factors },
  ],
  notes:
    'The real scheduler decides; only executors and time are played, so an hour of load takes seconds. The plan names\n' +
    'executor classes, and DAGs that arrive: of templates by chance, or as a journal tells. The same seed gives the\n' +
    'same load under every policy. docs/how-to/simulate.md describes every field.',
  examples: [
    { line: 'marie simulate plan.yaml' },
    { line: 'marie simulate plan.yaml --policy fifo@1', about: 'the same load under another policy' },
    { line: 'marie simulate plan.yaml --curve 0.5,1,2', about: 'and on half and twice the slots' },
    { line: 'marie simulate history.yaml', about: 'a plan whose load is what a journal tells' },
    { line: "marie simulate plan.yaml --json | jq '.classes[].wait.p99Ms'" },
  ],
  output: 'simulation',
  load: async () => (await import('../actions/simulate.js')).simulate,
};

import type { CommandSpec } from '../spec.js';

export const explain: CommandSpec = {
  name: 'explain',
  aliases: ['why'],
  section: 'DAGs',
  about: "Say why a job isn't running now; of a DAG, why each of its jobs isn't.",
  remote: true,
  arguments: [
    { name: '<dag>', about: 'id of the DAG, or DAG/JOB', complete: 'dag' },
    { name: '[job]', about: 'id of the job, or id[n] for a child of a fan-out', complete: 'job' },
  ],
  notes:
    'It is the first reason that applies of the list in docs/policy.md. Of a DAG, the first 20 jobs that are open.',
  examples: [
    { line: 'marie explain invoice-17 merge' },
    { line: 'marie explain invoice-17/approve' },
    { line: 'marie explain invoice-17', about: 'all that is open of it' },
  ],
  output: 'explained',
  load: async () => (await import('../actions/explain.js')).explain,
};

import type { CommandSpec } from '../spec.js';

export const get: CommandSpec = {
  name: 'get',
  aliases: ['show', 'describe', 'status'],
  section: 'DAGs',
  about: 'Show a DAG: its state, its jobs, how long they waited and ran.',
  remote: true,
  arguments: [{ name: '<dag>', about: 'id of the DAG', complete: 'dag' }],
  options: [{ flags: '--jobs', about: 'list all jobs, with the children of fan-outs' }],
  examples: [
    { line: 'marie get invoice-17' },
    {
      line: `marie get invoice-17 --jobs --json | jq '.jobs[] | select(.state == "failed")'`,
      about: 'its failed jobs',
    },
  ],
  output: 'dag',
  load: async () => (await import('../actions/get.js')).get,
};

import type { CommandSpec } from '../spec.js';

export const cluster: CommandSpec = {
  name: 'cluster',
  section: 'Operating',
  about: 'Show who leads a cell, and how far its standbys are behind.',
  remote: true,
  arguments: [{ name: '[urls...]', about: 'addresses of its processes; that of --url if they are left out' }],
  notes: `Each process says what it is. The lag is in turns behind the one that is furthest. A process that
doesn't answer within 5 s is listed as unreachable; the exit code is 6 when none of them leads.`,
  examples: [{ line: 'marie cluster' }],
  output: 'cluster',
  load: async () => (await import('../actions/cluster.js')).cluster,
};

import { atLeast, collect } from '../arguments.js';
import type { CommandSpec } from '../spec.js';

export const watch: CommandSpec = {
  name: 'watch',
  aliases: ['follow', 'events'],
  section: 'DAGs',
  about: 'Print what happens as it happens: of one DAG until it ends, or of the whole cell.',
  remote: true,
  arguments: [{ name: '[dag]', about: 'only this DAG', complete: 'dag' }],
  options: [
    {
      flags: '--topic <name>',
      about:
        'lifecycle unless given, or leases, slots, dispatches, refusals, submissions, callbacks, controls; may be repeated',
      parse: collect,
      default: [],
    },
    { flags: '--after <id>', about: 'go on after this event, from the journal' },
    { flags: '-n, --events <number>', about: 'end after so many events', parse: atLeast(1, 'a number of events') },
  ],
  notes:
    'The exit code for one DAG is 0 if it succeeded. Ctrl-C ends the watching, not the DAG. As text and without --topic, ' +
    'what only keeps the sessions of executors alive (SessionExtended) is left out.',
  examples: [
    { line: 'marie watch invoice-17' },
    { line: 'marie watch --topic lifecycle --topic slots' },
    { line: 'marie watch invoice-17 --after main:0:0 --events 5', about: 'from the beginning' },
  ],
  output: 'event',
  lines: true,
  load: async () => (await import('../actions/watch.js')).watch,
};

export const wait: CommandSpec = {
  name: 'wait',
  section: 'DAGs',
  about: 'Wait for the end of a DAG, and show its progress.',
  remote: true,
  arguments: [{ name: '<dag>', about: 'id of the DAG', complete: 'dag' }],
  options: [{ flags: '-o, --output <job>', about: 'print the output of this job at the end', complete: 'job' }],
  notes: 'The exit code is 0 only if the DAG succeeded. Ctrl-C ends the waiting, not the DAG.',
  examples: [{ line: 'marie wait letter-3' }, { line: 'marie wait letter-3 --output merge' }],
  output: 'ended',
  load: async () => (await import('../actions/wait.js')).waitForDag,
};

export const output: CommandSpec = {
  name: 'output',
  aliases: ['result'],
  section: 'DAGs',
  about: 'Print the output of a job.',
  remote: true,
  arguments: [
    { name: '<dag>', about: 'id of the DAG', complete: 'dag' },
    { name: '<job>', about: 'id of the job, or id[n] for a child of a fan-out', complete: 'job' },
  ],
  notes: 'A large output is fetched from its blob. With --json it stands beside the names of its DAG and job.',
  examples: [{ line: 'marie output letter-3 merge' }, { line: "marie output letter-3 'page[1]'", about: 'of a child' }],
  output: 'output',
  load: async () => (await import('../actions/output.js')).output,
};

import { atLeast, collect } from '../arguments.js';
import type { CommandSpec, OptionSpec } from '../spec.js';

const LIMIT: OptionSpec = {
  flags: '-n, --limit <number>',
  about: 'so many at most',
  parse: atLeast(1, 'a limit'),
  default: 50,
};
const ALL_TENANTS: OptionSpec = { flags: '-A, --all-tenants', about: 'of all tenants' };
const CLASS: OptionSpec = { flags: '--class <name>', about: 'with jobs of this executor class', complete: 'class' };
const OLDEST: OptionSpec = { flags: '--oldest', about: 'oldest first' };

export const list: CommandSpec = {
  name: 'list',
  aliases: ['ls', 'ps'],
  section: 'DAGs',
  about: 'List DAGs, newest first.',
  remote: true,
  arguments: [
    {
      name: '[text]',
      about: 'what the id, name, template, idempotency key or the value of a label begins with',
      complete: 'dag',
    },
  ],
  options: [
    { flags: '-s, --state <names>', about: 'some of held, open, ending, succeeded, failed, cancelled, with commas' },
    { flags: '--paused', about: 'only paused ones' },
    {
      flags: '--risk <name>',
      about: 'by their deadlines',
      choices: ['none', 'safe', 'at-risk', 'missed', 'hard-passed'],
    },
    {
      flags: '-l, --label <name=value>',
      about: 'that have this label with this value, or with any where only its name is given; may be repeated',
      parse: collect,
      default: [],
    },
    CLASS,
    { flags: '--since <when>', about: 'accepted since: a time, or a span such as 2h' },
    ALL_TENANTS,
    OLDEST,
    LIMIT,
  ],
  notes:
    'Text and labels are compared DAG by DAG: narrow it by state, tenant or time in a large cell. ' +
    'failed/cancelled counts jobs of both kinds together: neither optional ones nor children of fan-outs, nor those that ' +
    'were skipped. marie get tells how each ended.',
  examples: [
    { line: 'marie list' },
    { line: 'marie list inv --state open,failed --since 2h' },
    { line: "marie list --all-tenants --limit 1000 --json | jq -r '.dags[].dagId'", about: 'their ids' },
  ],
  output: 'dags',
  load: async () => (await import('../actions/list.js')).listDags,
};

export const jobs: CommandSpec = {
  name: 'jobs',
  section: 'DAGs',
  about: 'List jobs of a DAG, or of all.',
  remote: true,
  arguments: [{ name: '[dag]', about: 'only of this DAG', complete: 'dag' }],
  options: [
    {
      flags: '-s, --state <names>',
      about:
        'some of waiting, ready, dispatched, running, backoff, fanned-out, awaiting-signal, succeeded, skipped, ' +
        'cancelled, failed, with commas',
    },
    CLASS,
    ALL_TENANTS,
    OLDEST,
    LIMIT,
  ],
  notes: 'Children of fan-outs are jobs of their own here.',
  examples: [
    { line: 'marie jobs invoice-17' },
    { line: 'marie jobs --state dispatched,running --all-tenants', about: 'what runs in the cell' },
  ],
  output: 'jobs',
  load: async () => (await import('../actions/list.js')).listJobs,
};

export const find: CommandSpec = {
  name: 'find',
  aliases: ['search'],
  section: 'DAGs',
  about: 'Tell what an id names: a DAG, dag/job, a lease, an executor, a class, a tenant.',
  remote: true,
  arguments: [{ name: '<id>', about: 'the id, or how that of a DAG begins', complete: 'dag' }],
  examples: [{ line: 'marie find invoice-17' }, { line: 'marie find ocr-1' }],
  output: 'hits',
  load: async () => (await import('../actions/find.js')).find,
};

export const graph: CommandSpec = {
  name: 'graph',
  section: 'DAGs',
  about: 'Show what comes after what in a DAG; a fan-out is one, with its children counted.',
  remote: true,
  arguments: [{ name: '<dag>', about: 'id of the DAG', complete: 'dag' }],
  options: [{ flags: '--mermaid', about: 'as a Mermaid flow chart, for documents' }],
  examples: [{ line: 'marie graph invoice-17' }, { line: 'marie graph invoice-17 --mermaid > invoice.mmd' }],
  output: 'graph',
  load: async () => (await import('../actions/graph.js')).graph,
};

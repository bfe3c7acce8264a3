import { address, atLeast } from '../arguments.js';
import type { CommandSpec, GroupSpec } from '../spec.js';

const init: CommandSpec = {
  name: 'init',
  about: 'Make the topics of a cell, or check those that are there, and add partitions where keys allow.',
  options: [
    { flags: '-c, --config <file>', about: 'settings, as YAML or JSON', complete: 'file' },
    { flags: '--kafka <brokers>', about: 'host:port, several with commas between' },
    { flags: '--registry <url>', about: 'register the schemas in this Confluent-compatible registry', parse: address },
    { flags: '--cell <name>', about: 'name of the cell (default: main)' },
    {
      flags: '--partitions <number>',
      about: 'of submissions, callbacks and projections (default: 4)',
      parse: atLeast(1, 'a number of partitions'),
    },
    {
      flags: '--replicas <number>',
      about: 'copies of each partition (default: 3, with --dev 1)',
      parse: atLeast(1, 'a number of replicas'),
    },
    {
      flags: '--retention-ms <number>',
      about: 'how long all but the journal is kept (default: 7 days)',
      parse: atLeast(60_000, 'a time in ms'),
    },
    { flags: '--move-keys', about: 'add partitions to projections that have records, too: their keys move' },
    { flags: '--dev', about: 'one broker will do; it may lose everything' },
    { flags: '--dry-run', about: 'only say what would be done' },
  ],
  notes: `A topic that is there under unsafe settings is refused, by name: unclean leader election, a journal that
doesn't keep everything, fewer than 3 replicas or 2 in sync (without --dev), records stamped by their producers. A
topic with fewer partitions than asked for gets more: inputs always, projections while they are empty or with --move-keys.`,
  examples: [
    { line: 'marie kafka init --kafka 127.0.0.1:9092 --dev --dry-run' },
    { line: 'marie kafka init --kafka 127.0.0.1:9092 --dev' },
  ],
  output: 'kafka-init',
  load: async () => (await import('../actions/kafka-init.js')).kafkaInit,
};

export const kafka: GroupSpec = {
  name: 'kafka',
  section: 'Operating',
  about: 'Prepare brokers for a cell.',
  commands: [init],
};

import { DEFAULT_DATA, DEFAULT_HOST, DEFAULT_PORT, DEV_KAFKA_PORT } from '../../main/config/defaults.js';
import { portNumber } from '../arguments.js';
import type { CommandSpec } from '../spec.js';

export const up: CommandSpec = {
  name: 'up',
  aliases: ['start', 'serve'],
  section: 'Start',
  about: 'Run a fabric in this process, its journal in files or on Kafka.',
  options: [
    { flags: '-c, --config <file>', about: 'settings, as YAML or JSON', complete: 'file' },
    {
      flags: '-d, --data <dir>',
      about: `where journal, store and blobs live (default: ${DEFAULT_DATA})`,
      complete: 'directory',
    },
    { flags: '--host <name>', about: `address to listen on (default: ${DEFAULT_HOST})` },
    {
      flags: '-p, --port <number>',
      about: `port to listen on, 0 for any free one (default: ${DEFAULT_PORT})`,
      parse: portNumber,
      env: 'MARIE_PORT',
    },
    { flags: '--kafka <brokers>', about: 'keep the log on Kafka: host:port, several with commas between' },
    {
      flags: '--dev-kafka [port]',
      about: `the same on a broker of its own, for trying: needs Java and Maven (default: ${DEV_KAFKA_PORT})`,
      parse: portNumber,
    },
    { flags: '--cell <name>', about: 'name of the cell (default: main)' },
    { flags: '--sync <policy>', about: 'when appends are forced to disk: every-turn, off, or an interval such as 5ms' },
    { flags: '--policy <id>', about: "the planner's policy, such as fifo@1" },
    {
      flags: '--log-level <name>',
      about: 'what is told on stderr: silent, error, warn, info, debug or trace (default: warn)',
      env: 'MARIE_LOG_LEVEL',
    },
    {
      flags: '--accept-clock',
      about:
        "start although more than an hour has passed since the last turn; on Kafka, lead although the clock differs from the brokers'",
    },
    { flags: '--accept-cut', about: "start although the journal's beginning is gone and no snapshot stands for it" },
  ],
  notes: `What a configuration file may hold; every field is optional:
  cell: main
  data: /var/lib/marie
  host: 127.0.0.1
  port: ${DEFAULT_PORT}
  journal: { sync: every-turn }            # or off, or { everyMs: 5 }; segmentBytes: of a file, 64 MiB
  kafka: { brokers: [ 127.0.0.1:9092 ] }   # all its fields: docs/topics.md; without it the journal is in files
  blobs: /shared/blobs                     # where all processes of a cell find them
  policy: fifo@1
  knownJobs: 10000000
  classes: [ { class: ocr, group: default, maxSlots: 4, unitCost: 0, shortReserve: 8,
               rates: [ { per: starts, add: 60, perMs: 60000 } ] } ]   # burst: what its bucket holds, else add
  tenants: [ { tenant: acme, weight: 3, openDags: 1000, activeDags: 200, runnableJobs: 100000 } ]
  retention: { terminalMs: 604800000, terminalJobs: 1000000, executorsMs: 3600000 }
  snapshots: { everyMinutes: 60, keep: 3 } # or everyTurns; folder: where all processes of a cell find them
  log: { level: info }

Policy and limits of the file are set at each start, and on Kafka whenever this process begins to lead: what a command has
set since is replaced, and a warning says what, unless that was a default. What the file leaves out stays as it was; of a
class, a tenant and the cell that it names, fields that it leaves out have their defaults again.

Traces of jobs are sent where the standard variables of OpenTelemetry name a collector, such as
OTEL_EXPORTER_OTLP_ENDPOINT=http://localhost:4318 (docs/signals.md).`,
  examples: [
    { line: 'marie up' },
    { line: 'marie up --data other-data --port 8080' },
    {
      line: 'marie up --kafka 127.0.0.1:9092',
      about: 'one process of a cell; start another beside it, and it stands by',
    },
    { line: 'marie up --dev-kafka 9092', about: 'a cell with a Kafka broker beside it, which it starts and ends' },
    { line: 'marie up --config marie.yaml --json', about: 'the address as JSON, when it listens' },
  ],
  output: 'up',
  load: async () => (await import('../actions/up.js')).up,
};

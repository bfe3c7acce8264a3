import type { Command } from 'commander';
import { DEFAULT_DATA, DEFAULT_HOST, DEFAULT_PORT } from '../../main/defaults.js';
import { portNumber, withCommon } from '../arguments.js';

export function addUp(program: Command): void {
  withCommon(program.command('up'))
    .description('Run a fabric in this process, its journal in files.')
    .option('-c, --config <file>', 'settings, as YAML or JSON')
    .option('-d, --data <dir>', `where journal, store and blobs live (default: ${DEFAULT_DATA})`)
    .option('--host <name>', `address to listen on (default: ${DEFAULT_HOST})`)
    .option('-p, --port <number>', `port to listen on, 0 for any free one (default: ${DEFAULT_PORT})`, portNumber)
    .option('--cell <name>', 'name of the cell (default: main)')
    .option('--sync <policy>', 'when appends are forced to disk: every-turn, off, or an interval such as 5ms')
    .option('--policy <id>', "the planner's policy, such as fifo@1")
    .option('--accept-clock', 'start although more than an hour has passed since the last turn')
    .addHelpText(
      'after',
      `
A configuration file may hold all of these and limits; every field is optional:
  cell: main
  data: /var/lib/marie
  host: 127.0.0.1
  port: ${DEFAULT_PORT}
  journal: { sync: every-turn }            # or off, or { everyMs: 5 }
  policy: fifo@1
  knownJobs: 10000000
  classes: [ { class: ocr, maxSlots: 4 } ]
  tenants: [ { tenant: acme, weight: 3, openDags: 1000 } ]
  retention: { terminalMs: 604800000, terminalJobs: 1000000 }

Examples:
  $ marie up
  $ marie up --data /var/lib/marie --port 8080
  $ marie up --config marie.yaml --json`,
    )
    .action(async (options) => (await import('../actions/up.js')).up(options));
}

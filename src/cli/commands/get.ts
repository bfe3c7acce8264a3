import type { Command } from 'commander';
import { withRemote } from '../arguments.js';

export function addGet(program: Command): void {
  withRemote(program.command('get'))
    .description('Show a DAG: its state, its jobs, how long they waited and ran.')
    .argument('<dag>', 'id of the DAG')
    .option('--jobs', 'list all jobs, with the children of fan-outs')
    .addHelpText(
      'after',
      `
Examples:
  $ marie get main-17
  $ marie get main-17 --jobs --json | jq '.jobs[] | select(.state == "failed")'`,
    )
    .action(async (dag, options) => (await import('../actions/get.js')).get(dag, options));
}

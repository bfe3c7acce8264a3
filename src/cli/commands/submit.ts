import type { Command } from 'commander';
import { withRemote } from '../arguments.js';

const collect = (value: string, all: readonly string[]): readonly string[] => [...all, value];

export function addSubmit(program: Command): void {
  withRemote(program.command('submit'))
    .description('Submit a DAG.')
    .argument('<file>', 'the DAG, as JSON or YAML; - reads stdin')
    .option(
      '-i, --input <name=path>',
      'a file for the inputs that are written {"input": "name"}; may be repeated',
      collect,
      [],
    )
    .option('--id <id>', 'id of the DAG, in place of the one in the file')
    .option('--key <key>', 'idempotency key: a repeat is answered with the first answer')
    .option('-w, --wait', 'wait for its end, and show how it comes on')
    .option('-o, --output <job>', 'print the output of this job at the end (implies --wait)')
    .addHelpText(
      'after',
      `
The exit code with --wait is 0 only if the DAG succeeded. Ctrl-C ends the waiting, not the DAG.

Examples:
  $ marie submit examples/documents/dag.json --input pdf=invoice.pdf --wait
  $ marie submit dag.yaml -i pdf=scan.pdf --output merge > result.json
  $ cat dag.json | marie submit - --json`,
    )
    .action(async (file, options) => (await import('../actions/submit.js')).submit(file, options));
}

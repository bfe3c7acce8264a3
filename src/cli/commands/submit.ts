import { collect } from '../arguments.js';
import type { CommandSpec } from '../spec.js';

export const submit: CommandSpec = {
  name: 'submit',
  aliases: ['run'],
  section: 'DAGs',
  about: 'Submit a DAG.',
  remote: true,
  arguments: [{ name: '<file>', about: 'the DAG, as JSON or YAML; - reads stdin', complete: 'file' }],
  options: [
    {
      flags: '-i, --input <name=path>',
      about: 'a file for the inputs that are written {"input": "name"}; may be repeated',
      parse: collect,
      default: [],
      complete: 'file',
    },
    { flags: '--id <id>', about: 'id of the DAG, in place of the one in the file' },
    { flags: '--key <key>', about: 'idempotency key: a repeat is answered with the first answer' },
    { flags: '-w, --wait', about: 'wait for its end, and show its progress' },
    { flags: '-o, --output <job>', about: 'print the output of this job at the end (implies --wait)' },
  ],
  notes: `A JSON file is sent as it stands, but for what the command line fills in: numbers keep all digits, keys their
order. YAML is read first: a number with more digits than its reader keeps is refused.

The exit code with --wait is 0 only if the DAG succeeded. Ctrl-C ends the waiting, not the DAG.`,
  examples: [
    { line: 'marie submit dag.json --input pdf=invoice.pdf --wait' },
    { line: 'marie submit dag.json -i pdf=invoice.pdf --output merge > result.json', about: 'keep one output' },
    { line: 'cat dag.json | marie submit - -i pdf=invoice.pdf', about: 'from another program' },
  ],
  output: 'submit',
  load: async () => (await import('../actions/submit.js')).submit,
};

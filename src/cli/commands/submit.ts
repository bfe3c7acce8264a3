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
    { flags: '--priority <number>', about: 'higher goes first, from -1,000,000 to 1,000,000' },
    { flags: '--deadline <when>', about: 'by when it should have ended: a time, or a span from now on' },
    { flags: '--hard-deadline <when>', about: 'when it fails or loses its priority, in the same form' },
    { flags: '-w, --wait', about: 'wait for its end, and show its progress' },
    { flags: '-o, --output <job>', about: 'print the output of this job at the end (implies --wait)' },
  ],
  notes: `A JSON file is sent as it stands, but for what the command line fills in: numbers keep all digits, keys their
order. YAML is read first: a number with more digits than its reader keeps is refused. What is named here goes before what
the file says. Times are such as 2026-12-24T18:00Z, spans such as +90s, +30m, +2h or +1d.

The exit code with --wait is 0 only if the DAG succeeded. Ctrl-C ends the waiting, not the DAG.`,
  examples: [
    { line: 'marie submit dag.json --input pdf=invoice.pdf --wait' },
    { line: 'marie submit dag.json -i pdf=invoice.pdf --output merge > result.json', about: 'keep one output' },
    { line: 'marie submit dag.json -i pdf=invoice.pdf --priority 10 --deadline +30m' },
    { line: 'cat dag.json | marie submit - -i pdf=invoice.pdf', about: 'from another program' },
  ],
  output: 'submit',
  load: async () => (await import('../actions/submit.js')).submit,
};

import { REMOTE_OPTIONS } from '../../src/cli/options.js';
import type { Reference } from '../../src/cli/reference.js';
import { DEFAULT_TENANT, DEFAULT_URL } from '../../src/main/config/defaults.js';
import { table } from '../lib/markdown.js';

type Command = Reference['commands'][number];

const HEAD = `# The command line

Made from the command tree by \`npm run generate\`; \`marie help --json\` gives the same as data. How to read it:

- Data goes to stdout, everything else (progress, notes, errors) to stderr. \`--json\` makes the data JSON of the schema
  that each command names, on one line; where it says so, a line for each value. A schema only gains fields.
- A terminal gets colours and progress bars, a pipe never an escape code. \`NO_COLOR\` and \`--no-color\` are kept.
- Control characters in names and messages are shown spelled out, such as \`\\u001b\` and \`\\n\`: no data steers a terminal
  or forges a row. In JSON they are whole.
- What takes long shows on a terminal how far it is and at which rate, and how long the rest takes where its total is
  known.
- \`--quiet\` leaves nothing on stderr but errors. An error says its code, what happened, where, why, and what to do;
  with \`--json\` it is one line on stderr: \`{"error": {"code", "what", "where", "why", "todo", "problems", "exitCode"}}\`.
- Ctrl-C ends every command with its terminal as it was, and never ends the work in the fabric.
- What speaks to a fabric takes \`--url\`, where that is, and \`--tenant\`, whose DAGs are meant. Without them it is
  ${DEFAULT_URL}, or \`MARIE_URL\`, and \`${DEFAULT_TENANT}\`, or \`MARIE_TENANT\`.
`;

/** The text of docs/cli.md. */
export function referencePage({ commands, exitCodes, environment }: Reference): string {
  return [
    HEAD,
    '## Exit codes\n',
    table(
      ['code', 'meaning'],
      exitCodes.map(({ code, meaning }) => [String(code), meaning]),
    ),
    '## Environment\n',
    table(
      ['variable', 'meaning'],
      environment.map(({ name, meaning }) => [`\`${name}\``, meaning]),
    ),
    '## Commands\n',
    table(
      ['command', 'what it does'],
      commands.map((command) => [`[\`${callOf(command)}\`](#${anchorOf(command)})`, command.about]),
    ),
    ...commands.map(sectionOf),
  ].join('\n');
}

/** The test that calls every example. */
const WALK = 'test/integration/cli/tree.test.ts';

function callOf({ path }: Command): string {
  return `marie ${path.join(' ')}`;
}

function anchorOf(command: Command): string {
  return callOf(command).replaceAll(' ', '-');
}

function sectionOf(command: Command): string {
  const { about, aliases, arguments: args, options, notes, examples, output, lines } = command;
  const usage = [callOf(command), ...args.map(({ name }) => name), '[options]'].join(' ');
  const isRemote = options.some(isOfRemote);
  const own = options.filter((option) => !COMMON.has(option.flags) && !isOfRemote(option));
  const parts = [`### ${callOf(command)}\n`, `${about}\n`, `\`${usage}\`\n`];
  if (aliases.length > 0) parts.push(`Also called ${aliases.map((alias) => `\`${alias}\``).join(', ')}.\n`);
  if (args.length > 0)
    parts.push(
      table(
        ['argument', 'what'],
        args.map(({ name, about }) => [`\`${name}\``, about]),
      ),
    );
  if (own.length > 0)
    parts.push(
      table(
        ['option', 'what'],
        own.map((option) => [`\`${option.flags}\``, textOf(option)]),
      ),
    );
  if (isRemote) parts.push('Speaks to a fabric: `--url`, `--tenant`.\n');
  if (notes !== null) parts.push(`${proseOf(notes)}\n`);
  parts.push(`\`\`\`console tested-by=${WALK}\n${examples.map(exampleText).join('\n')}\n\`\`\`\n`);
  parts.push(`Data with \`--json\`: [${output}](../schemas/cli/${output}.json)${lines ? ', a value a line' : ''}.\n`);
  return parts.join('\n');
}

/** Options that every command has: the top of the page tells of them. */
const COMMON: ReadonlySet<string> = new Set(['--json', '--no-color', '-q, --quiet']);

/** Those of every command that speaks to a fabric: the top of the page tells of them, too. */
function isOfRemote({ flags, about }: Command['options'][number]): boolean {
  return REMOTE_OPTIONS.some((option) => option.flags === flags && option.about === about);
}

/** What an option is for, what it may be, and what it is where it is not given. */
function textOf({ about, choices, default: value, env }: Command['options'][number]): string {
  const given = [...(value === null ? [] : [`default: ${value}`]), ...(env === null ? [] : [env])];
  const what = choices.length === 0 ? about : `${about}: ${choices.join(', ')}`;
  return given.length === 0 ? what : `${what} (${given.join(', ')})`;
}

/** Notes are for a terminal: what is indented in them becomes a block of code. */
function proseOf(notes: string): string {
  return notes.replace(/(?:^ {2}.*\n?)+/gm, (block) => `\n${block.replace(/^/gm, '  ')}`);
}

function exampleText({ line, about }: Command['examples'][number]): string {
  return about === null ? `$ ${line}` : `$ ${line}   # ${about}`;
}

import { Argument, Command, Help, Option } from 'commander';
import { programVersion } from '../main/version.js';
import { optionsOf } from './options.js';
import { type CommandSpec, type GroupSpec, isGroup, type OptionSpec, type Spec } from './spec.js';
import { openIo } from './terminal/io.js';
import { Misuse } from './usage.js';

/** Makes commander's commands of the tree. What a command does is loaded when it runs. */
export function buildProgram(tree: readonly Spec[]): Command {
  const program = new Command('marie')
    .description('An event-sourced scheduler for document-AI work: every decision is an event in one durable log.')
    .version(programVersion(), '-V, --version', 'print the version')
    .helpCommand(false)
    .addHelpText('after', ({ command }) => textAfter(command, AFTER_ALL));
  for (const spec of tree) add(program, tree, spec, false);
  for (const command of [program, ...allCommands(program)]) {
    command
      .exitOverride((error) => {
        throw error.exitCode === 0 ? error : new Misuse(command, error);
      })
      .helpOption('-h, --help', 'print help')
      .showSuggestionAfterError()
      .configureHelp({ subcommandTerm: termOf })
      .configureOutput({ outputError: () => undefined });
  }
  return program;
}

const AFTER_ALL: Pick<CommandSpec, 'notes' | 'examples'> = {
  notes: '`marie COMMAND --help` tells about a command, with examples; `marie help exit-codes` lists the exit codes.',
  examples: [
    { line: 'marie up', about: 'a fabric in this process, its data in ./marie-data' },
    {
      line: 'marie submit dag.json -i pdf=invoice.pdf --wait',
      about: 'submit, watch, and see how long each job took',
    },
    { line: 'marie get invoice-17 --jobs', about: 'what became of a DAG' },
  ],
};

function add(parent: Command, tree: readonly Spec[], spec: Spec, isDefault: boolean): void {
  const command = isGroup(spec) ? groupOf(spec, tree) : leafOf(spec, tree);
  if (spec.aliases !== undefined) command.aliases([...spec.aliases]);
  if (spec.section !== undefined) command.helpGroup(`${spec.section}:`);
  parent.addCommand(command, { isDefault, hidden: spec.hidden ?? false });
}

function groupOf(spec: GroupSpec, tree: readonly Spec[]): Command {
  const group = new Command(spec.name).description(spec.about).helpCommand(false);
  for (const command of spec.commands) add(group, tree, command, command.name === spec.usual);
  if (spec.usual !== undefined) group.addHelpText('after', `\nWithout a command: ${spec.usual}.`);
  return group;
}

function leafOf(spec: CommandSpec, tree: readonly Spec[]): Command {
  const command = new Command(spec.name).description(spec.about).allowExcessArguments(false);
  const args = spec.arguments ?? [];
  for (const { name, about } of args) command.addArgument(new Argument(name, about));
  for (const option of optionsOf(spec)) command.addOption(optionOf(option));
  command.addHelpText('after', ({ command: own }) => textAfter(own, spec));
  command.action(async (...given: unknown[]) => {
    const options = given[args.length] as Readonly<Record<string, unknown>>;
    const action = (await spec.load(tree)) as (...all: unknown[]) => Promise<void>;
    await action(openIo(options), ...given.slice(0, args.length), options);
  });
  return command;
}

function optionOf(spec: OptionSpec): Option {
  const option = new Option(spec.flags, spec.about);
  if (spec.default !== undefined) option.default(spec.default, Array.isArray(spec.default) ? 'none' : undefined);
  if (spec.env !== undefined) option.env(spec.env);
  if (spec.choices !== undefined) option.choices(spec.choices);
  if (spec.parse !== undefined) option.argParser(spec.parse as (text: string, previous: unknown) => unknown);
  return option;
}

/** What `--help` prints, as text. */
export function helpOf(command: Command): string {
  const parts: string[] = [];
  command.configureOutput({ writeOut: (part) => void parts.push(part) }).outputHelp();
  return parts.join('');
}

/** The help of a command that stands below its options. */
function textAfter(command: Command, { notes, examples, output, lines }: HelpAfter): string {
  const columns = command.configureOutput().getOutHelpWidth?.() ?? PIPE_COLUMNS;
  const schema = `With --json: schemas/cli/${output}.json${lines ? ', a value a line' : ''}.`;
  const parts = [notes, output === undefined ? undefined : schema].filter((part) => part !== undefined);
  const prose = parts.map((part) => flowing(part, columns));
  return ['', ...prose.flatMap((text) => [text, '']), 'Examples:', ...exampleLines(examples, columns)].join('\n');
}

type HelpAfter = Pick<CommandSpec, 'notes' | 'examples' | 'lines'> & { readonly output?: CommandSpec['output'] };

/** As many as commander takes for the rest of the help where no terminal tells. */
const PIPE_COLUMNS = 80;

/** Prose in lines of so many columns; lines that are moved in are for copying, and stay as they are. */
function flowing(text: string, columns: number): string {
  const help = new Help();
  const lines = text.replace(/(?<=\S)\n(?=\S)/g, ' ').split('\n');
  return lines.map((line) => (line.startsWith(' ') ? line : help.boxWrap(line, columns))).join('\n');
}

/** What examples are for stands beside them, or below each where there is no room for that. */
function exampleLines(examples: CommandSpec['examples'], columns: number): readonly string[] {
  const width = Math.max(...examples.map(({ line }) => line.length));
  const beside = examples.map(
    ({ line, about }) => `  $ ${about === undefined ? line : `${line.padEnd(width)}   ${about}`}`,
  );
  const isNarrow = examples.some(({ about }, index) => about !== undefined && beside[index]!.length > columns);
  if (!isNarrow) return beside;
  return examples.flatMap(({ line, about }) => [`  $ ${line}`, ...(about === undefined ? [] : [`      ${about}`])]);
}

/** How a list of commands names one: what it takes stands in its own help. */
function termOf(command: Command): string {
  const args = command.registeredArguments.map((argument) => {
    const text = `${argument.name()}${argument.variadic ? '...' : ''}`;
    return argument.required ? `<${text}>` : `[${text}]`;
  });
  return [command.name(), ...args].join(' ');
}

function allCommands(command: Command): Command[] {
  return command.commands.flatMap((child) => [child, ...allCommands(child)]);
}

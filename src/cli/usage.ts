import { type Command, CommanderError } from 'commander';
import { misuse } from './exit.js';
import { isGroup, type Spec } from './spec.js';

/** Whether the call was answered by printing help or the version. */
export function isAnswered(error: unknown): boolean {
  return error instanceof CommanderError && error.exitCode === 0;
}

/** Words that people try, with what is called so here. Aliases are in the tree; these are other things. */
const GUESSES: ReadonlyMap<string, string> = new Map([
  ['workers', 'executors'],
  ['nodes', 'executors'],
  ['pools', 'classes'],
  ['queues', 'classes'],
  ['delete', 'cancel'],
  ['remove', 'cancel'],
  ['rerun', 'retry'],
  ['restart', 'retry'],
  ['approve', 'signal'],
  ['resolve', 'signal'],
  ['slots', 'capacity'],
  ['throughput', 'capacity'],
  ['quota', 'limits'],
  ['init', 'up'],
  ['task', 'jobs'],
  ['tasks', 'jobs'],
  ['workflow', 'list'],
  ['workflows', 'list'],
  ['runs', 'list'],
  ['logs', 'watch'],
  ['log', 'watch'],
  ['tail', 'watch'],
  ['stats', 'signals'],
  ['reload', 'dev'],
]);

/** What commander refused, and the command that it refused it for. */
export class Misuse extends Error {
  /** How the command is called: `marie classes limit`. */
  readonly call: string;
  /** What it takes: `marie classes limit [options] <class>`. */
  readonly usage: string;
  readonly hasCommands: boolean;
  constructor(
    command: Command,
    readonly refusal: CommanderError,
  ) {
    super(refusal.message);
    const words: string[] = [];
    for (let at: Command | null = command; at !== null; at = at.parent) words.unshift(at.name());
    this.call = words.join(' ');
    this.usage = `${this.call} ${command.usage()}`;
    this.hasCommands = command.commands.length > 0;
  }
}

/** What commander refused, as an error of ours; any other error as it is. */
export function usageError(tree: readonly Spec[], error: unknown): unknown {
  if (!(error instanceof Misuse)) return error;
  const { call, usage: where, hasCommands } = error;
  const { code, message } = error.refusal;
  const help = `\`${call} --help\` tells what it takes.`;
  if (code === 'commander.help') {
    const todo = 'Add one of the commands that are listed above.';
    return misuse(`a command is missing after ${call}`, { where, todo });
  }
  const [what = message, suggestion] = message.replace(/^error: /, '').split('\n');
  const word = code === 'commander.unknownCommand' ? /'(.*)'/.exec(what)?.[1] : undefined;
  // What a word means to people says more than which commands are written like it.
  const meant = word === undefined ? [] : meaningsOf(tree, word);
  const asked = meant.length > 0 ? asking(meant) : suggestion === undefined ? null : suggested(tree, suggestion);
  const isEarly = code === 'commander.unknownOption' && hasCommands;
  const order = isEarly ? 'Options of a command come after it, such as `marie list --json`.' : null;
  const todo = [asked, order, help].filter((part) => part !== null).join(' ');
  return misuse(what, { where, todo });
}

/** What is called otherwise here, and verbs whose noun was left out. */
function meaningsOf(tree: readonly Spec[], word: string): readonly string[] {
  const guess = GUESSES.get(word);
  const verbs = tree
    .filter(isGroup)
    .flatMap(({ name: noun, commands }) =>
      commands.filter(({ name }) => name === word).map(({ name }) => `${noun} ${name}`),
    );
  return guess === undefined ? verbs : [guess, ...verbs];
}

function asking(names: readonly string[]): string {
  return `Did you mean ${names.length > 1 ? 'one of ' : ''}${names.join(', ')}?`;
}

/** What commander suggests, each command once, by its own name. */
function suggested(tree: readonly Spec[], suggestion: string): string {
  const named = new Map(
    tree
      .flatMap((spec) => (isGroup(spec) ? [spec, ...spec.commands] : [spec]))
      .flatMap(({ name, aliases = [] }) => aliases.map((alias) => [alias, name] as const)),
  );
  const words = /^\(Did you mean (?:one of )?(.*)\?\)$/.exec(suggestion)?.[1]?.split(', ') ?? [];
  return asking([...new Set(words.map((word) => named.get(word) ?? word))]);
}

/**
 * Refuses an unknown verb of a noun that means one when none is given: commander would take it for an argument of
 * that one. Throws CliError.
 */
export function checkVerb(tree: readonly Spec[], [noun, verb]: readonly string[]): void {
  const group = tree.find(({ name, aliases }) => name === noun || (noun !== undefined && aliases?.includes(noun)));
  if (group === undefined || !isGroup(group) || verb === undefined || verb.startsWith('-')) return;
  const usual = group.commands.find(({ name }) => name === group.usual);
  const names = group.commands.flatMap(({ name, aliases = [] }) => [name, ...aliases]);
  if (usual === undefined || (usual.arguments ?? []).length > 0 || names.includes(verb)) return;
  const todo = `The commands of ${group.name} are ${group.commands.map(({ name }) => name).join(', ')}.`;
  const where = `marie ${group.name} [options] [command]`;
  throw misuse(`unknown command '${group.name} ${verb}'`, { where, todo });
}

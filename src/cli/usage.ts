import { CommanderError } from 'commander';
import { CliError, Exit } from './exit.js';
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

const COMMAND_LINE = 'the command line';

/** What commander refused, as an error of ours; any other error as it is. */
export function usageError(tree: readonly Spec[], error: unknown): unknown {
  if (!(error instanceof CommanderError)) return error;
  const { code, message } = error;
  if (code === 'commander.help') return new CliError(Exit.Usage, 'usage', 'a verb is missing', { where: COMMAND_LINE });
  const [what = message, suggestion] = message.replace(/^error: /, '').split('\n');
  const word = code === 'commander.unknownCommand' ? /'(.*)'/.exec(what)?.[1] : undefined;
  const guess = word === undefined ? undefined : GUESSES.get(word);
  const meant = suggestion === undefined ? null : suggested(tree, suggestion);
  const asked = meant ?? (guess === undefined ? null : `Did you mean ${guess}?`);
  const todo = [asked, '`--help` after any command tells what it takes.'].filter((part) => part !== null).join(' ');
  return new CliError(Exit.Usage, 'usage', what, { where: COMMAND_LINE, todo });
}

/** What commander suggests, each command once, by its own name. */
function suggested(tree: readonly Spec[], suggestion: string): string {
  const named = new Map(
    tree
      .flatMap((spec) => (isGroup(spec) ? [spec, ...spec.commands] : [spec]))
      .flatMap(({ name, aliases = [] }) => aliases.map((alias) => [alias, name] as const)),
  );
  const words = /^\(Did you mean (?:one of )?(.*)\?\)$/.exec(suggestion)?.[1]?.split(', ') ?? [];
  const names = [...new Set(words.map((word) => named.get(word) ?? word))];
  return `Did you mean ${names.length > 1 ? 'one of ' : ''}${names.join(', ')}?`;
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
  const verbs = group.commands.map(({ name }) => name).join(', ');
  const todo = `The verbs of ${group.name} are ${verbs}.`;
  throw new CliError(Exit.Usage, 'usage', `unknown command '${group.name} ${verb}'`, {
    where: 'the command line',
    todo,
  });
}

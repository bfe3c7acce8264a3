import { type CliError, ENVIRONMENT, EXIT_CODES, misuse } from '../exit.js';
import { buildProgram, helpOf } from '../program.js';
import { referenceOf } from '../reference.js';
import type { Action, Spec } from '../spec.js';
import type { Io } from '../terminal/io.js';

/** `marie help`: about a command, or one of the topics. */
export function help(tree: readonly Spec[]): Action {
  return async (io: Io, words: readonly string[]) => io.emit('help', referenceOf(tree), () => textOf(tree, words));
}

function textOf(tree: readonly Spec[], words: readonly string[]): string {
  if (words.length === 1) {
    const topic = words[0]!;
    if (topic === 'exit-codes') return lines(EXIT_CODES.map(({ code, meaning }) => [String(code), meaning]));
    if (topic === 'environment') return lines(ENVIRONMENT.map(({ name, meaning }) => [name, meaning]));
    if (topic === 'schemas') return lines(schemasOf(tree));
  }
  let command = buildProgram(tree);
  for (const word of words) {
    const found = command.commands.find((child) => child.name() === word || child.aliases().includes(word));
    if (found === undefined) throw unknown(words);
    command = found;
  }
  return helpOf(command).trimEnd();
}

/** Which schema the data of each command keeps. */
function schemasOf(tree: readonly Spec[]): readonly (readonly [string, string])[] {
  return referenceOf(tree).commands.map(({ path, output }) => [
    `marie ${path.join(' ')}`,
    `schemas/cli/${output}.json`,
  ]);
}

function lines(pairs: readonly (readonly [string, string])[]): string {
  const width = Math.max(...pairs.map(([name]) => name.length));
  return pairs.map(([name, meaning]) => `${name.padEnd(width)}  ${meaning}`).join('\n');
}

function unknown(words: readonly string[]): CliError {
  const todo = '`marie --help` lists the commands; the topics are exit-codes, environment and schemas.';
  return misuse(`there is no help about ${words.join(' ')}`, { where: 'help', todo });
}

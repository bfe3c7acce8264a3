import { TOPICS } from '../commands/help.js';
import { optionsOf } from '../options.js';
import { type Candidates, type CommandSpec, isGroup, type OptionSpec, type Spec } from '../spec.js';

/** Something that may be typed next. */
export interface Candidate {
  readonly value: string;
  readonly about: string;
}

/** What the word under the cursor can be: one of some words, or something that is looked up. */
export interface Expected {
  readonly words: readonly Candidate[];
  readonly source: Candidates | null;
  /** The arguments before it, and the options that were given: what a look-up may need. */
  readonly given: readonly string[];
  readonly options: ReadonlyMap<string, string>;
}

const NOTHING: Expected = { words: [], source: null, given: [], options: new Map() };

/** What the last of these words (the command's name left out) can be. */
export function expectedAt(tree: readonly Spec[], words: readonly string[]): Expected {
  const [first, ...rest] = words;
  if (first === undefined || rest.length === 0) return { ...NOTHING, words: namesOf(tree) };
  const spec = named(tree, first);
  if (spec === undefined) return NOTHING;
  if (first === 'help' && rest.length > 0) return inHelp(tree, rest);
  if (!isGroup(spec)) return inCommand(spec, rest);
  const usual = spec.commands.find(({ name }) => name === spec.usual);
  const verb = named(spec.commands, rest[0]!);
  if (verb !== undefined && rest.length > 1) return inCommand(verb, rest.slice(1));
  if (usual !== undefined && rest.at(-1)!.startsWith('-')) return inCommand(usual, rest);
  return rest.length === 1 ? { ...NOTHING, words: namesOf(spec.commands) } : NOTHING;
}

/** Help is asked for by the words of a command, or by a topic. */
function inHelp(tree: readonly Spec[], words: readonly string[]): Expected {
  const topics = words.length > 1 ? [] : TOPICS.map((value) => ({ value, about: '' }));
  const { words: commands, source } = expectedAt(tree, words);
  return source === null ? { ...NOTHING, words: [...commands, ...topics] } : NOTHING;
}

function named<S extends Spec>(specs: readonly S[], word: string): S | undefined {
  return specs.find(({ name, aliases }) => name === word || aliases?.includes(word));
}

function namesOf(specs: readonly Spec[]): readonly Candidate[] {
  return specs.filter(({ hidden }) => !hidden).map(({ name, about }) => ({ value: name, about }));
}

function inCommand(spec: CommandSpec, words: readonly string[]): Expected {
  const known = optionsOf(spec);
  const given: string[] = [];
  const options = new Map<string, string>();
  const before = words.slice(0, -1);
  for (let i = 0; i < before.length; i++) {
    const word = before[i]!;
    if (!word.startsWith('-')) {
      given.push(word);
      continue;
    }
    // `--url=http://…` is the same as `--url http://…`.
    const [, flag = word, value] = /^(--[^=]+)=(.*)$/s.exec(word) ?? [];
    const option = known.find((one) => flagsOf(one).includes(flag));
    if (option === undefined || !takesValue(option)) continue;
    if (value !== undefined) {
      options.set(longOf(option), value);
      continue;
    }
    if (i + 1 === before.length) return valueAt(option, given, options);
    i += 1;
    options.set(longOf(option), before[i]!);
  }
  if (words.at(-1)!.startsWith('-')) return { ...NOTHING, words: known.flatMap(flagCandidates) };
  const args = spec.arguments ?? [];
  const argument = args[given.length] ?? args.find(({ name }) => name.includes('...'));
  const { complete = null } = argument ?? {};
  const listed = Array.isArray(complete) ? complete.map((value: string) => ({ value, about: '' })) : [];
  return { words: listed, source: Array.isArray(complete) ? null : (complete as Candidates | null), given, options };
}

function valueAt(option: OptionSpec, given: readonly string[], options: ReadonlyMap<string, string>): Expected {
  const words = (option.choices ?? []).map((value) => ({ value, about: '' }));
  return { words, source: option.complete ?? null, given, options };
}

function flagCandidates(option: OptionSpec): readonly Candidate[] {
  return [{ value: longOf(option), about: option.about }];
}

/** `-w, --wait <x>` has the flags -w and --wait. */
function flagsOf({ flags }: OptionSpec): readonly string[] {
  return flags.split(/[ ,]+/).filter((part) => part.startsWith('-'));
}

function longOf(option: OptionSpec): string {
  return flagsOf(option).at(-1)!;
}

function takesValue({ flags }: OptionSpec): boolean {
  return flags.includes('<');
}

import type { OutputName } from './outputs/index.js';
import type { Io } from './terminal/io.js';

/** Where ids that a person may want to complete come from: the fabric, or this machine. */
export type Candidates = 'dag' | 'job' | 'executor' | 'class' | 'tenant' | 'signal' | 'file' | 'directory';

/** An argument in its place: `<required>`, `[optional]`, `[several...]`. */
export interface ArgumentSpec {
  readonly name: string;
  readonly about: string;
  readonly complete?: Candidates | readonly string[];
}

/** An option, its flags as commander writes them: `-w, --wait`, `--port <number>`. */
export interface OptionSpec {
  readonly flags: string;
  readonly about: string;
  readonly default?: unknown;
  /** Throws commander's InvalidArgumentError; `previous` is what a repeated option has collected. */
  readonly parse?: (text: string, previous: never) => unknown;
  readonly choices?: readonly string[];
  readonly complete?: Candidates;
  /** The variable that it comes from if it isn't given. */
  readonly env?: string;
}

/** A call that works as it is written; the tests run every one of them. */
export interface Example {
  readonly line: string;
  /** What it does, where the line doesn't say so. */
  readonly about?: string;
}

/**
 * What a command does: `(io, …arguments, options)`. It writes its data with `io.emit`, and throws what `report.ts` can
 * show. A missing optional argument is undefined.
 */
export type Action = (io: Io, ...rest: never[]) => Promise<void>;

/** Where a command stands in the list of all. */
export type Section = 'Start' | 'DAGs' | 'Operating' | 'Histories' | 'Developing' | 'Help';

interface NamedSpec {
  readonly name: string;
  /** Other words that people try. */
  readonly aliases?: readonly string[];
  /** One sentence, imperative. */
  readonly about: string;
  readonly section?: Section;
  /** Left out of help and reference; it works all the same. */
  readonly hidden?: boolean;
}

/** A command that does something. */
export interface CommandSpec extends NamedSpec {
  /** Whether it speaks to a fabric: it gets --url and --tenant. */
  readonly remote?: boolean;
  readonly arguments?: readonly ArgumentSpec[];
  readonly options?: readonly OptionSpec[];
  /** What else is to be known, in prose, below the options. */
  readonly notes?: string;
  readonly examples: readonly Example[];
  /** Name of the schema of its data with --json: schemas/cli/<name>.json. */
  readonly output: OutputName;
  /** Whether --json gives many lines, one value of the schema each. */
  readonly lines?: boolean;
  /** Loads what the command does: nothing of it may cost the others time. */
  readonly load: (tree: readonly Spec[]) => Promise<Action>;
}

/** A noun with its verbs. */
export interface GroupSpec extends NamedSpec {
  readonly commands: readonly CommandSpec[];
  /** The verb that is meant when none is given. */
  readonly usual?: string;
}

export type Spec = CommandSpec | GroupSpec;

export function isGroup(spec: Spec): spec is GroupSpec {
  return 'commands' in spec;
}

/** A command with the words that call it. */
export interface PlacedCommand {
  readonly path: readonly string[];
  readonly spec: CommandSpec;
}

/** Every command of a tree, in its order. */
export function commandsOf(tree: readonly Spec[]): readonly PlacedCommand[] {
  return tree.flatMap((spec) =>
    isGroup(spec)
      ? spec.commands.map((command) => ({ path: [spec.name, command.name], spec: command }))
      : [{ path: [spec.name], spec }],
  );
}

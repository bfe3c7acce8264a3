import { ENVIRONMENT, EXIT_CODES } from './exit.js';
import { optionsOf } from './options.js';
import type { OutputOf } from './outputs/index.js';
import { commandsOf, type Spec } from './spec.js';

export type Reference = OutputOf<'help'>;

/** Everything that is to be known of the command line, as data: for `marie help --json`, and for docs/cli.md. */
export function referenceOf(tree: readonly Spec[]): Reference {
  const commands = commandsOf(tree.filter(({ hidden }) => !hidden)).map(({ path, spec }) => ({
    path,
    aliases: spec.aliases ?? [],
    about: spec.about,
    arguments: (spec.arguments ?? []).map(({ name, about }) => ({ name, about })),
    options: optionsOf(spec).map(({ flags, about, choices = [], default: value, env = null }) => {
      const none = value === undefined || Array.isArray(value);
      return { flags, about, choices: [...choices], default: none ? null : String(value), env };
    }),
    notes: spec.notes ?? null,
    examples: spec.examples.map(({ line, about = null }) => ({ line, about })),
    output: spec.output,
    lines: spec.lines ?? false,
  }));
  return { commands, exitCodes: EXIT_CODES, environment: ENVIRONMENT };
}

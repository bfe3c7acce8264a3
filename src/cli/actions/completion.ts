import { type Candidate, expectedAt } from '../completion/context.js';
import { liveCandidates } from '../completion/live.js';
import { SCRIPTS } from '../completion/scripts.js';
import { SHELLS, type Shell } from '../completion/shells.js';
import { misuse } from '../exit.js';
import type { Action, Spec } from '../spec.js';
import type { Io } from '../terminal/io.js';

/** `marie completion`: prints a shell's script. */
export async function completion(io: Io, name: string): Promise<void> {
  if (!isShell(name)) {
    const todo = `There are scripts for ${SHELLS.join(', ')}.`;
    throw misuse(`there is no script for ${name}`, { where: '<shell>', todo });
  }
  io.emit('completion', { shell: name, script: SCRIPTS[name] }, () => SCRIPTS[name]);
}

function isShell(name: string): name is Shell {
  return SHELLS.some((shell) => shell === name);
}

/** `marie complete`: what the last word can be, a candidate a line. */
export function complete(tree: readonly Spec[]): Action {
  return async (io: Io, words: readonly string[]) => {
    const expected = expectedAt(tree, words);
    const { source } = expected;
    const prefix = words.at(-1) ?? '';
    if (source === 'file' || source === 'directory') {
      io.emit('candidates', { candidates: [], shell: source }, () => `:${source}`);
      return;
    }
    const found = source === null ? expected.words : await liveCandidates(expected, prefix);
    const candidates = found.filter(({ value }) => value.startsWith(prefix));
    if (io.json || candidates.length > 0)
      io.emit('candidates', { candidates, shell: null }, (shown) => textOf(shown.candidates));
  };
}

function textOf(candidates: readonly Candidate[]): string {
  return candidates.map(({ value, about }) => `${value}\t${about.replaceAll(/\s+/g, ' ')}`).join('\n');
}

import { exportCommand } from './commands/export.js';
import { get } from './commands/get.js';
import { help } from './commands/help.js';
import { journal } from './commands/journal.js';
import { replay } from './commands/replay.js';
import { submit } from './commands/submit.js';
import { up } from './commands/up.js';
import type { Spec } from './spec.js';

/**
 * Every command, in the order in which help lists them. A file of commands/ says what a command is called and takes,
 * and imports nothing that it does: that is loaded when it runs.
 */
export const TREE: readonly Spec[] = [up, submit, get, journal, replay, exportCommand, help];

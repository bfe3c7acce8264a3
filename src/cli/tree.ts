import { backup, restore } from './commands/backup.js';
import { capacity, classes, limits, signals, tenants } from './commands/capacity.js';
import { cell, policy } from './commands/cell.js';
import { cluster } from './commands/cluster.js';
import { complete, completion } from './commands/completion.js';
import { CONTROLS } from './commands/controls.js';
import { dev } from './commands/dev.js';
import { executors } from './commands/executors.js';
import { explain } from './commands/explain.js';
import { exportCommand } from './commands/export.js';
import { get } from './commands/get.js';
import { help } from './commands/help.js';
import { importCommand } from './commands/import.js';
import { journal } from './commands/journal.js';
import { kafka } from './commands/kafka.js';
import { find, graph, jobs, list } from './commands/listings.js';
import { replay } from './commands/replay.js';
import { simulate } from './commands/simulate.js';
import { snapshot } from './commands/snapshot.js';
import { submit } from './commands/submit.js';
import { top } from './commands/top.js';
import { up } from './commands/up.js';
import { output, wait, watch } from './commands/watching.js';
import type { GroupSpec, Spec } from './spec.js';

const DAGS = [submit, list, get, jobs, explain, graph, find, watch, wait, output, ...CONTROLS];

/** `marie dags get …` is the same as `marie get …`, for whoever begins with the noun. */
const dags: GroupSpec = {
  name: 'dags',
  aliases: ['dag'],
  about: 'The commands about DAGs, noun first.',
  hidden: true,
  commands: DAGS,
};

/**
 * Every command, in the order in which help lists them. A file of commands/ says what a command is called and takes,
 * and imports nothing that it does: that is loaded when it runs.
 */
export const TREE: readonly Spec[] = [
  up,
  ...DAGS,
  dags,
  importCommand,
  top,
  cell,
  cluster,
  classes,
  executors,
  capacity,
  signals,
  limits,
  tenants,
  policy,
  kafka,
  journal,
  snapshot,
  replay,
  exportCommand,
  backup,
  restore,
  simulate,
  dev,
  completion,
  complete,
  help,
];

/**
 * What each command gives with --json, by the names of the published schemas: schemas/cli/<name>.json is generated
 * from here. Commands know this at compile time only; nothing of it is loaded when they run.
 */
import type { z } from 'zod';
import type { Frozen } from '../../answers/types.js';
import { controlled, dag, ended, event, explained, imported, output, submit } from './dags.js';
import { dev } from './dev.js';
import {
  backedUp,
  exported,
  journalArchive,
  journalImported,
  journalLine,
  journalRepair,
  replayIndex,
  replayVerify,
  restored,
  snapshotCreate,
  snapshotList,
  snapshotVerify,
} from './histories.js';
import { dags, graph, hits, jobs } from './listings.js';
import {
  capacity,
  cell,
  classes,
  cluster,
  executors,
  kafkaInit,
  limits,
  policy,
  signals,
  tenants,
} from './operating.js';
import { candidates, completion, help, up } from './program.js';
import {
  replayAnonymise,
  replayBisect,
  replayDecide,
  replayExport,
  replayReport,
  replaySla,
  replayState,
  replayWhatIf,
  replayWhy,
} from './replay.js';
import { simulation } from './simulate.js';
import { top } from './top.js';

/** Every published schema. A released one only gains fields: readers ignore what they don't know. */
export const OUTPUTS = {
  backup: backedUp,
  candidates,
  capacity,
  cell,
  classes,
  cluster,
  completion,
  controlled,
  dag,
  dags,
  dev,
  ended,
  event,
  executors,
  explained,
  export: exported,
  graph,
  help,
  hits,
  imported,
  jobs,
  'journal-import': journalImported,
  'journal-archive': journalArchive,
  'journal-line': journalLine,
  'journal-repair': journalRepair,
  'replay-anonymise': replayAnonymise,
  'replay-bisect': replayBisect,
  'replay-decide': replayDecide,
  'replay-export': replayExport,
  'replay-index': replayIndex,
  'replay-report': replayReport,
  'replay-sla': replaySla,
  'kafka-init': kafkaInit,
  'replay-state': replayState,
  'replay-verify': replayVerify,
  'replay-what-if': replayWhatIf,
  'replay-why': replayWhy,
  limits,
  output,
  policy,
  restore: restored,
  signals,
  simulation,
  'snapshot-create': snapshotCreate,
  'snapshot-list': snapshotList,
  'snapshot-verify': snapshotVerify,
  submit,
  tenants,
  top,
  up,
};

/** Name of a published schema. */
export type OutputName = keyof typeof OUTPUTS;

/** What a command hands to `Io.emit`. */
export type OutputOf<N extends OutputName> = Frozen<z.input<(typeof OUTPUTS)[N]>>;

import type { ExecutorClass } from '../../client/index.js';
import type { RemoteOptions } from '../arguments.js';
import { duration, grouped, moment } from '../format.js';
import type { Io } from '../io.js';
import { withFabric } from '../remote.js';
import { type Column, tableText } from '../table.js';
import { control } from './controls.js';

/** `marie cell`. */
export async function cell(io: Io, options: RemoteOptions): Promise<void> {
  const seen = await withFabric(options, ({ operations }) => operations.cell());
  io.emit('cell', seen, () =>
    [
      `${io.colors.bold(seen.cell)} turn ${grouped(seen.turn)} at ${moment(seen.atMs)}, epoch ${seen.epoch}`,
      `policy ${seen.policy}`,
      `${grouped(seen.openDags)} open DAGs, ${grouped(seen.knownJobs)} known jobs, ${grouped(seen.readyJobs)} ready`,
      `${grouped(seen.inboxWaiting)} inputs wait`,
    ].join('\n'),
  );
  io.next('marie top', 'shows it live');
}

/** `marie classes list`. */
export async function listClasses(io: Io, options: RemoteOptions): Promise<void> {
  const found = await withFabric(options, ({ operations }) => operations.classes());
  io.emit('classes', { classes: found }, () => tableText(io, COLUMNS, found.map(rowOf)));
  if (found.length === 0) io.note('no executor has registered, and no job has named a class');
}

const COLUMNS: readonly Column[] = [
  { title: 'class' },
  { title: 'group' },
  { title: 'executors', right: true },
  { title: 'slots', right: true },
  { title: 'busy', right: true },
  { title: 'reclaiming', right: true },
  { title: 'free', right: true },
  { title: 'ready', right: true },
  { title: 'occupancy', right: true },
];

function rowOf(one: ExecutorClass): readonly string[] {
  const counts = [one.executors, one.slotsAdvertised, one.slotsReserved, one.slotsReclaiming, one.slotsFree, one.ready];
  return [one.executorClass, one.group, ...counts.map(grouped), duration(one.meanOccupancyMs)];
}

/** `marie policy get`. */
export async function showPolicy(io: Io, options: RemoteOptions): Promise<void> {
  const seen = await withFabric(options, ({ operations }) => operations.cell());
  io.emit('policy', { policy: seen.policy }, () => seen.policy);
}

/** `marie policy set`. */
export function setPolicy(io: Io, policy: string, options: RemoteOptions): Promise<void> {
  return control(io, options, `the policy is ${policy}, decided`, ({ operations }) => operations.setPolicy(policy));
}

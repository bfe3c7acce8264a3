import type { ClassCapacity, ExecutorClass } from '../../client/index.js';
import { className } from '../../simulate/class-name.js';
import type { RemoteOptions } from '../arguments.js';
import { CliError, Exit } from '../exit.js';
import { withFabric } from '../remote.js';
import type { Io } from '../terminal/io.js';
import { duration, grouped } from '../text/format.js';
import { type ColumnOf, tableOf } from '../text/table.js';

/** `marie classes list`. */
export async function listClasses(io: Io, options: RemoteOptions): Promise<void> {
  const found = await withFabric(options, ({ operations }) => operations.classes());
  io.emit('classes', { classes: found }, ({ classes }) => tableOf(io, CLASS_COLUMNS, classes));
  if (found.length === 0) io.note('no executor has registered, and no job has named a class');
}

const CLASS_COLUMNS: readonly ColumnOf<ExecutorClass>[] = [
  { title: 'class', cell: ({ executorClass }) => executorClass },
  { title: 'group', spare: 2, cell: ({ group }) => group },
  { title: 'executors', right: true, spare: 1, cell: ({ executors }) => grouped(executors) },
  { title: 'slots', right: true, cell: ({ slotsAdvertised }) => grouped(slotsAdvertised) },
  { title: 'limit', right: true, cell: ({ maxSlots }) => grouped(maxSlots) },
  { title: 'busy', right: true, cell: ({ slotsReserved }) => grouped(slotsReserved) },
  { title: 'reclaiming', right: true, cell: ({ slotsReclaiming }) => grouped(slotsReclaiming) },
  { title: 'free', right: true, cell: ({ slotsFree }) => grouped(slotsFree) },
  { title: 'ready', right: true, cell: ({ ready }) => grouped(ready) },
  { title: 'occupancy', right: true, spare: 3, cell: ({ meanOccupancyMs }) => duration(meanOccupancyMs) },
];

/** `marie capacity`. */
export async function capacity(io: Io, executorClass: string | undefined, options: RemoteOptions): Promise<void> {
  const all = await withFabric(options, ({ operations }) => operations.capacity());
  const found = all.filter((one) => executorClass === undefined || one.executorClass === executorClass);
  if (executorClass !== undefined && found.length === 0)
    throw new CliError(Exit.Refused, 'not-found', `there is no class ${executorClass}`, {
      todo: '`marie classes` lists all.',
    });
  io.emit('capacity', { classes: found }, ({ classes }) => tableOf(io, CAPACITY_COLUMNS, classes));
  if (found.length === 0) io.note('there are no classes');
}

const CAPACITY_COLUMNS: readonly ColumnOf<ClassCapacity>[] = [
  { title: 'class', cell: ({ group, executorClass }) => className(group, executorClass) },
  { title: 'slots', right: true, cell: ({ slots }) => grouped(slots) },
  { title: 'in use', right: true, cell: ({ slotsInUse }) => grouped(slotsInUse) },
  { title: 'occupancy', right: true, spare: 2, cell: ({ meanOccupancyMs }) => duration(meanOccupancyMs) },
  { title: 'jobs/s', right: true, spare: 1, cell: ({ perSecond }) => rate(perSecond) },
  { title: 'jobs/h', right: true, cell: ({ perHour }) => rate(perHour) },
  { title: 'ready', right: true, cell: ({ ready }) => grouped(ready) },
  { title: 'enough for', right: true, cell: ({ readyForMs }) => duration(readyForMs) },
];

function rate(value: number | null): string {
  if (value === null) return '-';
  return value < 10 ? value.toFixed(2) : grouped(Math.round(value));
}

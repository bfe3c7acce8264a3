import type { ClassCapacity, ExecutorClass } from '../../client/index.js';
import { className } from '../../simulate/class-name.js';
import type { RemoteOptions } from '../arguments.js';
import { CliError, Exit } from '../exit.js';
import { duration, grouped } from '../format.js';
import type { Io } from '../io.js';
import { withFabric } from '../remote.js';
import { type Column, tableText } from '../table.js';

/** `marie classes list`. */
export async function listClasses(io: Io, options: RemoteOptions): Promise<void> {
  const found = await withFabric(options, ({ operations }) => operations.classes());
  io.emit('classes', { classes: found }, ({ classes }) => tableText(io, CLASS_COLUMNS, classes.map(classRow)));
  if (found.length === 0) io.note('no executor has registered, and no job has named a class');
}

const CLASS_COLUMNS: readonly Column[] = [
  { title: 'class' },
  { title: 'group', spare: 2 },
  { title: 'executors', right: true, spare: 1 },
  { title: 'slots', right: true },
  { title: 'limit', right: true },
  { title: 'busy', right: true },
  { title: 'reclaiming', right: true },
  { title: 'free', right: true },
  { title: 'ready', right: true },
  { title: 'occupancy', right: true, spare: 3 },
];

function classRow(one: ExecutorClass): readonly string[] {
  const { executorClass, group, executors, slotsAdvertised, maxSlots } = one;
  const limit = maxSlots === null ? '-' : grouped(maxSlots);
  const counts = [one.slotsReserved, one.slotsReclaiming, one.slotsFree, one.ready].map(grouped);
  const head = [executorClass, group, grouped(executors), grouped(slotsAdvertised), limit];
  return [...head, ...counts, duration(one.meanOccupancyMs)];
}

/** `marie capacity`. */
export async function capacity(io: Io, executorClass: string | undefined, options: RemoteOptions): Promise<void> {
  const all = await withFabric(options, ({ operations }) => operations.capacity());
  const found = all.filter((one) => executorClass === undefined || one.executorClass === executorClass);
  if (executorClass !== undefined && found.length === 0)
    throw new CliError(Exit.Refused, 'not-found', `there is no class ${executorClass}`, {
      todo: '`marie classes` lists all.',
    });
  io.emit('capacity', { classes: found }, ({ classes }) => tableText(io, CAPACITY_COLUMNS, classes.map(capacityRow)));
  if (found.length === 0) io.note('there are no classes');
}

const CAPACITY_COLUMNS: readonly Column[] = [
  { title: 'class' },
  { title: 'slots', right: true },
  { title: 'in use', right: true },
  { title: 'occupancy', right: true, spare: 2 },
  { title: 'jobs/s', right: true, spare: 1 },
  { title: 'jobs/h', right: true },
  { title: 'ready', right: true },
  { title: 'enough for', right: true },
];

function capacityRow(one: ClassCapacity): readonly string[] {
  const { group, executorClass, slots, slotsInUse, meanOccupancyMs, ready, readyForMs } = one;
  const rates = [rate(one.perSecond), rate(one.perHour)];
  const head = [className(group, executorClass), grouped(slots), grouped(slotsInUse), duration(meanOccupancyMs)];
  return [...head, ...rates, grouped(ready), duration(readyForMs)];
}

function rate(value: number | null): string {
  if (value === null) return '-';
  return value < 10 ? value.toFixed(2) : grouped(Math.round(value));
}

import type { RegisteredExecutor } from '../../client/index.js';
import type { RemoteOptions } from '../arguments.js';
import { suggest, withFabric } from '../remote.js';
import { exitInterrupted, interruptible } from '../terminal/interrupt.js';
import type { Io } from '../terminal/io.js';
import { Meter } from '../terminal/meter.js';
import { pause } from '../terminal/pause.js';
import { counted } from '../text/format.js';
import { sh } from '../text/shell.js';
import { type ColumnOf, tableOf } from '../text/table.js';
import { control } from './controls.js';

/** How often a drain is looked after. */
const LOOK_EVERY_SECONDS = 0.25;

interface ListOptions extends RemoteOptions {
  readonly class?: string;
  readonly all?: boolean;
}

/** `marie executors list`. */
export async function listExecutors(io: Io, options: ListOptions): Promise<void> {
  const known = await withFabric(options, ({ operations }) => operations.executors());
  const wanted = known.filter(({ executorClass }) => options.class === undefined || executorClass === options.class);
  const executors = options.all ? wanted : wanted.filter((one) => !isGone(one));
  io.emit('executors', { executors }, (shown) => tableOf(io, COLUMNS, shown.executors));
  if (wanted.length === 0) io.note('no executors are registered');
  else if (executors.length < wanted.length) {
    io.note(`gone, and left out here: ${wanted.length - executors.length}; --all lists them too`);
  }
}

/** Whether it is only a name by now: a process that is started again often has a new one. */
function isGone({ state, slotsReserved }: RegisteredExecutor): boolean {
  return (state === 'left' || state === 'lost') && slotsReserved === 0;
}

const COLUMNS: readonly ColumnOf<RegisteredExecutor>[] = [
  { title: 'executor', cell: ({ executor }) => executor },
  { title: 'class', cell: ({ executorClass }) => executorClass },
  { title: 'group', spare: 1, cell: ({ group }) => group },
  { title: 'state', cell: ({ state }, { colors }) => (state === 'live' ? colors.green(state) : colors.yellow(state)) },
  { title: 'busy', right: true, cell: ({ slotsReserved, slotsReclaiming }) => String(slotsReserved - slotsReclaiming) },
  { title: 'reclaiming', right: true, spare: 3, cell: ({ slotsReclaiming }) => String(slotsReclaiming) },
  { title: 'withdrawn', right: true, spare: 2, cell: ({ slotsWithdrawn }) => String(slotsWithdrawn) },
  { title: 'slots', right: true, cell: ({ slots }) => String(slots) },
];

/** `marie executors cordon`. */
export async function cordon(io: Io, executor: string, options: RemoteOptions): Promise<void> {
  await control(io, options, `${executor} cordoned`, ({ operations }) => operations.cordon(executor));
  suggest(io, options, sh`marie executors uncordon ${executor}`, 'gives it work again');
}

/** `marie executors uncordon`. */
export function uncordon(io: Io, executor: string, options: RemoteOptions): Promise<void> {
  return control(io, options, `${executor} uncordoned`, ({ operations }) => operations.uncordon(executor));
}

/** `marie executors drain`. */
export async function drain(
  io: Io,
  executor: string,
  options: RemoteOptions & { readonly wait?: boolean },
): Promise<void> {
  await control(io, options, `${executor} drains, decided`, ({ operations }) => operations.drain(executor));
  if (!options.wait) return;
  await interruptible(async (signal) => {
    if (await untilDrained(io, executor, options, signal)) io.note(`${executor} holds no slot any more`);
    else exitInterrupted(signal);
  });
}

function untilDrained(io: Io, executor: string, options: RemoteOptions, signal: AbortSignal): Promise<boolean> {
  const meter = new Meter(io);
  return withFabric(
    options,
    async ({ operations }) => {
      try {
        while (!signal.aborted) {
          const found = (await operations.executors()).find((one) => one.executor === executor);
          if (found === undefined || found.slotsReserved === 0) return true;
          meter.show(() => `${executor} holds ${counted(found.slotsReserved, 'slot')}`);
          await pause(LOOK_EVERY_SECONDS, signal);
        }
        return false;
      } finally {
        meter.clear();
      }
    },
    signal,
  );
}

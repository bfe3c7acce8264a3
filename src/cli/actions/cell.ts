import type { Operations } from '../../client/index.js';
import type { RemoteOptions } from '../arguments.js';
import { misuse } from '../exit.js';
import { suggest, withFabric } from '../remote.js';
import type { Io } from '../terminal/io.js';
import { clockText, FOLLOW_CLOCK, isToFollow } from '../text/clock.js';
import { counted, grouped, moment } from '../text/format.js';
import { parseWhen } from '../text/when.js';
import { control } from './controls.js';

/** `marie cell get`. */
export async function cell(io: Io, options: RemoteOptions): Promise<void> {
  const seen = await withFabric(options, ({ operations }) => operations.cell());
  io.emit('cell', seen, (shown) =>
    [
      `${io.colors.bold(shown.cell)} turn ${grouped(shown.turn)} at ${moment(shown.atMs)}, epoch ${shown.epoch}`,
      `policy ${shown.policy}`,
      `${counted(shown.openDags, 'open DAG')}, ${counted(shown.knownJobs, 'known job')}, ${grouped(shown.readyJobs)} ready`,
      `${counted(shown.inboxWaiting, 'input waits', 'inputs wait')}`,
      ...clockLines(io, shown.clockAheadMs),
    ].join('\n'),
  );
  if (isToFollow(seen.clockAheadMs)) suggest(io, options, FOLLOW_CLOCK, 'if the clock of the fabric is right');
  else suggest(io, options, 'marie top', 'shows it live');
}

function clockLines(io: Io, aheadMs: number | null): readonly string[] {
  const text = clockText(aheadMs);
  return text === null ? [] : [io.colors.yellow(text)];
}

/** `marie cell accept-clock`. */
export function acceptClock(io: Io, when: string | undefined, options: RemoteOptions): Promise<void> {
  const namedMs = when === undefined ? null : parseWhen(when, '[when]', Date.now());
  return control(io, options, 'the clock is followed, decided', async ({ operations }) =>
    operations.acceptClock(namedMs ?? (await wallClockOf(operations))),
  );
}

/** What the wall clock of the process that leads shows: journal time never goes back, and this machine's may be wrong. */
async function wallClockOf(operations: Operations): Promise<number> {
  const { nowMs, clockAheadMs } = await operations.cell();
  if (clockAheadMs !== null) return nowMs + clockAheadMs;
  const why = 'this process tells of no clock: it does not lead, or is older than this command';
  const todo = 'Ask the one that leads (marie cluster), or name what its clock shows.';
  throw misuse(why, { where: '[when]', todo });
}

/** `marie policy get`. */
export async function showPolicy(io: Io, options: RemoteOptions): Promise<void> {
  const seen = await withFabric(options, ({ operations }) => operations.cell());
  io.emit('policy', { policy: seen.policy }, ({ policy }) => policy);
}

/** `marie policy set`. */
export function setPolicy(io: Io, policy: string, options: RemoteOptions): Promise<void> {
  return control(io, options, `the policy is ${policy}, decided`, ({ operations }) => operations.setPolicy(policy));
}

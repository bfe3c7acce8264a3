import { type CellProcess, FabricError } from '../../client/index.js';
import type { RemoteOptions } from '../arguments.js';
import { CliError, Exit } from '../exit.js';
import type { OutputOf } from '../outputs/index.js';
import { withFabric } from '../remote.js';
import type { Io } from '../terminal/io.js';
import { grouped } from '../text/format.js';
import { type ColumnOf, tableOf } from '../text/table.js';

/** A process that serves has its answer at hand: one that stands still must not hide what the others say. */
const ANSWER_MS = 5_000;

interface Member {
  readonly url: string;
  readonly process: CellProcess | null;
}

/** `marie cluster`: asks each process what it is. */
export async function cluster(io: Io, urls: readonly string[], options: RemoteOptions): Promise<void> {
  const members = await Promise.all((urls.length === 0 ? [options.url] : urls).map((url) => ask({ ...options, url })));
  const furthest = Math.max(0, ...members.map(({ process }) => process?.turn ?? 0));
  const processes = members.map(({ url, process }) => ({
    url,
    role: process?.role ?? ('unreachable' as const),
    cell: process?.cell ?? null,
    epoch: process?.epoch ?? null,
    turn: process?.turn ?? null,
    lag: process === null ? null : furthest - process.turn,
  }));
  io.emit('cluster', { processes }, (shown) => tableOf(io, COLUMNS, shown.processes));
  if (!processes.some(({ role }) => role === 'leader')) process.exitCode = Exit.Unavailable;
}

async function ask(options: RemoteOptions): Promise<Member> {
  const late = AbortSignal.timeout(ANSWER_MS);
  try {
    return { url: options.url, process: await withFabric(options, ({ operations }) => operations.process(), late) };
  } catch (error) {
    if (late.aborted) return { url: options.url, process: null };
    if (error instanceof CliError && error.exitCode === Exit.Unreachable) return { url: options.url, process: null };
    if (error instanceof FabricError && error.status === 503) return { url: options.url, process: null };
    throw error;
  }
}

const COLUMNS: readonly ColumnOf<OutputOf<'cluster'>['processes'][number]>[] = [
  { title: 'process', cell: ({ url }) => url },
  { title: 'role', cell: ({ role }) => role },
  { title: 'cell', cell: ({ cell }) => cell ?? '-' },
  { title: 'epoch', right: true, cell: ({ epoch }) => grouped(epoch) },
  { title: 'turn', right: true, cell: ({ turn }) => grouped(turn) },
  { title: 'lag', right: true, cell: ({ lag }) => grouped(lag) },
];

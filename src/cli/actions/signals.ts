import type { Signal, SignalSeries } from '../../client/index.js';
import type { RemoteOptions } from '../arguments.js';
import { withFabric } from '../remote.js';
import type { Io } from '../terminal/io.js';
import { duration, grouped } from '../text/format.js';
import { type ColumnOf, tableOf } from '../text/table.js';
import { visibleIn } from '../text/visible.js';

export interface SignalsOptions extends RemoteOptions {
  readonly window: number;
}

/** What was measured of something. */
type Measured = Pick<Signal, 'signal'> & SignalSeries;

const COLUMNS: readonly ColumnOf<Measured>[] = [
  { title: 'signal', cell: ({ signal }) => signal },
  { title: 'of', cell: ({ labels }) => namesIn(labels).join(' ') },
  { title: 'count', right: true, cell: ({ count }) => grouped(count) },
  { title: 'p50', right: true, cell: ({ p50Ms }) => duration(p50Ms) },
  { title: 'p90', right: true, cell: ({ p90Ms }) => duration(p90Ms) },
  { title: 'p99', right: true, cell: ({ p99Ms }) => duration(p99Ms) },
  { title: 'longest', right: true, cell: ({ maxMs }) => duration(maxMs) },
];

/** `marie signals`: how long things took lately. */
export async function signals(io: Io, options: SignalsOptions): Promise<void> {
  const windowMs = options.window * 1_000;
  const found = await withFabric(options, ({ operations }) => operations.signals(windowMs));
  const all: readonly Measured[] = found.flatMap((signal) =>
    signal.series.map((series) => ({ signal: signal.signal, ...series })),
  );
  const measured = all.filter(({ count }) => count > 0);
  io.emit('signals', { signals: found }, () => tableOf(io, COLUMNS, visibleIn(measured)));
  const rest = all.length - measured.length;
  if (rest > 0) io.note(`${rest} of ${all.length} have nothing in the last ${options.window} s`);
  io.note('docs/signals.md says from which moment to which each is measured');
}

function namesIn(labels: SignalSeries['labels']): readonly string[] {
  return Object.values(labels).filter((value) => value !== 'default');
}

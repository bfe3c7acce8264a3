import type { Signal, SignalSeries } from '../../client/index.js';
import type { RemoteOptions } from '../arguments.js';
import { duration, grouped } from '../format.js';
import type { Io } from '../io.js';
import { withFabric } from '../remote.js';
import { type Column, tableText } from '../table.js';
import { visibleIn } from '../visible.js';

export interface SignalsOptions extends RemoteOptions {
  readonly window: number;
}

const COLUMNS: readonly Column[] = [
  { title: 'signal' },
  { title: 'of' },
  { title: 'count', right: true },
  { title: 'p50', right: true },
  { title: 'p90', right: true },
  { title: 'p99', right: true },
  { title: 'longest', right: true },
];

/** `marie signals`: how long things took lately. */
export async function signals(io: Io, options: SignalsOptions): Promise<void> {
  const windowMs = options.window * 1_000;
  const found = await withFabric(options, ({ operations }) => operations.signals(windowMs));
  const all = found.flatMap((signal) => signal.series.map((series) => ({ signal, series })));
  const measured = all.filter(({ series }) => series.count > 0);
  const rows = measured.map(({ signal, series }) => rowOf(signal, series));
  io.emit('signals', { signals: found }, () => tableText(io, COLUMNS, visibleIn(rows)));
  const rest = all.length - measured.length;
  if (rest > 0) io.note(`${rest} of ${all.length} have nothing in the last ${options.window} s`);
  io.note('docs/signals.md says from which moment to which each is measured');
}

function rowOf({ signal }: Signal, { labels, count, p50Ms, p90Ms, p99Ms, maxMs }: SignalSeries): readonly string[] {
  const of = Object.values(labels).filter((value) => value !== 'default');
  return [signal, of.join(' '), grouped(count), ...[p50Ms, p90Ms, p99Ms, maxMs].map(duration)];
}

/** The signals as Prometheus metrics: histograms by class, and the pressure as gauges. */
import type { Metric, Registry } from 'prom-client';
import type { PressureView } from '../../answers/types.js';
import type { SignalRecorder } from './recorder.js';
import { BUCKETS_MS, PRESSURE, SIGNAL_KEYS, SIGNALS, type SignalKey } from './signals.js';

interface Sample {
  readonly labels: Readonly<Record<string, string | number>>;
  readonly value: number;
  readonly metricName?: string;
}

/** Registers a metric for each signal. They are read when somebody asks, and cost nothing until then. */
export function registerSignals(
  registry: Registry,
  recorder: SignalRecorder,
  pressure: () => Promise<readonly PressureView[]>,
): void {
  for (const key of SIGNAL_KEYS) {
    const info = SIGNALS[key];
    const name = `marie_${snake(info.name)}_ms`;
    register(
      registry,
      { name, help: `${info.title}: from when ${info.from} until ${info.to}`, type: 'histogram' },
      async () => histogramSamples(name, recorder, key),
    );
  }
  const name = `marie_${snake(PRESSURE.name)}`;
  register(registry, { name, help: PRESSURE.about, type: 'gauge' }, async () => (await pressure()).map(pressureSample));
}

/** prom-client's own histograms are told of every value with its labels, which costs more than the turn itself. */
function register(
  registry: Registry,
  info: { readonly name: string; readonly help: string; readonly type: string },
  read: () => Promise<readonly Sample[]>,
): void {
  const metric = {
    ...info,
    aggregator: 'sum',
    get: async () => ({ ...info, aggregator: 'sum', values: await read() }),
  };
  registry.registerMetric(metric as unknown as Metric);
}

function histogramSamples(name: string, recorder: SignalRecorder, key: SignalKey): Sample[] {
  const samples: Sample[] = [];
  for (const { labels, values } of recorder.series(key)) {
    values.flush();
    let below = 0;
    BUCKETS_MS.forEach((bound, i) => {
      below += values.bucketCounts[i]!;
      samples.push({ labels: { ...labels, le: bound }, value: below, metricName: `${name}_bucket` });
    });
    samples.push({ labels: { ...labels, le: '+Inf' }, value: values.count, metricName: `${name}_bucket` });
    samples.push({ labels, value: values.sumMs, metricName: `${name}_sum` });
    samples.push({ labels, value: values.count, metricName: `${name}_count` });
  }
  return samples;
}

function pressureSample(view: PressureView): Sample {
  const { group, executorClass, priority, open, atRisk, overdue } = view;
  const labels = { group: group ?? '', class: executorClass ?? '', priority };
  return { labels, value: open === 0 ? 0 : (atRisk + overdue) / open };
}

function snake(name: string): string {
  return name.replaceAll('-', '_');
}

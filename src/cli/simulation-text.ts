import type { CurvePoint, GroupReport, RunReport, Spread } from '../simulate/index.js';
import { counted, duration, grouped } from './format.js';
import type { Io } from './io.js';
import { type Column, tableText } from './table.js';

/** A report with what people want to read beside it. */
export interface ShownReport extends RunReport {
  readonly policy: string;
  readonly seed: number;
  readonly seconds: number;
  readonly curve: readonly CurvePoint[];
  readonly goal: object | undefined;
  readonly smallestEnough: number | null;
}

/** The report of a simulation for people: a line about the run, then what waited, what ended, what a size would do. */
export function simulationText(io: Io, report: ShownReport): string {
  const parts = [
    headText(io, report),
    classTable(io, report),
    groupTable(io, 'DAGs', report.names.length > 1 ? [...report.names, report.all] : report.names),
  ];
  if (report.tenants.length > 1) parts.push(tenantTable(io, report.tenants));
  if (report.curve.length > 0) parts.push(curveText(io, report));
  return parts.join('\n\n');
}

const ENDS: Readonly<Record<RunReport['end'], string>> = {
  drained: 'every DAG has ended',
  until: 'its time was up',
  stalled: 'it was given up: jobs wait that can never run',
};

function headText({ colors }: Io, report: ShownReport): string {
  const { policy, seed, simulatedMs, seconds, end, all, attempts, waiting, refusals, assumedAttempts } = report;
  const lines = [
    `${colors.bold(duration(simulatedMs))} of ${counted(all.dags, 'DAG')} and ${counted(attempts, 'attempt')} under ` +
      `${policy}, seed ${seed}: ${ENDS[end]} (took ${duration(seconds * 1_000)})`,
  ];
  if (waiting.jobs > 0) {
    const longest = duration(waiting.longestMs);
    lines.push(
      colors.yellow(`${counted(waiting.jobs, 'job')} still waited at the end, the first of them for ${longest}`),
    );
  }
  if (assumedAttempts > 0) {
    lines.push(`${counted(assumedAttempts, 'attempt')} took the estimate: the journal doesn't say how it ended`);
  }
  for (const { code, count, detail } of refusals) {
    lines.push(colors.red(`${counted(count, 'input')} refused, ${code}: ${detail}`));
  }
  return lines.join('\n');
}

/** A column of numbers; where a terminal is narrow, those with a small `spare` are left out first. */
function right(title: string, spare?: number): Column {
  return { title, right: true, ...(spare === undefined ? {} : { spare }) };
}

/** Columns of a spread, as `spreadCells` fills them. */
function spreadColumns(first: string): readonly Column[] {
  return [right(`${first} p50`, 3), right('p90', 2), right('p99'), right('longest', 4)];
}

function classTable(io: Io, { classes }: RunReport): string {
  const columns = [
    { title: 'class' },
    ...[right('slots'), right('in use'), right('busiest', 1), right('attempts', 5)],
    ...spreadColumns('wait'),
  ];
  const rows = classes.map(({ name, slots, utilisation, busiest, attempts, wait }) => {
    return [name, String(slots), percent(utilisation), String(busiest), grouped(attempts), ...spreadCells(wait)];
  });
  return tableText(io, columns, rows);
}

function groupTable(io: Io, title: string, groups: readonly GroupReport[]): string {
  const columns = [
    { title },
    ...[right('number'), right('failed', 6), right('open', 5), right('wait p99', 1)],
    ...spreadColumns('took'),
    right('in time'),
  ];
  const rows = groups.map(({ name, dags, failed, open, wait, latency, deadlines }) => {
    const waited = duration(wait?.p99Ms ?? null);
    return [name, grouped(dags), grouped(failed), grouped(open), waited, ...spreadCells(latency), inTime(deadlines)];
  });
  return tableText(io, columns, rows);
}

function tenantTable(io: Io, tenants: readonly GroupReport[]): string {
  const all = tenants.reduce((sum, { slotMs }) => sum + slotMs, 0);
  const columns = [
    { title: 'tenant' },
    ...['DAGs', 'slot time', 'share', 'took p50', 'p99', 'in time'].map((title) => right(title)),
  ];
  const rows = tenants.map(({ name, dags, slotMs, latency, deadlines }) => {
    const took = [duration(latency?.p50Ms ?? null), duration(latency?.p99Ms ?? null)];
    return [name, grouped(dags), duration(slotMs), percent(slotMs / Math.max(1, all)), ...took, inTime(deadlines)];
  });
  return tableText(io, columns, rows);
}

function curveText(io: Io, { curve, goal, smallestEnough }: ShownReport): string {
  const names = curve[0]!.classes.map(({ name }) => name);
  const isRefusing = curve.some(({ refused }) => refused > 0);
  const columns = [
    right('size'),
    ...names.map((name) => right(`${name} slots`, 1)),
    right('most in use', 3),
    ...['wait p99', 'took p99', 'in time'].map((title) => right(title)),
    right('open', 2),
    ...(isRefusing ? [right('refused')] : []),
    ...(goal === undefined ? [] : [{ title: 'enough' }]),
  ];
  const rows = curve.map((point) => {
    const { factor, classes, waitMs, latencyMs, deadlines, open, refused, isEnough } = point;
    return [
      `x${factor}`,
      ...classes.map(({ slots }) => String(slots)),
      percent(classes.reduce((most, { utilisation }) => Math.max(most, utilisation), 0)),
      duration(waitMs),
      duration(latencyMs),
      inTime(deadlines),
      grouped(open),
      ...(isRefusing ? [grouped(refused)] : []),
      ...(isEnough === null ? [] : [isEnough ? io.colors.green('yes') : 'no']),
    ];
  });
  const table = tableText(io, columns, rows);
  if (goal === undefined) return table;
  const found =
    smallestEnough === null
      ? 'no size of the curve reaches the goal'
      : `x${smallestEnough} is the smallest size that reaches the goal`;
  return `${table}\n${found}`;
}

function spreadCells(spread: Spread | null): string[] {
  if (spread === null) return ['-', '-', '-', '-'];
  return [spread.p50Ms, spread.p90Ms, spread.p99Ms, spread.longestMs].map(duration);
}

/** The share of deadlines that were met, of those that were decided. */
function inTime({ decided, met }: GroupReport['deadlines']): string {
  return decided === 0 ? '-' : percent(met / decided);
}

function percent(share: number): string {
  return `${(share * 100).toFixed(share >= 0.9995 || share === 0 ? 0 : 1)} %`;
}

import type { CurvePoint, GroupReport, RunReport, Spread } from '../simulate/index.js';
import { duration, grouped } from './format.js';
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
    `${colors.bold(duration(simulatedMs))} of ${grouped(all.dags)} DAGs and ${grouped(attempts)} attempts under ` +
      `${policy}, seed ${seed}: ${ENDS[end]} (took ${duration(seconds * 1_000)})`,
  ];
  if (waiting.jobs > 0) {
    const longest = duration(waiting.longestMs);
    lines.push(
      colors.yellow(`${grouped(waiting.jobs)} jobs still waited at the end, the first of them for ${longest}`),
    );
  }
  if (assumedAttempts > 0) {
    lines.push(`${grouped(assumedAttempts)} attempts took their estimate: the journal doesn't say how they ended`);
  }
  for (const { code, count, detail } of refusals) {
    lines.push(colors.red(`${grouped(count)} inputs were refused, ${code}: ${detail}`));
  }
  return lines.join('\n');
}

const right = (title: string): Column => ({ title, right: true });

function classTable(io: Io, { classes }: RunReport): string {
  const columns = [
    { title: 'class' },
    ...['slots', 'in use', 'busiest', 'attempts', 'wait p50', 'p90', 'p99', 'longest'].map(right),
  ];
  const rows = classes.map(({ name, slots, utilisation, busiest, attempts, wait }) => {
    return [name, String(slots), percent(utilisation), String(busiest), grouped(attempts), ...spreadCells(wait)];
  });
  return tableText(io, columns, rows);
}

function groupTable(io: Io, title: string, groups: readonly GroupReport[]): string {
  const columns = [
    { title },
    ...['number', 'failed', 'open', 'wait p99', 'took p50', 'p90', 'p99', 'longest', 'in time'].map(right),
  ];
  const rows = groups.map(({ name, dags, failed, open, wait, latency, deadlines: { decided, met } }) => {
    const inTime = decided === 0 ? '-' : percent(met / decided);
    const waited = duration(wait?.p99Ms ?? null);
    return [name, grouped(dags), String(failed), String(open), waited, ...spreadCells(latency), inTime];
  });
  return tableText(io, columns, rows);
}

function tenantTable(io: Io, tenants: readonly GroupReport[]): string {
  const all = tenants.reduce((sum, { slotMs }) => sum + slotMs, 0);
  const columns = [{ title: 'tenant' }, ...['DAGs', 'slot time', 'share', 'took p50', 'p99', 'in time'].map(right)];
  const rows = tenants.map(({ name, dags, slotMs, latency, deadlines: { decided, met } }) => {
    const took = [duration(latency?.p50Ms ?? null), duration(latency?.p99Ms ?? null)];
    const inTime = decided === 0 ? '-' : percent(met / decided);
    return [name, grouped(dags), duration(slotMs), percent(slotMs / Math.max(1, all)), ...took, inTime];
  });
  return tableText(io, columns, rows);
}

function curveText(io: Io, { curve, goal, smallestEnough }: ShownReport): string {
  const names = curve[0]!.classes.map(({ name }) => name);
  const columns = [
    right('size'),
    ...names.map((name) => right(`${name} slots`)),
    ...['most in use', 'wait p99', 'took p99', 'in time', 'open'].map(right),
    ...(goal === undefined ? [] : [{ title: 'enough' }]),
  ];
  const rows = curve.map(({ factor, classes, waitMs, latencyMs, deadlines: { decided, met }, open, isEnough }) => [
    `x${factor}`,
    ...classes.map(({ slots }) => String(slots)),
    percent(classes.reduce((most, { utilisation }) => Math.max(most, utilisation), 0)),
    duration(waitMs),
    duration(latencyMs),
    decided === 0 ? '-' : percent(met / decided),
    String(open),
    ...(isEnough === null ? [] : [isEnough ? io.colors.green('yes') : 'no']),
  ]);
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

function percent(share: number): string {
  return `${(share * 100).toFixed(share >= 0.9995 || share === 0 ? 0 : 1)} %`;
}

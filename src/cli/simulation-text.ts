import type { GroupReport, RunReport } from '../simulate/index.js';
import { counted, duration, grouped, reportLines } from './format.js';
import type { Io } from './io.js';
import {
  deadlineCells,
  deadlineColumns,
  inTime,
  nameText,
  percent,
  right,
  spreadCells,
  spreadColumns,
} from './simulation-cells.js';
import { curveText, type ShownCurve, verdictText } from './simulation-curve.js';
import { isSameJob, stuckText, tooWideText } from './simulation-stuck.js';
import { tableText } from './table.js';

/** A report with what people want to read beside it. */
export interface ShownReport extends RunReport, ShownCurve {
  readonly policy: string;
  readonly seed: number;
  readonly seconds: number;
}

/** The report of a simulation for people: a line about the run, then what waited, what ended, what a size would do. */
export function simulationText(io: Io, report: ShownReport): string {
  const parts = [
    headText(io, report),
    classTable(io, report),
    groupTable(io, 'DAGs', report.names.length > 1 ? [...report.names, report.all] : report.names),
  ];
  if (report.held.length > 0) parts.push(heldTable(io, report));
  if (report.tenants.length > 1) parts.push(tenantTable(io, report.tenants));
  if (report.curve.length > 0) parts.push(curveText(io, report));
  const { enough, curve } = report;
  if (enough !== null && !curve.some(({ factor }) => factor === 1))
    parts.push(reportLines(io, [verdictText(io, enough, report)]));
  return parts.join('\n\n');
}

const ENDS: Readonly<Record<RunReport['end'], string>> = {
  drained: 'every DAG has ended',
  until: 'its time was up',
  stalled: 'it was given up, for nothing had run for 24 hours',
};

/** Kinds of stuck jobs that are listed. */
const MAX_STUCK = 10;

function headText(io: Io, report: ShownReport): string {
  const { colors } = io;
  const { policy, seed, simulatedMs, seconds, end, all, attempts, waiting, refusals, assumedAttempts } = report;
  const lines = [
    `${colors.bold(duration(simulatedMs))} of ${counted(all.dags, 'DAG')} and ${counted(attempts, 'attempt')} under ` +
      `${policy}, seed ${seed}: ${ENDS[end]} (took ${duration(seconds * 1_000)})`,
  ];
  if (waiting.jobs > 0 && end !== 'stalled') {
    const longest = duration(waiting.longestMs);
    lines.push(
      colors.yellow(`${counted(waiting.jobs, 'job')} still waited at the end, the first of them for ${longest}`),
    );
  }
  if (assumedAttempts > 0) {
    lines.push(
      `${counted(assumedAttempts, 'attempt')} took the estimate, or longer than it had run: the journal doesn't say how it ended`,
    );
  }
  lines.push(...report.stuck.slice(0, MAX_STUCK).map((stuck) => colors.red(stuckText(stuck))));
  if (report.stuck.length > MAX_STUCK)
    lines.push(`and ${counted(report.stuck.length - MAX_STUCK, 'other kind')} of them`);
  const others = report.tooWide.filter((one) => !report.stuck.some((stuck) => isSameJob(stuck, one)));
  lines.push(...others.map((one) => colors.red(tooWideText(one))));
  lines.push(...report.notes.map((note) => colors.yellow(note)));
  for (const { code, count, detail } of refusals) {
    lines.push(colors.red(`${counted(count, 'input')} refused, ${code}: ${detail}`));
  }
  return reportLines(io, lines);
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
  const due = groups.map(({ deadlines }) => deadlines);
  const isHeld = groups.some(({ held }) => held !== null);
  const columns = [
    { title },
    ...[right('number'), right('failed', 6), right('open', 5)],
    ...(isHeld ? [right('held p99', 1)] : []),
    right('wait p99', 1),
    ...spreadColumns('took'),
    ...deadlineColumns(due),
  ];
  const rows = groups.map(({ name, dags, failed, open, held, wait, latency, deadlines }) => {
    const waited = [...(isHeld ? [held] : []), wait].map((spread) => duration(spread?.p99Ms ?? null));
    const numbers = [dags, failed, open].map(grouped);
    return [nameText(name), ...numbers, ...waited, ...spreadCells(latency), ...deadlineCells(deadlines, due)];
  });
  return tableText(io, columns, rows);
}

/** DAGs that waited for a limit of their tenant, which no more slots would have changed. */
function heldTable(io: Io, { held }: RunReport): string {
  const columns = [
    { title: 'held by' },
    { title: 'tenant' },
    ...[right('DAGs'), right('still held', 5)],
    ...spreadColumns('held'),
  ];
  const rows = held.map(({ tenant, limit, most, dags, open, time }) => {
    return [`${limit} ${grouped(most)}`, tenant, grouped(dags), grouped(open), ...spreadCells(time)];
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

import type { GroupReport, RunReport } from '../../simulate/index.js';
import type { Io } from '../terminal/io.js';
import { counted, duration, grouped, reportLines } from '../text/format.js';
import { type ColumnOf, tableOf } from '../text/table.js';
import { deadlineColumns, inTime, nameText, percent, right, spreadColumns } from './cells.js';
import { curveText, type ShownCurve, verdictText } from './curve.js';
import { isSameJob, stuckText, tooWideText } from './stuck.js';

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
  type Class = RunReport['classes'][number];
  const columns: readonly ColumnOf<Class>[] = [
    { title: 'class', cell: ({ name }) => name },
    right('slots', ({ slots }) => String(slots)),
    right('in use', ({ utilisation }) => percent(utilisation)),
    right('busiest', ({ busiest }) => String(busiest), 1),
    right('attempts', ({ attempts }) => grouped(attempts), 5),
    ...spreadColumns<Class>('wait', ({ wait }) => wait),
  ];
  return tableOf(io, columns, classes);
}

function groupTable(io: Io, title: string, groups: readonly GroupReport[]): string {
  const isHeld = groups.some(({ held }) => held !== null);
  const columns: readonly ColumnOf<GroupReport>[] = [
    { title, cell: ({ name }) => nameText(name) },
    right('number', ({ dags }) => grouped(dags)),
    right('failed', ({ failed }) => grouped(failed), 6),
    right('open', ({ open }) => grouped(open), 5),
    ...(isHeld ? [right<GroupReport>('held p99', ({ held }) => duration(held?.p99Ms ?? null), 1)] : []),
    right('wait p99', ({ wait }) => duration(wait?.p99Ms ?? null), 1),
    ...spreadColumns<GroupReport>('took', ({ latency }) => latency),
    ...deadlineColumns(groups),
  ];
  return tableOf(io, columns, groups);
}

/** DAGs that waited for a limit of their tenant, which no more slots would have changed. */
function heldTable(io: Io, { held }: RunReport): string {
  type Held = RunReport['held'][number];
  const columns: readonly ColumnOf<Held>[] = [
    { title: 'held by', cell: ({ limit, most }) => `${limit} ${grouped(most)}` },
    { title: 'tenant', cell: ({ tenant }) => tenant },
    right('DAGs', ({ dags }) => grouped(dags)),
    right('still held', ({ open }) => grouped(open), 5),
    ...spreadColumns<Held>('held', ({ time }) => time),
  ];
  return tableOf(io, columns, held);
}

function tenantTable(io: Io, tenants: readonly GroupReport[]): string {
  const all = tenants.reduce((sum, { slotMs }) => sum + slotMs, 0);
  const columns: readonly ColumnOf<GroupReport>[] = [
    { title: 'tenant', cell: ({ name }) => name },
    right('DAGs', ({ dags }) => grouped(dags)),
    right('slot time', ({ slotMs }) => duration(slotMs)),
    right('share', ({ slotMs }) => percent(slotMs / Math.max(1, all))),
    right('took p50', ({ latency }) => duration(latency?.p50Ms ?? null)),
    right('p99', ({ latency }) => duration(latency?.p99Ms ?? null)),
    right('in time', inTime),
  ];
  return tableOf(io, columns, tenants);
}

import type { Colors } from '../terminal/io.js';
import { clockText } from '../text/clock.js';
import { compact, counted, grouped } from '../text/format.js';
import { fitted, padded, widthOf } from '../text/width.js';
import type { Snapshot } from './snapshot.js';

type ClassRow = Snapshot['classes'][number];
type RiskRow = Snapshot['atRisk'][number];

/** Where the view is drawn; `rows` is null where there is room for everything. */
export interface Frame {
  readonly columns: number;
  readonly rows: number | null;
  readonly colors: Colors;
}

/** Of the rows that are left, DAGs at risk get at most this share, as 1 / n. */
const RISK_SHARE = 3;
const BAR = 8;
/** Columns of such a DAG's line: its name at the least, which takes what others leave where it needs more; all others. */
const RISK_NAME = 30;
const RISK_REST = 50;

/** The view as lines, none longer than the frame's columns, no more than its rows. */
export function viewOf(snapshot: Snapshot, frame: Frame): readonly string[] {
  const head = headLines(snapshot, frame);
  const left = frame.rows === null ? Number.POSITIVE_INFINITY : Math.max(0, frame.rows - head.length);
  const names = Math.max(0, ...snapshot.atRisk.map((dag) => widthOf(riskName(dag))));
  const room = Math.max(RISK_NAME, Math.min(names, frame.columns - RISK_REST));
  const risk = section(
    snapshot.atRisk.map((dag) => riskLine(dag, room, snapshot.atMs, frame)),
    'DAGs at risk',
    snapshot.dagsAtRisk + snapshot.dagsOverdue,
    Math.floor(left / RISK_SHARE),
    frame,
  );
  const classes = section(
    busiestFirst(snapshot.classes).map((one) => classLine(one, frame)),
    cut(CLASS_HEAD, frame.columns),
    snapshot.classes.length,
    left - risk.length,
    frame,
  );
  return [...head, ...classes, ...risk];
}

function headLines(snapshot: Snapshot, { columns, colors }: Frame): readonly string[] {
  const { cell, policy, turn, atMs, inboxWaiting, openDags, dagsAtRisk, dagsOverdue, knownJobs, readyJobs } = snapshot;
  const time = new Date(atMs).toISOString().slice(11, 19);
  const first = `cell ${cell}  ${policy}  turn ${grouped(turn)}  inbox ${grouped(inboxWaiting)}  ${time} UTC`;
  const dags = `${counted(openDags, 'DAG')} open, ${grouped(dagsAtRisk)} at risk, ${grouped(dagsOverdue)} overdue`;
  const jobs = `${grouped(readyJobs)} of ${grouped(knownJobs)} jobs ready`;
  const { endToEnd, frontierWait } = snapshot;
  const times = `end to end ${pair(endToEnd)}   first job ready ${pair(frontierWait)}   (p50 / p99)`;
  const text = [first, `${dags}   ${jobs}`, times].map((line) => cut(line, columns));
  const head = text.map((line, at) =>
    at === 0 ? colors.bold(line) : at === 1 ? hot(line, snapshot, colors) : colors.dim(line),
  );
  const clock = clockText(snapshot.clockAheadMs);
  return clock === null ? head : [...head, colors.yellow(cut(clock, columns))];
}

/** The line about the DAGs, in red when some are late. */
function hot(line: string, { dagsAtRisk, dagsOverdue }: Snapshot, colors: Colors): string {
  if (dagsOverdue > 0) return colors.red(line);
  return dagsAtRisk > 0 ? colors.yellow(line) : line;
}

/** A blank line, a head, and as many lines as there is room for; what is left out is counted. */
function section(
  lines: readonly string[],
  head: string,
  total: number,
  room: number,
  { colors }: Frame,
): readonly string[] {
  if (lines.length === 0 || room < 3) return [];
  const top = ['', colors.dim(head)];
  if (total + 2 <= room && lines.length === total) return [...top, ...lines];
  const shown = lines.slice(0, Math.min(lines.length, Math.max(0, room - 3)));
  return [...top, ...shown, colors.dim(`… ${grouped(total - shown.length)} more`)];
}

/** Widths of a class's columns: name, slots in use, ready, waits, occupancy, rate, how long the ready jobs last. */
const WIDTHS = [14, 10, 10, 15, 7, 8, 7] as const;
const TITLES = ['class', 'in use', 'ready', 'wait p50/p99', 'runs', 'done/s', 'lasts'];
const CLASS_HEAD = row(TITLES[0] ?? '', ' '.repeat(BAR), TITLES.slice(1));

function row(name: string, bar: string, cells: readonly string[]): string {
  const numbers = cells.map((cell, at) => fitted(cell, WIDTHS[at + 1] ?? 0).padStart(WIDTHS[at + 1] ?? 0));
  return `${padded(fitted(name, WIDTHS[0]), WIDTHS[0])} ${bar}${numbers.join('')}`;
}

function classLine(one: ClassRow, { columns, colors }: Frame): string {
  const filled = one.slots === 0 ? 0 : Math.min(BAR, Math.ceil((one.slotsInUse * BAR) / one.slots));
  const bar = `${'█'.repeat(filled)}${'░'.repeat(BAR - filled)}`;
  const cells = [
    `${short(one.slotsInUse)}/${short(one.slots)}`,
    grouped(one.ready),
    pair(one.slotWait),
    compact(one.meanOccupancyMs),
    rate(one.releasedPerSecond),
    one.ready === 0 ? '' : compact(one.readyForMs),
  ];
  const name = one.group === 'default' ? one.executorClass : `${one.group}/${one.executorClass}`;
  const line = cut(row(name, bar, cells), columns);
  if (one.slots === 0 && one.ready > 0) return colors.red(line);
  return one.ready > 0 && one.slotsInUse >= one.slots ? colors.yellow(line) : line;
}

function busiestFirst(classes: readonly ClassRow[]): readonly ClassRow[] {
  return [...classes].sort((a, b) => b.ready - a.ready || b.slotsInUse - a.slotsInUse || order(a, b));
}

function order(a: ClassRow, b: ClassRow): number {
  return a.executorClass < b.executorClass ? -1 : 1;
}

function riskName({ dagId, tenant }: RiskRow): string {
  return `${dagId} (${tenant})`;
}

function riskLine(dag: RiskRow, room: number, nowMs: number, frame: Frame): string {
  const { risk, deadlineAtMs, jobsLeft, jobsTotal } = dag;
  const due = deadlineAtMs === null ? '' : dueText(deadlineAtMs - nowMs);
  const state = risk === 'at-risk' ? 'at risk' : 'overdue';
  const left = `${grouped(jobsLeft)}/${grouped(jobsTotal)} jobs left`;
  const name = padded(fitted(riskName(dag), room), room);
  const line = cut(`${name} ${state.padEnd(8)} ${due.padEnd(13)} ${left.padStart(26)}`, frame.columns);
  return risk === 'at-risk' ? frame.colors.yellow(line) : frame.colors.red(line);
}

function dueText(ms: number): string {
  return ms >= 0 ? `due in ${compact(ms)}` : `${compact(-ms)} late`;
}

function pair({ p50Ms, p99Ms }: Snapshot['endToEnd']): string {
  return p50Ms === null ? '-' : `${compact(p50Ms)}/${compact(p99Ms)}`;
}

function rate(value: number): string {
  return value < 10 ? value.toFixed(1) : grouped(Math.round(value));
}

/** A count of slots in few characters. */
function short(value: number): string {
  return value < 10_000 ? String(value) : `${Math.floor(value / 1_000)}k`;
}

function cut(text: string, columns: number): string {
  return fitted(text.trimEnd(), columns);
}

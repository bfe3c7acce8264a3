import type { Numbers, Played, SweepPoint, WhatIfReport } from '../../../replay/index.js';
import type { Io } from '../terminal/io.js';
import { counted, duration, grouped, reportLines } from '../text/format.js';
import { partingLines } from '../text/parting.js';
import { type Column, type ColumnOf, tableOf, tableText } from '../text/table.js';
import { right } from './cells.js';

/** A history played again, for people: its numbers beside those of what was recorded, and where the two part. */
export function whatIfText(io: Io, { recorded, playedOn, other }: WhatIfReport): string {
  const histories = [
    { title: 'recorded', numbers: recorded },
    // Where the history ends before its DAGs did, what is compared is how it would have gone on.
    ...(playedOn === null ? [] : [{ title: 'played on', numbers: playedOn.numbers }]),
    { title: 'what if', numbers: other.numbers },
  ];
  const rows = comparedRows(histories.map(({ numbers }) => rowsOf(numbers)));
  const table = tableText(io, columnsOf(histories), rows.filter(isTold));
  const lines = [''];
  if (playedOn !== null) {
    const open = counted(recorded.dags.open, 'DAG');
    lines.push(`the history ends with ${open} open: it was played on as it was going, and is compared as such`);
    lines.push(...playedLines('played on', playedOn));
  }
  if (other.parting === null) lines.push('every dispatch is the recorded one');
  else lines.push(...partingLines(other.parting, 'recorded', 'what if'));
  lines.push(...playedLines('what if', other));
  return [table, reportLines(io, lines)].join('\n');
}

/** Names, the histories, and how the last two of them differ: what is in no comparison goes where there is no room. */
function columnsOf(histories: readonly { readonly title: string }[]): readonly Column[] {
  return [
    { title: '', wraps: true },
    ...histories.map(({ title }, at) => ({ title, right: true, ...(at < histories.length - 2 && { spare: 1 }) })),
    { title: 'difference', right: true },
  ];
}

/** What the numbers of a history that was played don't tell. */
function playedLines(name: string, { assumed, endless: { count, first } }: Played): readonly string[] {
  const lines: string[] = [];
  if (assumed > 0) {
    const attempts = counted(assumed, 'attempt');
    lines.push(`${name}: ${attempts} didn't come to an end in the history: estimates tell how long they take`);
  }
  if (count > 0) {
    const more = count > first.length ? ` and ${grouped(count - first.length)} more` : '';
    const dags = `${first.map(({ dag }) => dag).join(', ')}${more}`;
    lines.push(
      `${name}: ${counted(count, 'DAG never ends', 'DAGs never end')}, what they wait for never comes: ${dags}`,
    );
  }
  return lines;
}

/** A number of a history, or several of a kind, and how they are written. */
interface Row {
  readonly name: string;
  readonly values: readonly number[];
  readonly text: (value: number) => string;
}

/** Rows that most histories have nothing but zeros for: they are told where there is something. */
const OFTEN_ZERO: ReadonlySet<string> = new Set(['DAGs open', 'deadlines to come']);

function isTold([name, ...values]: readonly string[]): boolean {
  return !OFTEN_ZERO.has(name!) || values.some((value) => value !== '' && value !== '0');
}

/**
 * Rows by their names: what only some of the histories have, stands
 * with a dash for the others. The last two are compared.
 */
function comparedRows(histories: readonly (readonly Row[])[]): readonly (readonly string[])[] {
  const byName = histories.map((rows) => new Map(rows.map((row) => [row.name, row])));
  const names = new Set(histories.flatMap((rows) => rows.map(({ name }) => name)));
  return [...names].map((name) => {
    const rows = byName.map((all) => all.get(name));
    return [name, ...rows.map(valuesText), differenceText(rows.at(-2), rows.at(-1))];
  });
}

function valuesText(row: Row | undefined): string {
  return row === undefined ? '-' : row.values.map(row.text).join(' / ');
}

function differenceText(a: Row | undefined, b: Row | undefined): string {
  if (a === undefined || b === undefined) return '';
  const differences = b.values.map((value, i) => value - a.values[i]!);
  if (differences.every((difference) => difference === 0)) return '';
  const signed = (value: number) => (value === 0 ? '0' : `${value < 0 ? '-' : '+'}${a.text(Math.abs(value))}`);
  return differences.map(signed).join(' / ');
}

const PERCENT = (permille: number): string => `${(permille / 10).toFixed(1)} %`;

function rowsOf(numbers: Numbers): readonly Row[] {
  const { dags, deadlines, waitsByClass, waitsByTenant, utilisationPermille, fairnessPermille } = numbers;
  const makespanMs = makespanOf(numbers);
  const waits = (kind: string, all: Numbers['waitsByClass']): readonly Row[] =>
    Object.entries(all).map(([name, { mean, p99 }]) => ({
      name: `wait ${kind} ${name}, mean / p99`,
      values: [mean, p99],
      text: duration,
    }));
  return [
    {
      name: 'DAGs succeeded / failed / cancelled',
      values: [dags.succeeded, dags.failed, dags.cancelled],
      text: grouped,
    },
    { name: 'DAGs open', values: [dags.open], text: grouped },
    { name: 'deadlines met / missed', values: [deadlines.met, deadlines.missed], text: grouped },
    { name: 'deadlines to come', values: [deadlines.open], text: grouped },
    ...(makespanMs === null ? [] : [{ name: 'makespan', values: [makespanMs], text: duration }]),
    { name: 'fairness', values: [fairnessPermille], text: (permille) => (permille / 1_000).toFixed(3) },
    ...waits('class', waitsByClass),
    ...waits('tenant', waitsByTenant),
    ...Object.entries(utilisationPermille).map(([name, permille]) => ({
      name: `use of ${name}`,
      values: [permille],
      text: PERCENT,
    })),
  ];
}

/** null where no DAG has ended: there is no end up to which it could be told. */
function makespanOf({ dags, makespanMs }: Numbers): number | null {
  return dags.succeeded + dags.failed + dags.cancelled === 0 ? null : makespanMs;
}

/** A capacity curve for people. */
export function sweepText(io: Io, executorClass: string, points: readonly SweepPoint[]): string {
  const columns: readonly ColumnOf<SweepPoint>[] = [
    right('slots', ({ slots }) => String(slots)),
    right('deadlines met', ({ numbers }) => String(numbers.deadlines.met)),
    right('missed', ({ numbers }) => String(numbers.deadlines.missed)),
    right('DAGs open', ({ numbers }) => String(numbers.dags.open)),
    right('wait mean', ({ numbers }) => duration(numbers.waitsByClass[executorClass]?.mean ?? null)),
    right('wait p99', ({ numbers }) => duration(numbers.waitsByClass[executorClass]?.p99 ?? null)),
    right('use', ({ numbers }) => PERCENT(numbers.utilisationPermille[executorClass] ?? 0)),
    right('makespan', ({ numbers }) => duration(makespanOf(numbers))),
  ];
  return tableOf(io, columns, points);
}

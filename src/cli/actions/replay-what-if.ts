import type { Change, Numbers, SweepPoint, WhatIfReport } from '../../../replay/index.js';
import { CliError, Exit } from '../exit.js';
import { duration, grouped } from '../format.js';
import type { Io } from '../io.js';
import { type Column, tableText } from '../table.js';
import { openHistory, type Watch, watching } from './open-history.js';
import { partingLines } from './replay-bisect.js';

export interface WhatIfOptions {
  readonly policy?: string;
  readonly slots: readonly string[];
  readonly weight: readonly string[];
  readonly without: readonly string[];
  readonly tenant: string;
  readonly sweep?: string;
}

/** `marie replay what-if`: what a history would have come to under a change. */
export async function replayWhatIf(io: Io, place: string, options: WhatIfOptions): Promise<void> {
  const { ImpossibleChange } = await import('../../../replay/index.js');
  try {
    await played(io, place, options);
  } catch (error) {
    if (error instanceof ImpossibleChange) throw new CliError(Exit.Usage, 'usage', error.message);
    throw error;
  }
}

async function played(io: Io, place: string, options: WhatIfOptions): Promise<void> {
  const history = await openHistory(place);
  const { MAX_WEIGHT, Play, sweep, whatIf } = await import('../../../replay/index.js');
  if (options.sweep !== undefined) {
    const range = rangeOf(options.sweep);
    const { executorClass, from, to } = range;
    const change = changeOf(options, MAX_WEIGHT);
    const curve = async (watch: Watch) => {
      const play = await Play.of(history, watch);
      return { executorClass, change, recorded: play.recorded, points: await sweep(play, range, change) };
    };
    const report = await watching(io, 'read', history, curve, { plays: to - from + 1 });
    io.emit('replay-what-if', report, () => sweepText(io, executorClass, report.points));
    return;
  }
  const change = changeOf(options, MAX_WEIGHT);
  const report = await watching(io, 'read', history, (watch) => whatIf(history, change, watch), { plays: 1 });
  io.emit('replay-what-if', report, () => textOf(io, report));
}

function changeOf({ policy, slots, weight, without, tenant }: WhatIfOptions, maxWeight: number): Change {
  return {
    ...(policy !== undefined && { policy }),
    ...(slots.length > 0 && { slots: pairsOf(slots) }),
    ...(weight.length > 0 && { weights: weightsOf(weight, maxWeight) }),
    ...(without.length > 0 && { without: without.map((dag) => ({ tenant, dag })) }),
  };
}

function pairsOf(texts: readonly string[]): Record<string, number> {
  return Object.fromEntries(
    texts.map((text) => {
      const [, name, value] = /^(.+)=(\d{1,7})$/.exec(text) ?? [];
      if (name === undefined) throw new CliError(Exit.Usage, 'usage', `${text} is not NAME=NUMBER`);
      return [name, Number(value)];
    }),
  );
}

function weightsOf(texts: readonly string[], most: number): Record<string, number> {
  const weights = pairsOf(texts);
  for (const weight of Object.values(weights)) {
    if (weight >= 1 && weight <= most) continue;
    throw new CliError(Exit.Usage, 'usage', `the weight of a tenant is 1 to ${most}, not ${weight}`);
  }
  return weights;
}

function rangeOf(text: string): { executorClass: string; from: number; to: number } {
  const [, executorClass, from, to] = /^(?:class=)?(.+):(\d{1,7})\.\.(\d{1,7})$/.exec(text) ?? [];
  if (executorClass === undefined) throw new CliError(Exit.Usage, 'usage', `${text} is not class=NAME:FROM..TO`);
  if (Number(from) > Number(to)) throw new CliError(Exit.Usage, 'usage', `${text}: ${from} is more than ${to}`);
  return { executorClass, from: Number(from), to: Number(to) };
}

const NUMBERS: readonly Column[] = [
  { title: '' },
  { title: 'recorded', right: true },
  { title: 'what if', right: true },
  { title: 'difference', right: true },
];

function textOf(io: Io, { recorded, other }: WhatIfReport): string {
  const { numbers, parting, assumed, end } = other;
  const lines = [tableText(io, NUMBERS, comparedRows(rowsOf(recorded), rowsOf(numbers))), ''];
  if (parting === null) lines.push('every dispatch is the recorded one');
  else lines.push(...partingLines(parting, 'recorded', 'what if'));
  if (assumed > 0) lines.push(`${grouped(assumed)} attempts never ran in the history: they took their estimates`);
  if (end === 'stalled') lines.push('some DAGs never end: nothing is there to run them');
  return lines.join('\n');
}

/** A number of a history, or several of a kind, and how they are written. */
interface Row {
  readonly name: string;
  readonly values: readonly number[];
  readonly text: (value: number) => string;
}

/** Rows by their names: what only one of the histories has, stands with a dash for the other. */
function comparedRows(recorded: readonly Row[], other: readonly Row[]): readonly (readonly string[])[] {
  const byName = (rows: readonly Row[]) => new Map(rows.map((row) => [row.name, row]));
  const [a, b] = [byName(recorded), byName(other)];
  return [...new Map([...a, ...b]).keys()].map((name) => {
    const [own, changed] = [a.get(name), b.get(name)];
    return [name, valuesText(own), valuesText(changed), differenceText(own, changed)];
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
  const { dags, deadlines, makespanMs, waitsByClass, waitsByTenant, utilisationPermille, fairnessPermille } = numbers;
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
    { name: 'deadlines met / missed', values: [deadlines.met, deadlines.missed], text: grouped },
    { name: 'makespan', values: [makespanMs], text: duration },
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

const POINTS: readonly Column[] = ['slots', 'deadlines met', 'missed', 'wait mean', 'wait p99', 'use', 'makespan'].map(
  (title) => ({ title, right: true }),
);

function sweepText(io: Io, executorClass: string, points: readonly SweepPoint[]): string {
  const rows = points.map(({ slots, numbers }) => {
    const wait = numbers.waitsByClass[executorClass];
    return [
      String(slots),
      String(numbers.deadlines.met),
      String(numbers.deadlines.missed + numbers.deadlines.open),
      duration(wait?.mean ?? null),
      duration(wait?.p99 ?? null),
      PERCENT(numbers.utilisationPermille[executorClass] ?? 0),
      duration(numbers.makespanMs),
    ];
  });
  return tableText(io, POINTS, rows);
}

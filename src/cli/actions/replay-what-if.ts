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
  const history = await openHistory(place);
  const { Play, sweep, whatIf } = await import('../../../replay/index.js');
  if (options.sweep !== undefined) {
    const range = rangeOf(options.sweep);
    const { executorClass, from, to } = range;
    const curve = async (watch: Watch) => {
      const play = await Play.of(history, watch);
      return { executorClass, recorded: play.recorded, points: await sweep(play, range) };
    };
    const report = await watching(io, 'read', history, curve, { plays: Math.max(0, to - from + 1) });
    io.emit('replay-what-if', report, () => sweepText(io, executorClass, report.points));
    return;
  }
  const change = changeOf(options);
  const report = await watching(io, 'read', history, (watch) => whatIf(history, change, watch), { plays: 1 });
  io.emit('replay-what-if', report, () => textOf(io, report));
}

function changeOf({ policy, slots, weight, without, tenant }: WhatIfOptions): Change {
  return {
    ...(policy !== undefined && { policy }),
    ...(slots.length > 0 && { slots: pairsOf(slots) }),
    ...(weight.length > 0 && { weights: pairsOf(weight) }),
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

function rangeOf(text: string): { executorClass: string; from: number; to: number } {
  const [, executorClass, from, to] = /^(?:class=)?(.+):(\d{1,7})\.\.(\d{1,7})$/.exec(text) ?? [];
  if (executorClass === undefined) throw new CliError(Exit.Usage, 'usage', `${text} is not class=NAME:FROM..TO`);
  return { executorClass, from: Number(from), to: Number(to) };
}

const NUMBERS: readonly Column[] = [
  { title: '' },
  { title: 'recorded', right: true },
  { title: 'what if', right: true },
];

function textOf(io: Io, { recorded, other }: WhatIfReport): string {
  const { numbers, parting, assumed, end } = other;
  const rows = rowsOf(recorded).map(([name, value], i) => [name, value, rowsOf(numbers)[i]?.[1] ?? '-']);
  const lines = [tableText(io, NUMBERS, rows), ''];
  if (parting === null) lines.push('every dispatch is the recorded one');
  else lines.push(...partingLines(parting, 'recorded', 'what if'));
  if (assumed > 0) lines.push(`${grouped(assumed)} attempts never ran in the history: they took their estimates`);
  if (end === 'stalled') lines.push('some DAGs never end: nothing is there to run them');
  return lines.join('\n');
}

/** Names that one history has and the other hasn't would shift the rows: they are taken by their order. */
function rowsOf(numbers: Numbers): readonly (readonly [string, string])[] {
  const { dags, deadlines, makespanMs, waitsByClass, waitsByTenant, utilisationPermille, fairnessPermille } = numbers;
  const waits = (kind: string, all: Numbers['waitsByClass']) =>
    Object.entries(all).map(
      ([name, { mean, p99 }]) => [`wait ${kind} ${name}, mean / p99`, `${duration(mean)} / ${duration(p99)}`] as const,
    );
  return [
    ['DAGs succeeded / failed / cancelled', `${dags.succeeded} / ${dags.failed} / ${dags.cancelled}`],
    ['deadlines met / missed', `${deadlines.met} / ${deadlines.missed}`],
    ['makespan', duration(makespanMs)],
    ['fairness', (fairnessPermille / 1_000).toFixed(3)],
    ...waits('class', waitsByClass),
    ...waits('tenant', waitsByTenant),
    ...Object.entries(utilisationPermille).map(
      ([name, permille]) => [`use of ${name}`, `${(permille / 10).toFixed(1)} %`] as const,
    ),
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
      `${((numbers.utilisationPermille[executorClass] ?? 0) / 10).toFixed(1)} %`,
      duration(numbers.makespanMs),
    ];
  });
  return tableText(io, POINTS, rows);
}

import type { CurvePoint, Plan, RunReport, Verdict } from '../../simulate/index.js';
import type { Io } from '../terminal/io.js';
import { counted, duration, grouped, reportLines } from '../text/format.js';
import { type ColumnOf, tableOf } from '../text/table.js';
import { deadlineColumns, percent, right } from './cells.js';
import { isSameJob, stuckText, tooWideText } from './stuck.js';

/** What the sizes of a plan have come to. */
export interface ShownCurve {
  readonly curve: readonly CurvePoint[];
  readonly goal: Plan['goal'];
  /** Whether the plan as it stands reaches its goal; null: it has none. */
  readonly enough: Verdict | null;
  readonly smallestEnough: number | null;
}

const VERDICTS: Readonly<Record<Verdict, string>> = {
  yes: 'the plan reaches its goal',
  no: 'the plan does not reach its goal',
  undecided: 'it is undecided whether the plan reaches its goal',
};

/** Whether a plan reaches its goal as it stands, for plans whose curve does not say so. */
export function verdictText({ colors }: Io, enough: Verdict, { all, stuck }: Pick<RunReport, 'all' | 'stuck'>): string {
  const text = enough === 'yes' ? colors.green(VERDICTS.yes) : VERDICTS[enough];
  if (enough === 'no' && stuck.length > 0) {
    const isNever = stuck.some(({ notBeforeMs }) => notBeforeMs === null);
    return `${text}: some of its DAGs can ${isNever ? 'never go on' : 'not go on within 24 hours'}`;
  }
  return enough === 'undecided' ? `${text}: ${undecidedReason(all.open)}` : text;
}

const ENOUGH: ColumnOf<CurvePoint> = {
  title: 'enough',
  cell: ({ enough }, { colors }) => (enough === 'yes' ? colors.green(enough) : (enough ?? '')),
};

/** The sizes of the curve as a table, and which of them is the smallest that reaches the goal. */
export function curveText(io: Io, shown: ShownCurve): string {
  const { curve, goal } = shown;
  const names = curve[0]!.classes.map(({ name }) => name);
  const isHeld = curve.some(({ heldMs }) => heldMs !== null);
  const isRefusing = curve.some(({ refused }) => refused > 0);
  const columns: readonly ColumnOf<CurvePoint>[] = [
    right('size', ({ factor }) => `x${factor}`),
    ...names.map((name, at) => right<CurvePoint>(`${name} slots`, ({ classes }) => String(classes[at]!.slots), 1)),
    right('most in use', ({ classes }) => percent(Math.max(0, ...classes.map(({ utilisation }) => utilisation))), 3),
    ...(isHeld ? [right<CurvePoint>('held p99', ({ heldMs }) => duration(heldMs))] : []),
    right('wait p99', ({ waitMs }) => duration(waitMs)),
    right('took p99', ({ latencyMs }) => duration(latencyMs)),
    ...deadlineColumns(curve),
    right('open', ({ open }) => grouped(open), 2),
    ...(isRefusing ? [right<CurvePoint>('refused', ({ refused }) => grouped(refused))] : []),
    ...(goal === undefined ? [] : [ENOUGH]),
  ];
  const table = tableOf(io, columns, curve);
  const lines = [...neverLines(curve), ...(goal === undefined ? [] : foundLines(shown, goal))];
  return [table, ...(lines.length === 0 ? [] : [reportLines(io, lines)])].join('\n');
}

/** Kinds of what can never go on that are listed. */
const MAX_NEVER = 10;

/** What can never go on, and on which sizes: a signal that nobody answers is the same on all. */
function* neverLines(curve: readonly CurvePoint[]): Generator<string> {
  const sizes = new Map<string, string[]>();
  for (const { factor, tooWide, stuck } of curve) {
    const others = stuck.filter((one) => !tooWide.some((wide) => isSameJob(one, wide)));
    for (const text of [...tooWide.map(tooWideText), ...others.map(stuckText)]) {
      sizes.set(text, [...(sizes.get(text) ?? []), `x${factor}`]);
    }
  }
  const lines = [...sizes].map(([text, on]) => `on ${on.join(', ')}: ${text}`);
  yield* lines.slice(0, MAX_NEVER);
  if (lines.length > MAX_NEVER) yield `and ${counted(lines.length - MAX_NEVER, 'other kind')} of them`;
}

function* foundLines({ curve, smallestEnough }: ShownCurve, goal: NonNullable<Plan['goal']>): Generator<string> {
  const undecided = curve.filter(
    ({ enough, factor }) => enough === 'undecided' && factor < (smallestEnough ?? Infinity),
  );
  const isSure = undecided.length === 0 ? '' : ' for certain';
  yield smallestEnough === null
    ? `no size of the curve reaches the goal${isSure}`
    : `x${smallestEnough} is the smallest size that reaches the goal${isSure}`;
  if (undecided.length > 0) yield undecidedText(undecided);
  const { wait } = goal;
  if (wait !== undefined && curve.every(({ heldMs }) => heldMs !== null && heldMs > wait)) {
    yield 'on every size limits of tenants hold DAGs for longer than the wait of the goal';
  }
}

function undecidedText(points: readonly CurvePoint[]): string {
  const sizes = points.map(({ factor }) => `x${factor}`).join(', ');
  return `undecided on ${sizes}: ${undecidedReason(points.reduce((sum, { open }) => sum + open, 0))}`;
}

function undecidedReason(open: number): string {
  return open > 0
    ? 'what is open at the end could still turn it; a longer duration or end: drained decides it'
    : 'nothing came that the goal is about';
}

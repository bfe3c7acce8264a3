import type { RowChange, StateAt, StateDiff } from '../../../replay/index.js';
import { className } from '../../simulate/class-name.js';
import { CliError, Exit, misuse } from '../exit.js';
import type { Io } from '../terminal/io.js';
import { counted, duration, grouped, moment } from '../text/format.js';
import { type Column, tableText } from '../text/table.js';
import { beginsLater, mustBeRange, mustReach, theMoment } from './moments.js';
import { type HistoryOptions, openHistory, passingOver, watching } from './open-history.js';

export interface StateOptions extends HistoryOptions {
  readonly at?: string;
  readonly diff?: string;
  readonly dag?: string;
  readonly tenant: string;
}

/** `marie replay state`: how everything stood at a moment, or what changed between two. */
export async function replayState(io: Io, place: string, options: StateOptions): Promise<void> {
  const history = await openHistory(place, options);
  const [{ diffStates }, { dagOf, foldTo, stateOf }] = await Promise.all([
    import('../../../replay/state/diff.js'),
    import('../../../replay/state/state-at.js'),
  ]);
  const at = options.at === undefined ? { turn: Number.MAX_SAFE_INTEGER } : theMoment(options.at);
  if (options.diff !== undefined) {
    if (options.at === undefined) throw misuse('--diff goes on from a moment: give --at');
    if (options.dag !== undefined) throw misuse('--diff shows all rows: leave out --dag');
    const until = theMoment(options.diff);
    mustBeRange(at, until, '--diff is before --at');
    const difference = await watching(io, 'folded', history, (watch) => diffStates(history, at, until, watch), {
      until,
    });
    await mustReach(io, history, place, until, difference.to);
    if ('turn' in at) await mustReach(io, history, place, at, difference.from);
    io.emit('replay-state', difference, (shown) => diffText(io, shown));
    return;
  }
  const fold = await watching(
    io,
    'folded',
    history,
    (watch) => foldTo(history, at, { ...watch, onPassedOver: passingOver(io) }),
    { until: at },
  );
  if (fold.turn === 0) throw beginsLater(place);
  if (options.at !== undefined) await mustReach(io, history, place, at, { turn: fold.turn, atMs: fold.at });
  const state = await stateOf(fold);
  if (options.dag === undefined) {
    io.emit('replay-state', state, (shown) => stateText(io, shown));
    return;
  }
  const found = await dagOf(fold, options.tenant, options.dag, true);
  if (found === null) {
    const what = `tenant ${options.tenant} has no DAG ${options.dag} at turn ${fold.turn}`;
    throw new CliError(Exit.Usage, 'not-found', what, { where: place });
  }
  io.emit('replay-state', { cell: state.cell, ...found }, (shown) => dagText(io, shown));
}

function stateText(io: Io, { cell, classes, leases, frontier, withdrawn }: StateAt): string {
  const head = [
    `turn ${cell.turn}, ${moment(cell.atMs)}, policy ${cell.policy}, state hash ${cell.stateHash}`,
    `${counted(cell.openDags, 'open DAG')}, ${counted(cell.knownJobs, 'job')}, ${grouped(cell.readyJobs)} ready`,
  ];
  const classRows = classes.map((one) => [
    className(one.group, one.executorClass),
    String(one.executors),
    `${one.slotsReserved + one.slotsReclaiming} of ${one.slotsAdvertised}`,
    String(one.slotsFree),
    grouped(one.ready),
  ]);
  const leaseRows = leases.map((lease) => [
    `${lease.dag} ${lease.job}`,
    lease.executor,
    String(lease.slots),
    duration(cell.atMs - lease.reservedAtMs),
    lease.state,
  ]);
  const flowRows = frontier.map((flow, i) => [
    String(i + 1),
    flow.executorClass,
    `${flow.dag} ${flow.job}`,
    grouped(flow.ready),
    flow.lane,
    String(flow.priority),
    flow.risk,
  ]);
  const withdrawnRows = withdrawn.map((flow) => [
    flow.executorClass,
    `${flow.dag} ${flow.job}`,
    grouped(flow.ready),
    flow.dagIs,
  ]);
  return [
    ...head,
    ...section(io, 'Classes', CLASSES, classRows),
    ...section(io, 'Leases', LEASES, leaseRows),
    ...section(io, 'Frontier', FLOWS, flowRows),
    ...section(io, 'Ready, but withdrawn from the frontier', WITHDRAWN, withdrawnRows),
  ].join('\n');
}

const CLASSES = columns('class', 'executors', 'in use', 'free', 'ready');
const LEASES = columns('job', 'executor', 'slots', 'for', 'state');
const FLOWS = columns('', 'class', 'first job', 'ready', 'lane', 'priority', 'risk');
const WITHDRAWN = columns('class', 'first job', 'ready', 'DAG is');
const JOBS = columns('job', 'class', 'state', 'attempt', 'ready', 'dispatched', 'ended');
const ROWS = columns('table', 'row', 'change', 'fields');

function columns(...titles: readonly string[]): readonly Column[] {
  return titles.map((title) => ({ title }));
}

function section(io: Io, title: string, of: readonly Column[], rows: readonly (readonly string[])[]): string[] {
  return rows.length === 0 ? [] : ['', title, tableText(io, of, rows)];
}

function dagText(
  io: Io,
  { dag, jobs }: NonNullable<Awaited<ReturnType<typeof import('../../../replay/state/state-at.js').dagOf>>>,
) {
  const rows = jobs.map((job) => [
    job.job,
    job.executorClass || '-',
    job.state,
    String(job.attempt),
    moment(job.readyAtMs),
    moment(job.dispatchedAtMs),
    moment(job.endedAtMs),
  ]);
  const paused = dag.paused ? ', paused' : '';
  const head = `${dag.dagId}: ${dag.state}${paused} at turn ${dag.turn}, accepted ${moment(dag.acceptedAtMs)}`;
  return [head, '', tableText(io, JOBS, rows)].join('\n');
}

function diffText(io: Io, { from, to, rows }: StateDiff): string {
  const head = `turn ${from.turn} (${moment(from.atMs)}) to turn ${to.turn} (${moment(to.atMs)}): ${counted(rows.length, 'row')}`;
  return [head, '', tableText(io, ROWS, rows.map(changeRow))].join('\n');
}

function changeRow({ table, key, name, change, fields }: RowChange): readonly string[] {
  const values = Object.entries(fields).map(([field, [before, after]]) =>
    change === 'added' ? `${field} ${after}` : `${field} ${before} -> ${after}`,
  );
  return [table, name ?? key.filter((part, i) => i === 0 || part !== 0).join(' '), change, values.join(', ')];
}

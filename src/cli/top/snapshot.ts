import type { ClassCapacity, DagSummary, FabricClient, Signal, SignalSeries } from '../../client/index.js';
import type { OutputOf } from '../outputs/index.js';

export type Snapshot = OutputOf<'top'>;
type ClassRow = Snapshot['classes'][number];
type RiskRow = Snapshot['atRisk'][number];
type Spread = Snapshot['endToEnd'];

/** Waits and rates are those of the last half minute at least: a shorter window isn't kept. */
const AT_LEAST_MS = 30_000;
/** DAGs at risk that are fetched of each kind; more than a screen has room for. */
const MOST_AT_RISK = 20;
/** Where a deadline stands, the worst first. */
const RISKS = ['hard-passed', 'missed', 'at-risk'] as const;

/**
 * Looks at the cell. What it costs grows with classes, not with jobs; DAGs are looked for by their deadlines only if
 * some are at risk, and then in one page of the listing.
 */
export async function takeSnapshot({ operations, listings }: FabricClient): Promise<Snapshot> {
  const [cell, capacity, signals, pressure] = await Promise.all([
    operations.cell(),
    operations.capacity(),
    operations.signals(AT_LEAST_MS),
    operations.pressure(),
  ]);
  const all = pressure.filter(({ executorClass }) => executorClass === null);
  const sum = (field: 'atRisk' | 'overdue'): number => all.reduce((total, one) => total + one[field], 0);
  const windowMs = signals[0]?.windowMs ?? AT_LEAST_MS;
  const dagsAtRisk = sum('atRisk');
  const dagsOverdue = sum('overdue');
  const atRisk = dagsAtRisk + dagsOverdue === 0 ? [] : await dagsByRisk(listings);
  return {
    cell: cell.cell,
    turn: cell.turn,
    atMs: cell.nowMs,
    policy: cell.policy,
    openDags: cell.openDags,
    dagsAtRisk,
    dagsOverdue,
    knownJobs: cell.knownJobs,
    readyJobs: cell.readyJobs,
    inboxWaiting: cell.inboxWaiting,
    clockAheadMs: cell.clockAheadMs,
    windowMs,
    endToEnd: spreadOf(longest(seriesOf(signals, 'end-to-end'))),
    frontierWait: spreadOf(longest(seriesOf(signals, 'frontier-wait'))),
    classes: capacity.map((one) => classRow(one, signals, windowMs)),
    atRisk,
  };
}

async function dagsByRisk(listings: FabricClient['listings']): Promise<readonly RiskRow[]> {
  const pages = RISKS.map((risk) => listings.dagPage({ risk, state: 'open', order: 'oldest', limit: MOST_AT_RISK }));
  return (await Promise.all(pages)).flatMap(({ items }) => items.map(riskRow));
}

function riskRow({ dagId, tenant, risk, deadlineAtMs, hardDeadlineAtMs, jobsLeft, jobsTotal }: DagSummary): RiskRow {
  return { dagId, tenant, risk, deadlineAtMs: deadlineAtMs ?? hardDeadlineAtMs, jobsLeft, jobsTotal };
}

function classRow(one: ClassCapacity, signals: readonly Signal[], windowMs: number): ClassRow {
  const of = (name: string): SignalSeries | undefined =>
    seriesOf(signals, name).find(
      ({ labels }) => labels['class'] === one.executorClass && labels['group'] === one.group,
    );
  const released = of('slot-occupancy')?.count ?? 0;
  return {
    group: one.group,
    executorClass: one.executorClass,
    slots: one.slots,
    slotsInUse: one.slotsInUse,
    ready: one.ready,
    slotWait: spreadOf(of('slot-wait')),
    meanOccupancyMs: one.meanOccupancyMs,
    releasedPerSecond: Math.round((released * 10_000) / windowMs) / 10,
    readyForMs: one.readyForMs,
  };
}

function seriesOf(signals: readonly Signal[], name: string): readonly SignalSeries[] {
  return signals.find(({ signal }) => signal === name)?.series ?? [];
}

/** Of several series, such as those by outcome, the one that most is in. */
function longest(series: readonly SignalSeries[]): SignalSeries | undefined {
  return [...series].sort((a, b) => b.count - a.count)[0];
}

function spreadOf(series: SignalSeries | undefined): Spread {
  return { p50Ms: series?.p50Ms ?? null, p99Ms: series?.p99Ms ?? null };
}

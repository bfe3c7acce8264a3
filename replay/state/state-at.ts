import type { CellView, ClassView, DagView, ExecutorView, JobView } from '../../src/answers/types.js';
import { LEASE_STATE_NAMES } from '../../src/catalogue/generated/codes.js';
import { kebab } from '../../src/catalogue/kebab.js';
import { FoldViews } from '../../src/scheduler/views/fold-views.js';
import { type FoldOptions, fold } from '../fold.js';
import type { History } from '../history.js';
import { type Moment, upTo } from '../moment.js';
import { type JobName, Names } from '../names.js';
import type { ScratchFold } from '../scratch-fold.js';
import { type FlowView, frontierOf, type WithdrawnView, withdrawnOf } from './frontier.js';

/** A lease that holds slots. */
export interface LeaseView extends JobName {
  readonly token: number;
  readonly attempt: number;
  readonly executor: string;
  readonly slots: number;
  readonly reservedAtMs: number;
  /** in-force or reclaiming. */
  readonly state: string;
}

/** What stood at a moment. */
export interface StateAt {
  readonly cell: Omit<CellView, 'nowMs' | 'inboxWaiting' | 'clockAheadMs'>;
  readonly classes: readonly ClassView[];
  readonly executors: readonly ExecutorView[];
  readonly leases: readonly LeaseView[];
  /** Flows of ready jobs, in the order in which the policy takes them, class by class. */
  readonly frontier: readonly FlowView[];
  /** Flows of ready jobs that are not in it: their DAG is paused, held or ending. */
  readonly withdrawn: readonly WithdrawnView[];
}

/** Folds a history up to a moment, from the newest snapshot before it on. */
export function foldTo(
  history: History,
  moment: Moment,
  options: Pick<FoldOptions, 'onProgress' | 'onPassedOver'> = {},
): Promise<ScratchFold> {
  return fold(history, [], { ...options, ...upTo(moment), after: moment });
}

/** The state as it stands in a fold. Rebuilds its indexes unless it follows. */
export async function stateOf(scratch: ScratchFold): Promise<StateAt> {
  scratch.kernel.indexes.rebuild();
  const views = viewsOf(scratch);
  const { nowMs: _, inboxWaiting: __, clockAheadMs: ___, ...cell } = views.cell();
  const names = new Names(scratch);
  return {
    cell,
    classes: views.classes(),
    executors: views.executors(),
    leases: await leasesOf(scratch, names),
    frontier: await frontierOf(scratch, names),
    withdrawn: await withdrawnOf(scratch, names),
  };
}

/** A DAG with its jobs as they stand in a fold; null when it isn't known then. `children` lists those of fan-outs. */
export async function dagOf(
  scratch: ScratchFold,
  tenant: string,
  dagId: string,
  children = false,
): Promise<{ readonly dag: DagView; readonly jobs: readonly JobView[] } | null> {
  if (scratch.parts === null) return null;
  return viewsOf(scratch).dagWithJobs(tenant, dagId, { from: 0, limit: Number.MAX_SAFE_INTEGER, children });
}

function viewsOf(scratch: ScratchFold): FoldViews {
  const { kernel, parts, turn, at: atMs, epoch } = scratch;
  if (parts === null) throw new Error('assertion failed: the history is empty at this moment');
  const at = { turn, atMs, epoch };
  return new FoldViews({ ...parts, kernel, at, inbox: { waiting: 0 }, timers: { pause: async () => undefined } });
}

async function leasesOf({ state }: ScratchFold, names: Names): Promise<LeaseView[]> {
  const { leases } = state;
  const found: number[] = [];
  leases.table.eachRow((row) => {
    if (leases.c.state[row] !== 0) found.push(row);
  });
  found.sort((a, b) => leases.keyA[a]! - leases.keyA[b]!);
  const views: LeaseView[] = [];
  for (const row of found) {
    const dag = leases.c.dag[row]!;
    const index = leases.c.job[row]!;
    views.push({
      ...(await names.job(dag, index)),
      token: leases.keyA[row]!,
      attempt: leases.c.attempt[row]!,
      executor: names.executor(leases.c.executor[row]!),
      slots: leases.c.moreSlots[row]! + 1,
      reservedAtMs: leases.c.reservedAtMs[row]!,
      state: kebab(LEASE_STATE_NAMES.get(leases.c.state[row]!) ?? ''),
    });
  }
  return views;
}

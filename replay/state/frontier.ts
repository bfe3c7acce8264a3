import { DAG_STATE_NAMES, LANE_NAMES, RISK_NAMES, SHAPE_NAMES } from '../../src/catalogue/generated/codes.js';
import { kebab } from '../../src/catalogue/kebab.js';
import { competes } from '../../src/kernel/evolve/flows.js';
import type { Choice } from '../../src/kernel/policy/policy.js';
import { classOfFlow, shapeOfFlow } from '../../src/kernel/rows/keys.js';
import type { JobName, Names } from '../names.js';
import type { ScratchFold } from '../scratch-fold.js';

/** The ready jobs of a DAG in a class and shape; the names are those of the job that goes first. */
export interface FlowView extends JobName {
  readonly executorClass: string;
  readonly shape: string;
  readonly ready: number;
  /** Slot-ms of them by their estimates. */
  readonly work: number;
  readonly lane: string;
  readonly risk: string;
  readonly priority: number;
  readonly needMs: number;
}

/** The frontier in the order of the policy: class by class, what goes first first. Its indexes must be right. */
export async function frontierOf(fold: ScratchFold, names: Names): Promise<FlowView[]> {
  const { state, kernel, at } = fold;
  const { flows, dags, jobs } = state;
  const { policy } = kernel.indexes;
  const choices: Choice[] = [];
  policy.advance(at);
  for (const { flow, dag } of flowsWithJobs(fold)) {
    if (competes(fold, dag)) choices.push({ flow, job: policy.headOf(flow), dag, lane: policy.laneOf(flow) });
  }
  const classOf = ({ flow }: Choice): number => classOfFlow(flows.keyB[flow]!);
  const keys = new Map(choices.map((choice) => [choice, policy.keyOf(choice)]));
  choices.sort((a, b) => classOf(a) - classOf(b) || a.lane - b.lane || byKey(keys.get(a)!, keys.get(b)!));
  const views: FlowView[] = [];
  for (const { flow, job, dag, lane } of choices) {
    views.push({
      ...(await names.job(flows.keyA[flow]!, jobs.keyB[job]!)),
      executorClass: names.class(classOfFlow(flows.keyB[flow]!)),
      shape: SHAPE_NAMES.get(shapeOfFlow(flows.keyB[flow]!)) ?? '',
      ready: flows.c.ready[flow]!,
      work: flows.c.work[flow]!,
      lane: LANE_NAMES.get(lane) ?? '',
      risk: kebab(RISK_NAMES.get(flows.c.risk[flow]!) ?? ''),
      priority: dags.c.priority[dag]!,
      needMs: flows.c.needMs[flow]!,
    });
  }
  return views;
}

/** Ready jobs of a DAG in a class and shape that don't compete, with what keeps the DAG from it. */
export interface WithdrawnView extends JobName {
  readonly executorClass: string;
  readonly shape: string;
  readonly ready: number;
  readonly work: number;
  /** paused, held or ending. */
  readonly dagIs: string;
}

/** What is ready and can't run all the same, because its DAG doesn't compete: the oldest DAG first. */
export async function withdrawnOf(fold: ScratchFold, names: Names): Promise<WithdrawnView[]> {
  const { state, kernel } = fold;
  const { flows, dags, jobs } = state;
  const views: WithdrawnView[] = [];
  for (const { flow, dag } of flowsWithJobs(fold)) {
    if (competes(fold, dag)) continue;
    views.push({
      ...(await names.job(flows.keyA[flow]!, jobs.keyB[kernel.indexes.heads.head(flow)]!)),
      executorClass: names.class(classOfFlow(flows.keyB[flow]!)),
      shape: SHAPE_NAMES.get(shapeOfFlow(flows.keyB[flow]!)) ?? '',
      ready: flows.c.ready[flow]!,
      work: flows.c.work[flow]!,
      dagIs: dags.c.paused[dag] !== 0 ? 'paused' : kebab(DAG_STATE_NAMES.get(dags.c.state[dag]!) ?? ''),
    });
  }
  return views;
}

/** The flows that have ready jobs, by their keys: the oldest DAG first. */
function flowsWithJobs({ state, kernel }: ScratchFold): readonly { readonly flow: number; readonly dag: number }[] {
  const { flows, dags } = state;
  const found: { readonly flow: number; readonly dag: number }[] = [];
  flows.table.eachRow((flow) => {
    if (kernel.indexes.heads.head(flow) !== 0) found.push({ flow, dag: dags.find(flows.keyA[flow]!) });
  });
  return found.sort((a, b) => flows.keyA[a.flow]! - flows.keyA[b.flow]! || flows.keyB[a.flow]! - flows.keyB[b.flow]!);
}

type Values = readonly { readonly value: number; readonly descends: boolean }[];

function byKey(a: Values, b: Values): number {
  for (let i = 0; i < a.length; i++) {
    const difference = a[i]!.value - b[i]!.value;
    if (difference !== 0) return a[i]!.descends ? -difference : difference;
  }
  return 0;
}

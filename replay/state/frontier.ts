import { LANE_NAMES, RISK_NAMES, SHAPE_NAMES } from '../../src/catalogue/generated/codes.js';
import type { Choice } from '../../src/kernel/policy/policy.js';
import { kebab } from '../../src/scheduler/job-views.js';
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
export async function frontierOf({ state, kernel, at }: ScratchFold, names: Names): Promise<FlowView[]> {
  const { flows, dags, jobs } = state;
  const { policy } = kernel.indexes;
  const choices: Choice[] = [];
  policy.advance(at);
  for (let flow = 1; flow < flows.table.high; flow++) {
    const job = flows.table.isLive(flow) ? policy.headOf(flow) : 0;
    if (job !== 0) choices.push({ flow, job, dag: dags.find(flows.keyA[flow]!), lane: policy.laneOf(flow) });
  }
  const classOf = ({ flow }: Choice): number => flows.keyB[flow]! >>> 2;
  const keys = new Map(choices.map((choice) => [choice, policy.keyOf(choice)]));
  choices.sort((a, b) => classOf(a) - classOf(b) || a.lane - b.lane || byKey(keys.get(a)!, keys.get(b)!));
  const views: FlowView[] = [];
  for (const { flow, job, dag, lane } of choices) {
    views.push({
      ...(await names.job(flows.keyA[flow]!, jobs.keyB[job]!)),
      executorClass: names.class(flows.keyB[flow]! >>> 2),
      shape: SHAPE_NAMES.get(flows.keyB[flow]! & 3) ?? '',
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

type Values = readonly { readonly value: number; readonly descends: boolean }[];

function byKey(a: Values, b: Values): number {
  for (let i = 0; i < a.length; i++) {
    const difference = a[i]!.value - b[i]!.value;
    if (difference !== 0) return a[i]!.descends ? -difference : difference;
  }
  return 0;
}

import type { GraphNode } from '../../../answers/types.js';
import type { SubmitDag } from '../../../catalogue/generated/types.js';
import type { State } from '../../../kernel/rows/state.js';
import type { ColdRows } from '../../rows/cold.js';
import { jobView } from '../jobs.js';
import type { Page } from '../port.js';

/** Edges of a page: a job after 100,000 others is a page of its own. */
const PAGE_EDGES = 20_000;

/**
 * Jobs of a DAG's submission with what they come after, from an index on. A fan-out is one node, with its children by
 * state; `dag` is the DAG's handle.
 */
export function graphPage(
  state: State,
  cold: ColdRows,
  {
    spec,
    dag,
    from,
    limit,
  }: { readonly spec: SubmitDag; readonly dag: number; readonly from: number; readonly limit: number },
): Page<GraphNode, number> {
  const items: GraphNode[] = [];
  const seq = state.dags.keyA[dag]!;
  let edges = 0;
  for (let index = from; index < spec.jobs.length; index++) {
    const { after, when } = spec.jobs[index]!;
    const isFull = items.length >= limit || (items.length > 0 && edges + after.length > PAGE_EDGES);
    if (isFull) return { items, next: index };
    const view = jobView(state, dag, index, spec);
    // Of a DAG that is being forgotten some jobs are gone.
    if (view === null) continue;
    edges += after.length;
    items.push({ ...view, after: after.map((id) => cold.indexOf(seq, id)), conditional: when !== null });
  }
  return { items, next: null };
}

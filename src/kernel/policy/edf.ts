import { EvidenceField } from '../../catalogue/generated/codes.js';
import type { State } from '../rows/state.js';
import { ofDag, partsOf } from './key.js';
import { OrderedPolicy } from './ordered.js';
import type { Policy, PolicyView } from './policy.js';

/** A deadline later than any: that of a DAG without one. */
export const NEVER = 2 ** 44;

/** The earlier of a DAG's deadlines, whether it has passed or not. */
export function deadlineOfDag(state: State, dag: number): number {
  const { deadlineAtMs, hardDeadlineAtMs } = state.dags.c;
  return Math.min(deadlineAtMs[dag]! || NEVER, hardDeadlineAtMs[dag]! || NEVER);
}

/** `edf@1`: the earliest deadline first, and those without one last; then the job that became ready first. */
export function edf(view: PolicyView): Policy {
  const deadline = ofDag(EvidenceField.deadlineAt, ({ dag }) => deadlineOfDag(view.state, dag));
  return new OrderedPolicy('edf@1', view, [deadline, partsOf(view.state).readySeq]);
}

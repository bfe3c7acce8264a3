/** What inputs weigh, in events, beside those that they cause: a turn takes no more of them than it has room for. */
import { Code } from '../catalogue/generated/codes.js';
import type { InputEntry } from '../catalogue/generated/types.js';
import { FEW_FLOWS } from './limits.js';
import { IdKind, seqOf } from './rows/ids.js';
import type { State } from './rows/state.js';

/** Flows that a control moves or looks at, but for a few: its DAG may have some in each of 4,095 classes. */
export function flowsMovedBy(state: State, { code, body }: InputEntry): number {
  const classes = state.cell.c.nextClass[state.cellRow]!;
  if (classes <= FEW_FLOWS) return 0;
  switch (code) {
    case Code.PauseDag:
    case Code.ResumeDag:
    case Code.ReprioritizeDag:
    case Code.SetDeadline: {
      const seq = seqOf(state, IdKind.dag, body.tenant, body.dagId);
      const dag = seq === 0 ? 0 : state.dags.find(seq);
      return dag === 0 ? 0 : Math.max(0, Math.min(classes, state.dags.c.jobsTotal[dag]!) - FEW_FLOWS);
    }
    default:
      return 0;
  }
}

/**
 * Leases that an input goes over although one before it in the turn does: registrations and departures of one executor
 * may come by the thousand, and each goes over all that it has.
 */
export function leasesAgain(state: State, { code, body }: InputEntry, registered: Set<string>): number {
  if (code !== Code.RegisterExecutor && code !== Code.DeregisterExecutor) return 0;
  if (!registered.has(body.executor)) {
    registered.add(body.executor);
    return 0;
  }
  const seq = seqOf(state, IdKind.executor, '', body.executor);
  const { executors } = state;
  const row = seq === 0 ? 0 : executors.find(seq);
  return row === 0 ? 0 : executors.c.reserved[row]! + executors.c.reclaiming[row]!;
}

/** Events that an input is counted as before it is taken: a registration one for each lease that it lists. */
export function eventsOf(input: InputEntry): number {
  return input.code === Code.RegisterExecutor ? input.body.held.length : 0;
}

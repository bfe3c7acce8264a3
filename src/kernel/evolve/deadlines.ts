import type * as E from '../../catalogue/generated/types.js';
import type { Fold } from '../fold.js';
import { MAX_PRIORITY } from '../limits.js';
import { DeadlineFlag } from '../tables.js';
import { dagReprioritized, dagRow } from './dags.js';

export function deadlineChanged(fold: Fold, body: E.DeadlineChanged): void {
  const { state } = fold;
  const { dags } = state;
  const dag = dagRow(fold, body.dag);
  dags.set.deadlineAtMs(dag, Math.max(0, body.deadlineAtMs));
  dags.set.hardDeadlineAtMs(dag, Math.max(0, body.hardDeadlineAtMs));
  dags.set.riskAtMs(dag, Math.max(0, body.riskAtMs));
  dags.set.deadlineFlags(dag, 0);
}

export function deadlineRiskDeferred(fold: Fold, body: E.DeadlineRiskDeferred): void {
  const { dags } = fold.state;
  dags.set.riskAtMs(dagRow(fold, body.dag), Math.max(0, body.riskAtMs));
}

function addFlag(fold: Fold, dagSeq: number, flag: number): void {
  const { dags } = fold.state;
  const dag = dagRow(fold, dagSeq);
  dags.set.deadlineFlags(dag, dags.c.deadlineFlags[dag]! | flag);
}

export function deadlineAtRisk(fold: Fold, body: E.DeadlineAtRisk): void {
  const { dags } = fold.state;
  addFlag(fold, body.dag, DeadlineFlag.atRisk);
  dags.set.riskAtMs(dagRow(fold, body.dag), 0);
}

export function deadlineMissed(fold: Fold, body: E.DeadlineMissed): void {
  addFlag(fold, body.dag, DeadlineFlag.missed);
}

/** Demoted, the DAG goes on at the lowest priority; otherwise DagEnding follows. */
export function hardDeadlinePassed(fold: Fold, body: E.HardDeadlinePassed): void {
  addFlag(fold, body.dag, DeadlineFlag.hardPassed);
  if (body.demoted) dagReprioritized(fold, { dag: body.dag, priority: -MAX_PRIORITY });
}

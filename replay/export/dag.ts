/** A DAG as an export knows it. */
import { childName } from '../../src/catalogue/child-name.js';
import type { SubmitDag } from '../../src/catalogue/generated/types.js';
import type { Deadline } from '../../src/simulate/report/deadline.js';
import type { Row } from './tables.js';

export interface Dag {
  readonly seq: number;
  readonly tenant: string;
  readonly id: string;
  readonly name: string;
  readonly priority: number;
  readonly acceptedAtMs: number;
  readonly jobs: SubmitDag['jobs'];
  /** Fan-outs by the index of the first child that each part of them has. */
  readonly children: Map<number, { readonly parent: number; readonly place: number }>;
  deadline: Deadline | null;
  total: number;
  endedAtMs: number | null;
  outcome: string;
}

/** The row of a DAG, as things stood at `at`. */
export function dagRowOf(dag: Dag, at: number): Row {
  const { deadline, endedAtMs, outcome, acceptedAtMs } = dag;
  const isInTime = outcome === 'succeeded' && endedAtMs !== null && endedAtMs <= (deadline?.atMs ?? 0);
  const isOpen = deadline === null || (outcome === 'open' && at <= deadline.atMs);
  return {
    dag_seq: dag.seq,
    tenant: dag.tenant,
    dag: dag.id,
    name: dag.name,
    priority: dag.priority,
    jobs: dag.total,
    accepted_at: acceptedAtMs,
    ended_at: endedAtMs,
    outcome,
    deadline_at: deadline?.atMs ?? null,
    deadline_kind: deadline?.kind ?? null,
    deadline_met: isOpen ? null : isInTime,
    took_ms: endedAtMs === null ? null : endedAtMs - acceptedAtMs,
  };
}

/** The specification of a job; a child's is that of its fan-out. */
export function specOf(dag: Dag, job: number): SubmitDag['jobs'][number] | undefined {
  return dag.jobs[dag.children.get(job)?.parent ?? job];
}

/** A job as people name it. */
export function jobNameOf(dag: Dag, job: number): string {
  const child = dag.children.get(job);
  return child === undefined ? (dag.jobs[job]?.id ?? `#${job}`) : childName(dag.jobs[child.parent]!.id, child.place);
}

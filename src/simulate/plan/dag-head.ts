/** What is said of a stream's DAGs beside their jobs: by the stream, and where it says nothing, by the file of the DAG. */
import type { SubmitDag } from '../../catalogue/generated/types.js';
import type { StreamFields } from './plan-schema.js';

/** The same for a template. */
export interface DagHead extends Pick<SubmitDag, 'priority' | 'onHardDeadline' | 'failurePolicy'> {
  /** Of which each DAG draws one. */
  readonly tenants: readonly string[];
}

/** What a stream may say. */
export type StreamHead = Pick<
  StreamFields,
  'tenant' | 'priority' | 'onHardDeadline' | 'failurePolicy' | 'deadline' | 'hardDeadline'
>;

/** `dag`: the file's submission, with defaults where it says nothing either. */
export function headOf(stream: StreamHead, dag: SubmitDag): DagHead {
  const { tenant, priority, onHardDeadline, failurePolicy } = stream;
  return {
    tenants: tenant ?? [dag.tenant],
    priority: priority ?? dag.priority,
    onHardDeadline: onHardDeadline ?? dag.onHardDeadline,
    failurePolicy: failurePolicy ?? dag.failurePolicy,
  };
}

/** Deadlines of a file are moments, and its DAGs arrive at others: those that the stream doesn't replace say nothing. */
export function* unmeantDeadlines({ deadline, hardDeadline }: StreamHead, dag: SubmitDag) {
  const given = [
    ['deadline', deadline, 'deadlineAtMs', dag.deadlineAtMs],
    ['hardDeadline', hardDeadline, 'hardDeadlineAtMs', dag.hardDeadlineAtMs],
  ] as const;
  for (const [ofStream, value, ofFile, atMs] of given) {
    if (atMs === null || value !== undefined) continue;
    const detail = `a moment says nothing of DAGs that arrive at others: say in ${ofStream} of the stream how long after`;
    yield { path: `/${ofFile}`, detail };
  }
}

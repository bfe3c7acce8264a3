import { type Blocked, explain } from '../../../src/kernel/explain/index.js';
import { IdKind, seqOf } from '../../../src/kernel/rows/ids.js';
import { job, type KernelBench } from './bench.js';

/** Explains a job by its names. */
export function why(b: KernelBench, dagId: string, jobId: string, tenant = 'acme'): Blocked | null {
  const { state, indexes } = b.kernel;
  const seq = seqOf(state, IdKind.dag, tenant, dagId);
  const dag = state.dags.find(seq);
  const index = b.indexOf(seq, jobId);
  const after = b.cold.specs.get(seq)!.jobs[index]?.after.map((id) => b.indexOf(seq, id)) ?? [];
  const scene = { state, indexes, at: b.at };
  return explain(scene, dag, state.space.handle(dag, index), after);
}

/** Short jobs have come and gone, so that jobs of a minute are long beside them. */
export function afterShortWork(b: KernelBench): void {
  for (let n = 0; n < 20; n++) {
    b.submit(`s${n}`, [job('0', { estimateMs: 100 })]);
    b.at += 100;
    b.complete(`s${n}`, '0');
  }
}

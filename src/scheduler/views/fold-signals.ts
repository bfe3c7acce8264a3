import type { PressureView } from '../../answers/types.js';
import { DagState } from '../../catalogue/generated/codes.js';
import { classOfLease } from '../../kernel/fold.js';
import type { State } from '../../kernel/rows/state.js';
import type { LoopTimers } from '../ports.js';
import type { FoldSignals } from './port.js';
import { pressureOf } from './pressure.js';

/** What the measuring of turns reads of the fold, as it stands after the last computed turn. */
export class StateSignals implements FoldSignals {
  constructor(
    private readonly state: State,
    private readonly timers: Pick<LoopTimers, 'pause'>,
  ) {}

  classOfExecutor(executor: number): number {
    const { executors } = this.state;
    const row = executors.find(executor);
    return row === 0 ? 0 : executors.c.class[row]!;
  }

  className(classSeq: number): { group: string; executorClass: string } | null {
    const { classes } = this.state;
    const row = classes.find(classSeq);
    return row === 0 ? null : { group: classes.c.group[row]!, executorClass: classes.c.name[row]! };
  }

  waitMs(dag: number, job: number): number {
    const { dags, space, jobs } = this.state;
    const row = dags.find(dag);
    const handle = row === 0 ? 0 : space.handle(row, job);
    return handle === 0 ? -1 : jobs.c.waitMs[handle]!;
  }

  eachFirstRun(each: (dag: number, acceptedAtMs: number, wasReady: boolean) => void): void {
    const { dags } = this.state;
    dags.table.eachRow((row) => {
      if (dags.c.state[row]! > DagState.ending || dags.c.run[row]! > 1) return;
      each(dags.keyA[row]!, dags.c.acceptedAtMs[row]!, this.#wasReady(row));
    });
  }

  /** Whether one of a DAG's jobs was ready. Mostly the first that is looked at was. */
  #wasReady(dag: number): boolean {
    const { dags, jobs, space } = this.state;
    if (dags.c.startedAtMs[dag] !== 0) return true;
    for (let index = 0; index < dags.c.jobsTotal[dag]!; index++) {
      if (jobs.c.readySeq[space.handle(dag, index)] !== 0) return true;
    }
    return false;
  }

  eachHeldToken(each: (token: number, classSeq: number) => void): void {
    const { leases } = this.state;
    leases.table.eachRow((row) => {
      if (leases.c.state[row] !== 0) each(leases.keyA[row]!, classOfLease(this.state, row));
    });
  }

  pressure(): Promise<readonly PressureView[]> {
    return pressureOf(this.state, this.timers);
  }
}

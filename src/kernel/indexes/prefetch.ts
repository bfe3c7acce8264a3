import type { Choice } from '../policy/policy.js';
import type { State } from '../rows/state.js';

/**
 * Reads rows before they are needed, so that they are in the processor's cache by then; nothing depends on what is read.
 * Here all of a row is asked for at once, and early. What decides about it asks for one field after the other, and would
 * wait for memory each time: among a million jobs nobody has read these rows for long.
 */
export class Prefetch {
  /** What was seen, in one number: V8 would leave out reading what is kept nowhere. */
  seen = 0;

  constructor(private readonly state: State) {}

  /** A job that becomes ready. */
  ready(job: number): void {
    const { c, table } = this.state.jobs;
    this.seen =
      table.touched[job]! |
      c.class[job]! |
      c.moreSlots[job]! |
      c.estimateMs[job]! |
      c.rank[job]! |
      c.readySeq[job]! |
      c.readyAtMs[job]!;
  }

  /**
   * The runner-up of the job that is dispatched now: nine of ten
   * jobs have been one some tens of dispatches before theirs.
   */
  runnerUp({ job, dag, flow }: Choice): void {
    const { jobs, dags, flows, space } = this.state;
    const { c } = jobs;
    this.seen =
      space.handle(dags.find(dags.keyA[dag]!), jobs.keyB[job]!) |
      flows.find(flows.keyA[flow]!, flows.keyB[flow]!) |
      (dags.c.deadlineAtMs[dag] === 0 ? 0 : dags.c.deadlineFlags[dag]! | flows.c.wakeAtMs[flow]!) |
      dags.c.startedAtMs[dag]! |
      dags.c.priority[dag]! |
      dags.c.state[dag]! |
      flows.c.ready[flow]! |
      flows.c.risk[flow]! |
      jobs.table.touched[job]! |
      c.state[job]! |
      c.flags[job]! |
      c.class[job]! |
      c.attempt[job]! |
      c.estimateMs[job]! |
      c.timeoutMs[job]! |
      c.readyAtMs[job]! |
      c.waitMs[job]! |
      c.token[job]! |
      c.units[job]!;
  }
}

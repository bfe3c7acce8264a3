/** What `explain` says of ready jobs holds, turn after turn, on random loads of the real kernel under a virtual clock. */
import fc from 'fast-check';
import { it } from 'vitest';
import { DagState, EvidenceField, JobState, Lane } from '../../src/catalogue/generated/codes.js';
import { hasReservation } from '../../src/kernel/evolve/classes.js';
import { type Ahead, type Blocked, explain, type JobRef } from '../../src/kernel/explain/index.js';
import { slotsOf } from '../../src/kernel/fold.js';
import { Placement } from '../../src/kernel/indexes/placement.js';
import { Kernel } from '../../src/kernel/kernel.js';
import type { VirtualTurn } from '../../src/simulate/cell/virtual-cell.js';
import { load, play } from '../support/kernel/random/loads.js';

const runs = Number(process.env['MARIE_RUNS'] ?? 60);
const seed = process.env['MARIE_SEED'] ?? '1';
const settings = { numRuns: runs, ...(seed === 'random' ? {} : { seed: Number(seed) }) };

/** What was said of a job, and whether it was so. */
interface Said {
  readonly job: string;
  readonly blocked: Blocked;
  /** What is wrong with it, if time passes before the next turn. */
  readonly wrong: string | null;
}

class Listener {
  readonly kernel = new Kernel();
  #said: readonly Said[] = [];
  #at = 0;

  hear({ turn, at, result }: VirtualTurn): void {
    if (at > this.#at) this.#check();
    this.#at = at;
    this.#said = result.full || result.unfinished ? [] : this.#sayAll(turn, at);
  }

  #check(): void {
    for (const { job: name, blocked, wrong } of this.#said) {
      if (wrong !== null) throw new Error(`${name}: ${wrong}: ${JSON.stringify(blocked)}`);
    }
  }

  #sayAll(turn: number, at: number): readonly Said[] {
    const { dags, jobs, space } = this.kernel.state;
    const said: Said[] = [];
    for (let dag = 1; dag < dags.table.high; dag++) {
      if (!dags.table.isLive(dag) || dags.c.state[dag] !== DagState.open) continue;
      for (let index = 0; index < dags.c.jobsTotal[dag]!; index++) {
        const row = space.handle(dag, index);
        if (row === 0 || jobs.c.state[row] !== JobState.ready) continue;
        const { state, indexes } = this.kernel;
        const blocked = explain({ state, indexes, at }, dag, row, [])!;
        const wrong = this.#wrongWith(blocked, at, dag, row);
        said.push({ job: `turn ${turn}, DAG ${dags.keyA[dag]}, job ${index}`, blocked, wrong });
      }
    }
    return said;
  }

  #wrongWith(blocked: Blocked, at: number, dag: number, row: number): string | null {
    switch (blocked.reason) {
      case 'turn-full':
        return 'the next turn has not gone on with it';
      case 'rate-limited':
        return blocked.untilMs > at ? null : 'there are tokens';
      case 'waiting-for-reservation': {
        const { state } = this.kernel;
        const free = Placement.offered(state, state.executors.find(blocked.executor));
        return free < slotsOf(state, row) ? null : 'its executor has room';
      }
      case 'no-free-slot':
        if (blocked.ahead === null)
          return blocked.widest < blocked.slots ? null : 'it has room, and nothing is before it';
        return this.#isBefore(blocked.ahead, dag, row) ? null : 'what is ahead of it comes after it';
      default:
        return null;
    }
  }

  #isBefore(ahead: Ahead, dag: number, row: number): boolean {
    const { field, value, own } = ahead;
    const { policy, heads } = this.kernel.indexes;
    const flow = heads.flow(row);
    if (field === EvidenceField.reservation) return this.#isKept(ahead, row);
    // Regular work has a share beside what is urgent.
    if (field === EvidenceField.lane) return value < own || (value === Lane.regular && own === Lane.urgent);
    const part = policy.keyOf({ job: row, flow, dag, lane: policy.laneOf(flow) }).find((one) => one.field === field);
    return part === undefined || (part.descends ? value > own : value < own);
  }

  /** Whether an executor is kept for a job, in the class of another one. */
  #isKept({ dag, job }: JobRef, row: number): boolean {
    const { state } = this.kernel;
    return hasReservation(state, state.classes.find(state.jobs.c.class[row]!), dag, job);
  }
}

it('what is said of ready jobs holds until time passes', () => {
  fc.assert(
    fc.property(load, (one) => {
      const listener = new Listener();
      play(one, listener.kernel, (turn) => listener.hear(turn));
    }),
    settings,
  );
});

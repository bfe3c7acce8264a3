/**
 * Whom `explain` names as coming before a job starts first, on random loads of the real kernel: every few turns each class
 * is given another executor as large as its largest, and what starts then is compared with what was said. The turn is
 * undone afterwards.
 */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Code, DagState, EvidenceField, JobState, Shape } from '../../src/catalogue/generated/codes.js';
import { shapeOf } from '../../src/kernel/evolve/flows.js';
import { type Blocked, explain, type JobRef } from '../../src/kernel/explain/index.js';
import { slotsOf } from '../../src/kernel/fold.js';
import { Kernel } from '../../src/kernel/kernel.js';
import { longMustWait } from '../../src/kernel/policy/reserve.js';
import type { VirtualTurn } from '../../src/simulate/cell/virtual-cell.js';
import { input, registration } from '../support/kernel/bench.js';
import { load, play } from '../support/kernel/random/loads.js';

const runs = Number(process.env['MARIE_RUNS'] ?? 60);
const seed = process.env['MARIE_SEED'] ?? '1';
const settings = { numRuns: runs, ...(seed === 'random' ? {} : { seed: Number(seed) }) };

/** Turns from one that is looked at to the next. */
const EVERY = 5;

type Full = Extract<Blocked, { readonly reason: 'no-free-slot' }>;

/** What was said of a job that needs more slots than are free. */
interface Said extends JobRef {
  readonly row: number;
  readonly blocked: Full;
  /** Whether slots were kept for short jobs from long ones. */
  readonly mustWait: boolean;
}

class Prober {
  readonly kernel = new Kernel();
  compared = 0;

  hear({ turn, at, result }: VirtualTurn): void {
    if (turn % EVERY !== 0 || result.full || result.unfinished) return;
    const { cell, cellRow } = this.kernel.state;
    for (let classSeq = 1; classSeq <= cell.c.nextClass[cellRow]!; classSeq++) {
      const said = this.#sayAll(classSeq, at);
      if (said.length > 0) this.#check(said, classSeq, turn, at);
    }
  }

  #sayAll(classSeq: number, at: number): readonly Said[] {
    const { state, indexes } = this.kernel;
    const { classes, dags, jobs, space } = state;
    const said: Said[] = [];
    for (let dag = 1; dag < dags.table.high; dag++) {
      if (!dags.table.isLive(dag) || dags.c.state[dag] !== DagState.open) continue;
      for (let job = 0; job < dags.c.jobsTotal[dag]!; job++) {
        const row = space.handle(dag, job);
        if (row === 0 || jobs.c.state[row] !== JobState.ready || jobs.c.class[row] !== classSeq) continue;
        const blocked = explain({ state, indexes, at }, dag, row, [])!;
        if (blocked.reason !== 'no-free-slot' || blocked.widest >= blocked.slots) continue;
        const mustWait = longMustWait(state, classes.find(classSeq), at, blocked.widest > 0);
        said.push({ dag: dags.keyA[dag]!, job, row, blocked, mustWait });
      }
    }
    return said;
  }

  #check(said: readonly Said[], classSeq: number, turn: number, at: number): void {
    const { kernel } = this;
    const { state, indexes } = kernel;
    const largest = indexes.placement.largest(classSeq);
    const first = this.#startsFirst(classSeq, largest, turn, at);
    try {
      if (first === null) return;
      const { row: winner, isReserved } = first;
      const isLong = (row: number) => shapeOf(state.jobs.c.flags[row]!) === Shape.long;
      for (const { dag, job, row, blocked, mustWait } of said) {
        const { ahead, slots } = blocked;
        const named = ahead === null ? row : state.space.handle(state.dags.find(ahead.dag), ahead.job);
        // More slots may let more long jobs run, where none might before.
        if (mustWait && (isLong(winner) || isLong(named))) continue;
        // Such a one has no turn, or too few slots have come free for it.
        if (slotsOf(state, named) > Math.min(largest, slotsOf(state, winner))) continue;
        this.compared += 1;
        const isWide = isReserved && Math.max(slots, slotsOf(state, named)) < slotsOf(state, winner);
        if (named === winner || (isWide && ahead !== null && ahead.field !== EvidenceField.reservation)) continue;
        const { dagOf } = state.space;
        const started = `${state.dags.keyA[dagOf[winner]!]}/${state.jobs.keyB[winner]}`;
        throw new Error(`turn ${turn}: of ${dag}/${job} ${JSON.stringify(blocked)}, and ${started} starts first`);
      }
    } finally {
      kernel.undo();
    }
  }

  /** The first job of a class that starts when there is another executor, and whether one was kept for it. */
  #startsFirst(classSeq: number, slots: number, turn: number, at: number) {
    const { kernel } = this;
    const { classes, dags, space, jobs } = kernel.state;
    const cls = classes.find(classSeq);
    const [group, executorClass] = [classes.c.group[cls]!, classes.c.name[cls]!];
    const inputs = [input(Code.RegisterExecutor, registration('another', { group, executorClass, slots }))];
    const request = { turn: turn + 1, at, stoppedMs: 0, shell: [], inputs, caughtUp: true, published: turn };
    const { entries } = kernel.turn(request, NOTHING, () => {});
    for (const { code, body } of entries) {
      if (code !== Code.JobDispatched) continue;
      const row = space.handle(dags.find(body.dag), body.job);
      if (jobs.c.class[row] !== classSeq) continue;
      const isReserved = entries.some(
        (one) => one.code === Code.ReservationEnded && one.body.dag === body.dag && one.body.job === body.job,
      );
      return { row, isReserved };
    }
    return null;
  }
}

/** A turn that starts jobs and does nothing else needs no row that is not at hand. */
const NOTHING = {
  spec: () => {
    throw new Error('no submission is at hand');
  },
  output: () => null,
};

it('what is said to come first starts first when there is room for it', () => {
  let compared = 0;
  fc.assert(
    fc.property(load, (one) => {
      const prober = new Prober();
      play(one, prober.kernel, (turn) => prober.hear(turn));
      compared += prober.compared;
    }),
    settings,
  );
  expect(compared).toBeGreaterThan(100);
});

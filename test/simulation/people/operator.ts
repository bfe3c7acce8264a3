import { Code } from '../../../src/catalogue/generated/codes.js';
import type { InputEntry, SubmitDag } from '../../../src/catalogue/generated/types.js';
import { cellLimits, classLimits, json } from '../../support/kernel/build.js';
import { CLASSES } from '../../support/kernel/random/jobs.js';
import type { Chance } from '../chance.js';
import type { Executor } from './executor.js';
import type { World } from './world.js';

/** Somebody who controls what is there, at random, and tells some of it twice. */
export class Operator {
  #isOver = false;

  constructor(
    private readonly world: World,
    private readonly chance: Chance,
    private readonly dags: () => readonly SubmitDag[],
    private readonly executors: readonly Executor[],
    private readonly everyMs: number,
  ) {
    this.#next();
  }

  stop(): void {
    this.#isOver = true;
  }

  #next(): void {
    const { world, chance } = this;
    world.timeline.after(chance.wait(this.everyMs), () => {
      if (this.#isOver) return;
      const input = this.#control();
      if (input !== null) this.#send(input);
      this.#next();
    });
  }

  #send(input: InputEntry): void {
    const { world, chance } = this;
    world.until(
      input,
      () => world.isCalm,
      () => undefined,
    );
    if (!chance.hits(0.15)) return;
    world.timeline.after(chance.wait(3000), () =>
      world.until(
        input,
        () => world.isCalm,
        () => undefined,
      ),
    );
  }

  #control(): InputEntry | null {
    const dags = this.dags();
    if (dags.length === 0 || this.chance.hits(0.25)) return this.#setting();
    // Mostly one of the newest: it may be under way.
    const newest = this.chance.hits(0.7) ? Math.max(0, dags.length - 8) : 0;
    return this.#ofDag(dags[newest + this.chance.below(dags.length - newest)]!);
  }

  #ofDag(dag: SubmitDag): InputEntry {
    const { world, chance } = this;
    const name = { tenant: dag.tenant, dagId: dag.dagId };
    const nowMs = Math.floor(world.machine.wall.nowMs());
    const { id } = chance.pick(dag.jobs);
    return chance.weighed<() => InputEntry>([
      [2, () => world.input(Code.CancelDag, { ...name, reason: 'not needed' })],
      [2, () => world.input(Code.PauseDag, name)],
      [4, () => world.input(Code.ResumeDag, name)],
      [4, () => world.input(Code.RetryDag, name)],
      [2, () => world.input(Code.CancelJob, { ...name, job: id, reason: 'not needed' })],
      [2, () => world.input(Code.RetryJob, { ...name, job: id })],
      [4, () => this.signal(dag)],
      [1, () => world.input(Code.ReprioritizeDag, { ...name, priority: chance.below(3) - 1 })],
      [1, () => world.input(Code.SetDeadline, { ...name, deadlineAtMs: nowMs + 5000, hardDeadlineAtMs: null })],
    ])();
  }

  /** Answers one of the DAG's signals. */
  signal(dag: SubmitDag): InputEntry {
    const signals = dag.jobs.filter(({ kind }) => kind === 'signal');
    const signal = signals.length === 0 ? 'none' : this.chance.pick(signals).id;
    const output = this.chance.hits(0.5) ? null : json({ n: 2 });
    return this.world.input(Code.ResolveSignal, { tenant: dag.tenant, dagId: dag.dagId, signal, output });
  }

  #setting(): InputEntry | null {
    const { world, chance, executors } = this;
    const { id: executor } = chance.pick(executors);
    return chance.weighed<() => InputEntry | null>([
      [1, () => world.input(Code.CordonExecutor, { executor })],
      [3, () => world.input(Code.UncordonExecutor, { executor })],
      [1, () => world.input(Code.SetPolicy, { policy: chance.pick(['default@1', 'fifo@1']) })],
      [
        2,
        () =>
          world.input(
            Code.SetClassLimits,
            classLimits({ executorClass: chance.pick(CLASSES), maxSlots: chance.pick([null, 1, 3]) }),
          ),
      ],
      [2, () => world.input(Code.SetTenantLimits, tenantLimits('acme', chance))],
      [2, () => world.input(Code.SetCellLimits, retention(chance))],
      [1, () => this.#drain()],
    ])();
  }

  #drain(): null {
    this.chance.pick(this.executors).drain();
    return null;
  }

  /** Lifts all limits, lets everything go on. */
  relent(): void {
    const { world } = this;
    const inputs = [
      world.input(Code.SetTenantLimits, {
        tenant: 'acme',
        weight: 1,
        openDags: null,
        activeDags: null,
        runnableJobs: null,
      }),
      world.input(Code.SetCellLimits, cellLimits()),
      ...CLASSES.map((name) => world.input(Code.SetClassLimits, classLimits({ executorClass: name }))),
      ...this.executors.map(({ id }) => world.input(Code.UncordonExecutor, { executor: id })),
      ...this.dags().map(({ tenant, dagId }) => world.input(Code.ResumeDag, { tenant, dagId })),
    ];
    for (const input of inputs) {
      world.until(
        input,
        () => false,
        () => undefined,
      );
    }
  }

  /** Answers every signal of every DAG. */
  answerAll(): void {
    for (const { tenant, dagId, jobs } of this.dags()) {
      for (const { id, kind } of jobs) {
        if (kind !== 'signal') continue;
        const input = this.world.input(Code.ResolveSignal, { tenant, dagId, signal: id, output: null });
        this.world.until(
          input,
          () => false,
          () => undefined,
        );
      }
    }
  }
}

function tenantLimits(tenant: string, chance: Chance) {
  return {
    tenant,
    weight: 1 + chance.below(3),
    openDags: chance.pick([null, null, 4]),
    activeDags: chance.pick([null, 1, 2]),
    runnableJobs: chance.pick([null, 3]),
  };
}

function retention(chance: Chance) {
  return cellLimits({
    retainTerminalMs: chance.pick([0, 2000, null]),
    retainTerminalJobs: chance.pick([null, 5]),
    retainExecutorsMs: chance.pick([0, 2000, null]),
  });
}

/**
 * What `explain` says is tried out, on random loads of the real kernel: what is said to hold up a ready job is taken away,
 * one thing after the other, until it starts. Each time something else must be said of it. All of that is undone.
 */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Code, DagState, JobState } from '../../src/catalogue/generated/codes.js';
import type { AnyEntry, InputEntry, SetClassLimits, SubmitDag } from '../../src/catalogue/generated/types.js';
import { type Blocked, explain, type JobRef } from '../../src/kernel/explain/index.js';
import { slotsOf } from '../../src/kernel/fold.js';
import { Kernel } from '../../src/kernel/kernel.js';
import { MAX_SESSION_MS } from '../../src/kernel/limits.js';
import type { VirtualTurn } from '../../src/simulate/cell/virtual-cell.js';
import { className } from '../../src/simulate/class-name.js';
import { classLimits, input, registration } from '../support/kernel/bench.js';
import { load, play } from '../support/kernel/random/loads.js';

const runs = Number(process.env['MARIE_RUNS'] ?? 25);
const seed = process.env['MARIE_SEED'] ?? '1';
const settings = { numRuns: runs, ...(seed === 'random' ? {} : { seed: Number(seed) }), endOnFailure: true };

/** Turns from one that is looked at to the next. */
const EVERY = 23;
/** Things that are taken away before a job is given up: where many come before it, it takes long. */
const MOST_TRIED = 60;
/** Jobs of its own DAG that are helped first, one before the other. */
const MOST_BEFORE = 20;
/** All that the start of a job leads to. */
const STARTS: ReadonlySet<number> = new Set([Code.LeaseGranted, Code.SlotReserved, Code.JobDispatched]);

const met = new Map<string, number>();
const count = (what: string): void => void met.set(what, (met.get(what) ?? 0) + 1);

class Trial {
  readonly kernel = new Kernel();
  readonly #specs = new Map<number, SubmitDag>();
  #limits = new Map<string, SetClassLimits>();
  #turn = 0;
  #at = 0;
  #undoable = 0;
  #tried = 0;
  #said: string[] = [];

  hear({ turn, at, entries, result }: VirtualTurn): void {
    for (const { code, body, ...entry } of entries) {
      if (code === Code.SetClassLimits) this.#limits.set(className(body.group, body.executorClass), body);
      if (code !== Code.DagAccepted || !('cause' in entry)) continue;
      this.#specs.set(body.dag, entries[entry.cause]!.body as SubmitDag);
    }
    if (turn % EVERY !== 0 || result.full || result.unfinished) return;
    const ready = this.#ready();
    if (ready.length > 0) this.#try(ready[turn % ready.length]!, turn, at);
  }

  #ready(): readonly JobRef[] {
    const { dags, jobs, space } = this.kernel.state;
    const found: JobRef[] = [];
    for (let dag = 1; dag < dags.table.high; dag++) {
      if (!dags.table.isLive(dag) || dags.c.state[dag] !== DagState.open) continue;
      for (let job = 0; job < dags.c.jobsTotal[dag]!; job++) {
        const row = space.handle(dag, job);
        if (row !== 0 && jobs.c.state[row] === JobState.ready) found.push({ dag: dags.keyA[dag]!, job });
      }
    }
    return found;
  }

  #try(job: JobRef, turn: number, at: number): void {
    const limits = new Map(this.#limits);
    [this.#turn, this.#at, this.#tried, this.#said] = [turn, at, 0, []];
    try {
      this.#help(job);
    } catch (error) {
      const said = this.#said.join('\n');
      throw new Error(`turn ${turn}, job ${job.dag}/${job.job}: ${(error as Error).message}\n${said}`, {
        cause: error,
      });
    } finally {
      for (; this.#undoable > 0; this.#undoable--) this.kernel.undo();
      this.#limits = limits;
    }
  }

  /** Takes away what holds up a job until it starts, or ends with what was taken away. */
  #help(job: JobRef, before = 0): void {
    if (before > MOST_BEFORE) throw new Error('jobs come before each other');
    for (let last = ''; this.#tried++ < MOST_TRIED; ) {
      const { c } = this.kernel.state.jobs;
      if (c.state[this.#row(job)] !== JobState.ready) return count('started or ended');
      const blocked = this.#explain(job);
      const said = `${this.#at} ${JSON.stringify(blocked)}`;
      if (said === last) throw new Error('the same is said again');
      this.#said.push(said);
      count(blocked.reason);
      // One that comes before it in its own DAG may be held up by something else than it is.
      last = blocked.reason === 'no-free-slot' && blocked.ahead?.dag === job.dag ? '' : said;
      this.#takeAway(blocked, job, before);
    }
  }

  #takeAway(blocked: Blocked, job: JobRef, before: number): void {
    switch (blocked.reason) {
      case 'no-free-slot':
        if (blocked.ahead === null) return this.#register(job);
        if (blocked.ahead.dag === job.dag) return this.#help(blocked.ahead, before + 1);
        return void this.#step([this.#cancel(blocked.ahead.dag)]);
      case 'no-executor-in-class':
      case 'larger-than-any-executor':
      case 'all-cordoned-or-draining':
        return this.#register(job);
      case 'class-limit':
        return this.#raise(blocked, job);
      case 'rate-limited':
        return this.#wait(blocked, job);
      case 'slot-reclaiming':
      case 'waiting-for-reservation':
        return void this.#step(
          this.#complete((lease) => this.kernel.state.leases.c.executor[lease] === blocked.executor),
        );
      case 'reserved-for-short-work':
        expect(blocked.longRunning).toBeGreaterThanOrEqual(blocked.allowed);
        return void this.#step(this.#complete(() => true));
      case 'reserved-for-wide':
        return void this.#step([this.#cancel(blocked.job.dag)]);
      default:
        throw new Error('no ready job is held up by that while time stands still');
    }
  }

  /** Another executor, as large as the job needs. */
  #register(job: JobRef): void {
    const more = { ...this.#class(job), slots: slotsOf(this.kernel.state, this.#row(job)), sessionMs: MAX_SESSION_MS };
    this.#step([input(Code.RegisterExecutor, registration(`more-${this.#turn}`, more))]);
  }

  /** As many slots more as it needs, and before that one less: that is not enough. */
  #raise({ slots, limit, inUse }: Extract<Blocked, { readonly reason: 'class-limit' }>, job: JobRef): void {
    expect(limit - inUse).toBeLessThan(slots);
    const { group, executorClass } = this.#class(job);
    const name = className(group, executorClass);
    const known = this.#limits.get(name) ?? classLimits({ group, executorClass });
    for (const maxSlots of [inUse + slots - 1, inUse + slots].filter((most) => most > limit)) {
      this.#limits.set(name, { ...known, maxSlots });
      this.#step([input(Code.SetClassLimits, { ...known, maxSlots })]);
      const isReady = this.kernel.state.jobs.c.state[this.#row(job)] === JobState.ready;
      if (maxSlots < inUse + slots) expect(isReady).toBe(true);
      if (!isReady || this.#explain(job).reason !== 'class-limit') return;
      // Others have taken what was to be had.
      if (this.kernel.state.classes.c.reserved[this.#classRow(job)]! > inUse) return;
    }
  }

  /** Nothing of the class starts before there are tokens, and then the job does that is said to come first. */
  #wait({ untilMs, job: first }: Extract<Blocked, { readonly reason: 'rate-limited' }>, job: JobRef): void {
    const classRow = this.#classRow(job);
    const startedAt = (at: number): readonly JobRef[] | null => {
      const entries = this.#step([], at);
      const started = entries.flatMap(({ code, body }) => (code === Code.JobDispatched ? [body] : []));
      // As time passes other things may happen, which change who comes first: one that is overdue is such, too.
      const isAlone =
        entries.every(({ code }) => STARTS.has(code)) && started.every(({ evidence }) => evidence.lane > 0);
      return isAlone && started.every((one) => this.#classRow(one) === classRow) ? started : null;
    };
    const early = untilMs - 1 > this.#at ? startedAt(untilMs - 1) : [];
    if (early !== null) expect(early).toEqual([]);
    const inTime = startedAt(untilMs);
    if (early === null || inTime === null || (inTime.length === 0 && this.#isOvertaken(job))) return;
    count('waited');
    expect(inTime.map((one) => ({ dag: one.dag, job: one.job }))).toContainEqual(first);
  }

  /** Whether a DAG that is overdue by now comes first, and waits for tokens itself. */
  #isOvertaken(job: JobRef): boolean {
    const { dags } = this.kernel.state;
    const now = this.#explain(job);
    return now.reason === 'rate-limited' && dags.c.dueAtMs[dags.find(now.job.dag)]! <= this.#at;
  }

  #cancel(dag: number): InputEntry {
    const { tenant, dagId } = this.#specs.get(dag)!;
    return input(Code.CancelDag, { tenant, dagId, reason: '' });
  }

  /** What ends the work of leases, those that are reclaimed among them. */
  #complete(isMeant: (lease: number) => boolean): InputEntry[] {
    const { keyA, c, table } = this.kernel.state.leases;
    const found: InputEntry[] = [];
    for (let row = 1; row < table.high; row++) {
      if (!table.isLive(row) || !isMeant(row)) continue;
      const lease = { dag: c.dag[row]!, job: c.job[row]!, attempt: c.attempt[row]!, token: keyA[row]! };
      found.push(input(Code.CompleteJob, { lease, output: null, blob: null, unitsUsed: null }));
    }
    return found;
  }

  #row({ dag, job }: JobRef): number {
    return this.kernel.state.space.handle(this.kernel.state.dags.find(dag), job);
  }

  #classRow(job: JobRef): number {
    return this.kernel.state.classes.find(this.kernel.state.jobs.c.class[this.#row(job)]!);
  }

  #class(job: JobRef) {
    const { c } = this.kernel.state.classes;
    const row = this.#classRow(job);
    return { group: c.group[row]!, executorClass: c.name[row]! };
  }

  #explain(job: JobRef): Blocked {
    const { state, indexes } = this.kernel;
    return explain({ state, indexes, at: this.#at }, state.dags.find(job.dag), this.#row(job), [])!;
  }

  /** Turns until there is nothing more to do at that moment. */
  #step(inputs: InputEntry[], at = this.#at): readonly AnyEntry[] {
    this.#at = at;
    const all: AnyEntry[] = [];
    for (let left = inputs; ; ) {
      this.#turn += 1;
      const given = { shell: [], inputs: left, caughtUp: true, published: this.#turn - 1 };
      const spec = (dag: number): SubmitDag => this.#specs.get(dag)!;
      const cold = { spec, output: () => null };
      const result = this.kernel.turn({ turn: this.#turn, at, stoppedMs: 0, ...given }, cold, () => {});
      this.#undoable += 1;
      all.push(...result.entries);
      left = left.slice(result.taken);
      if (left.length === 0 && !result.unfinished && !result.full) return all;
    }
  }
}

it('when all that is said to hold up a job was taken away, it starts', () => {
  fc.assert(
    fc.property(load, (one) => {
      const trial = new Trial();
      play(one, trial.kernel, (turn) => trial.hear(turn));
    }),
    settings,
  );
  if (runs < 25) return;
  for (const what of ['started or ended', 'no-free-slot', 'class-limit', 'rate-limited', 'waited', 'slot-reclaiming']) {
    expect([what, (met.get(what) ?? 0) > 50]).toEqual([what, true]);
  }
});

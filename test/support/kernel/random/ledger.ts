import { Code, nameOf } from '../../../../src/catalogue/generated/codes.js';
import type { AnyEntry, EventEntry, SubmitDag } from '../../../../src/catalogue/generated/types.js';

type Ending = 'good' | 'bad' | 'neutral';

interface JobLife {
  ending: Ending | null;
}

interface DagLife {
  readonly spec: SubmitDag;
  readonly jobs: Map<number, JobLife>;
  hasEnded: boolean;
}

/**
 * What the events alone say, kept in the simplest way: it knows nothing of rows. It refuses a history in which a job
 * ends twice in a run, is dispatched before those before it allow it, or has two leases; in which tokens fall, or slots
 * are given out that are not there.
 */
export class Ledger {
  private readonly dags = new Map<number, DagLife>();
  private readonly leased = new Map<string, number>();
  private readonly jobOf = new Map<number, string>();
  private lastToken = 0;

  /** `seen` takes every input and event that occurs, and each reason of those that carry one. */
  constructor(readonly seen: Set<string>) {}

  add(entries: readonly AnyEntry[]): void {
    let events = 0;
    for (const entry of entries) {
      if ('envelope' in entry) {
        this.seen.add(nameOf(entry.code));
        continue;
      }
      events += 1;
      this.note(entry);
      this.event(entry, entries);
    }
    if (events > 16_384) throw new Error(`a turn of ${events} events`);
  }

  private note(entry: EventEntry): void {
    const name = nameOf(entry.code);
    this.seen.add(name);
    const { reason, code } = entry.body as { reason?: string; code?: string };
    if (reason !== undefined) this.seen.add(`${name} ${reason}`);
    if (code !== undefined) this.seen.add(`${name} ${code}`);
  }

  private event(entry: EventEntry, entries: readonly AnyEntry[]): void {
    switch (entry.code) {
      case Code.DagAccepted: {
        const cause = entries[entry.cause];
        if (cause?.code !== Code.SubmitDag) throw new Error('DagAccepted without a submission');
        this.dags.set(entry.body.dag, { spec: cause.body, jobs: new Map(), hasEnded: false });
        return;
      }
      case Code.DagSucceeded:
      case Code.DagFailed:
      case Code.DagCancelled:
        return this.endDag(entry.body.dag);
      case Code.DagReopened:
        this.dags.get(entry.body.dag)!.hasEnded = false;
        return;
      case Code.DagForgotten:
        if (entry.body.last) this.dags.delete(entry.body.dag);
        return;
      default:
        return this.jobEvent(entry);
    }
  }

  private endDag(dag: number): void {
    const life = this.dags.get(dag)!;
    if (life.hasEnded) throw new Error(`DAG ${dag} ends twice`);
    life.hasEnded = true;
    for (let job = 0; job < life.spec.jobs.length; job++) {
      if (this.life(dag, job).ending === null) throw new Error(`DAG ${dag} ends before its job ${job}`);
    }
  }

  private jobEvent(entry: EventEntry): void {
    switch (entry.code) {
      case Code.JobSucceeded:
        return this.end(entry.body.dag, entry.body.job, 'good');
      case Code.JobFailed:
      case Code.JobTimedOut:
        if (entry.body.final) this.end(entry.body.dag, entry.body.job, 'bad');
        return;
      case Code.JobCancelled:
        return this.end(entry.body.dag, entry.body.job, 'bad');
      case Code.JobSkipped:
        return this.end(entry.body.dag, entry.body.job, entry.body.reason === 'condition-false' ? 'neutral' : 'bad');
      case Code.JobReopened:
        this.life(entry.body.dag, entry.body.job).ending = null;
        return;
      case Code.JobsFannedOut:
        for (let job = entry.body.from; job < entry.body.to; job++) this.life(entry.body.dag, job).ending = null;
        return this.mayRun(entry.body.dag, entry.body.job);
      case Code.JobDispatched:
        return this.mayRun(entry.body.dag, entry.body.job);
      case Code.LeaseGranted:
        return this.grant(`${entry.body.dag}/${entry.body.job}`, entry.body.token);
      case Code.LeaseReleased:
      case Code.LeaseExpired:
        this.leased.delete(this.jobOf.get(entry.body.token)!);
        return;
      default:
    }
  }

  private grant(job: string, token: number): void {
    if (token <= this.lastToken) throw new Error(`token ${token} after ${this.lastToken}`);
    if (this.leased.has(job)) throw new Error(`two leases of ${job} in force`);
    this.lastToken = token;
    this.leased.set(job, token);
    this.jobOf.set(token, job);
  }

  private life(dag: number, job: number): JobLife {
    const { jobs } = this.dags.get(dag)!;
    let life = jobs.get(job);
    if (life === undefined) {
      life = { ending: null };
      jobs.set(job, life);
    }
    return life;
  }

  private end(dag: number, job: number, ending: Ending): void {
    const life = this.life(dag, job);
    if (life.ending !== null) throw new Error(`job ${dag}/${job} ends twice in a run`);
    if (this.dags.get(dag)!.hasEnded) throw new Error(`job ${dag}/${job} ends after its DAG`);
    life.ending = ending;
  }

  /** I7: a job begins when its `join` of those before it allows it. */
  private mayRun(dag: number, job: number): void {
    const { spec } = this.dags.get(dag)!;
    const own = spec.jobs[job];
    if (own === undefined) return;
    const endings = own.after.map(
      (id) =>
        this.life(
          dag,
          spec.jobs.findIndex((other) => other.id === id),
        ).ending,
    );
    const good = endings.filter((ending) => ending === 'good').length;
    const isAllowed =
      own.join === 0 ? endings.every((ending) => ending === 'good' || ending === 'neutral') : good >= own.join;
    if (!isAllowed)
      throw new Error(`job ${dag}/${job} runs although those before it do not allow it: ${endings.join(' ')}`);
  }
}

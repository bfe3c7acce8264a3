/** Reads what a journal tells of its load, turn by turn. */
import { inputOf } from '../../catalogue/caused.js';
import { Code } from '../../catalogue/generated/codes.js';
import type {
  AnyEntry,
  EntryOf,
  EventEntry,
  InputEntry,
  LeaseGranted,
  SubmitDag,
} from '../../catalogue/generated/types.js';
import { leaseEnd } from '../cell/lease-end.js';
import { terminalOf } from '../cell/terminal.js';
import type { Ending } from '../cell/world.js';
import { FanOuts } from './fan-outs.js';
import { attemptKey, dagKey, type History, type HistoryArrival, type Recorded } from './history.js';
import { LastHeard } from './last-heard.js';
import { NameUses } from './name-uses.js';
import { StoodStill } from './stood-still.js';

/** Inputs about DAGs that are sent again. */
const PLAYED: ReadonlySet<number> = new Set([
  Code.SubmitDag,
  Code.CancelDag,
  Code.CancelJob,
  Code.PauseDag,
  Code.ResumeDag,
  Code.ReprioritizeDag,
  Code.SetDeadline,
  Code.RetryDag,
  Code.RetryJob,
  Code.ResolveSignal,
]);

/** Settings: a plan says what is in force, so that they are not made again. */
const LEFT: ReadonlyMap<number, string> = new Map([
  [Code.SetPolicy, 'the policy'],
  [Code.SetClassLimits, 'limits of a class'],
  [Code.SetTenantLimits, 'limits of a tenant'],
  [Code.SetCellLimits, 'limits of the cell'],
  [Code.CordonExecutor, 'an executor that is cordoned'],
  [Code.DrainExecutor, 'an executor that is drained'],
]);

type Released = EntryOf<typeof Code.LeaseReleased>;

/** An attempt whose lease is in force. */
interface Open {
  readonly key: string;
  readonly executor: number;
  ending: Ending | null | undefined;
}

/** A turn, as far as a history is read. */
export interface HistoryTurn {
  readonly at: number;
  readonly entries: readonly AnyEntry[];
}

export class HistoryReader implements History {
  readonly arrivals: HistoryArrival[] = [];
  readonly attempts = new Map<string, Recorded>();
  readonly tenants = new Set<string>();
  readonly left = new Map<string, number>();
  /** DAGs that are not forgotten, by their sequence number. */
  readonly #dags = new Map<number, { readonly submission: SubmitDag; readonly key: string }>();
  readonly #uses = new NameUses();
  readonly #fanOuts = new FanOuts();
  readonly #open = new Map<number, Open>();
  /** When attempts began whose end isn't known, by key, and up to when they were seen to run; null: they run. */
  readonly #unended = new Map<string, { readonly from: number; to: number | null }>();
  readonly #heard = new LastHeard();
  readonly #stoodStill = new StoodStill();
  #at = 0;

  /** Takes the next turn. A history that begins in the middle of a journal knows nothing of DAGs from before. */
  take({ at, entries }: HistoryTurn): void {
    this.#at = at;
    for (const entry of entries) {
      this.#stoodStill.take(at, entry);
      if ('envelope' in entry) this.#input(at, entry);
      else this.#event(entry, entries);
    }
  }

  ranMs(key: string): number {
    const unended = this.#unended.get(key);
    if (unended === undefined) return 0;
    const ranMs = (unended.to ?? this.#at) - unended.from;
    return ranMs - this.#stoodStill.within(unended.from, ranMs);
  }

  #input(at: number, { code, body }: InputEntry): void {
    if (PLAYED.has(code)) {
      const use = this.#uses.of(body as SubmitDag);
      this.arrivals.push({ at, order: 0, code, body, ...(use === undefined ? {} : { use }) });
    }
    const setting = LEFT.get(code);
    if (setting !== undefined) this.left.set(setting, (this.left.get(setting) ?? 0) + 1);
  }

  #event(entry: EventEntry, entries: readonly AnyEntry[]): void {
    this.#heard.take(this.#at, entry);
    switch (entry.code) {
      case Code.DagAccepted: {
        const submission = inputOf(Code.SubmitDag, entry, entries);
        const key = dagKey(submission, this.#uses.of(submission)?.dag);
        this.tenants.add(submission.tenant);
        this.#dags.set(entry.body.dag, { submission, key });
        return;
      }
      case Code.TenantLimitsChanged: {
        const input = entries[entry.cause] as InputEntry;
        if (input.code === Code.SetTenantLimits) this.tenants.add(input.body.tenant);
        return;
      }
      case Code.JobsFannedOut:
        return this.#fanOuts.fannedOut(entry.body);
      case Code.LeaseGranted:
        this.#granted(entry.body);
        return;
      case Code.LeaseReleased:
        this.#released(entry, entries);
        return;
      case Code.LeaseExpired:
        return this.#lost(entry.body.token);
      case Code.SlotReleased:
        this.#freed(entry.body);
        return;
      case Code.DagForgotten:
        return this.#forgotten(entry.body.dag);
      default:
    }
  }

  /** Where a DAG has many jobs it is told in several events; its names are free with the first. */
  #forgotten(seq: number): void {
    const dag = this.#dags.get(seq);
    if (dag !== undefined) this.#uses.freed(dag.submission);
    this.#dags.delete(seq);
    this.#fanOuts.forget(seq);
  }

  #granted({ token, executor, dag, job, attempt }: LeaseGranted): void {
    const known = this.#dags.get(dag);
    if (known === undefined) return;
    const key = attemptKey(known.key, this.#fanOuts.placeOf(dag, job), attempt);
    this.#open.set(token, { key, executor, ending: undefined });
    this.#unended.set(key, { from: this.#at, to: null });
  }

  #released(entry: Released, entries: readonly AnyEntry[]): void {
    const open = this.#open.get(entry.body.token);
    if (open === undefined) return;
    const end = leaseEnd(entry, entries);
    if (end === null) return this.#cut(open.key, this.#at);
    this.#unended.delete(open.key);
    if (end === 'timed-out') open.ending = null;
    else if (end.code !== Code.ReturnJob) {
      open.ending = { afterMs: 0, order: 0, terminal: terminalOf(end) };
    }
  }

  #lost(token: number): void {
    const open = this.#open.get(token);
    const unended = open && this.#unended.get(open.key);
    if (open && unended) this.#cut(open.key, this.#heard.since(unended.from, open.executor));
  }

  /** Others ended it, or it was lost: it would have gone on. */
  #cut(key: string, at: number): void {
    const unended = this.#unended.get(key);
    if (unended !== undefined) unended.to = at;
  }

  #freed({ token, occupancyMs }: { token: number; occupancyMs: number }): void {
    const open = this.#open.get(token);
    if (open === undefined) return;
    this.#open.delete(token);
    const { key, ending } = open;
    if (ending === undefined) return;
    const unheardMs = this.#stoodStill.unheardWithin(this.#at - occupancyMs, occupancyMs);
    const heard = { afterMs: Math.max(1, occupancyMs), unheardMs };
    this.attempts.set(key, ending && { ...ending, ...heard });
  }
}

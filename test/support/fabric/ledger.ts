import { Code } from '../../../src/catalogue/generated/codes.js';
import type { AnyEntry, TurnRecord } from '../../../src/catalogue/generated/types.js';
import { decodeTurn } from '../../../src/catalogue/turn.js';
import { nodeDisk } from '../../../src/journal/files/node-disk.js';
import { openForReading } from '../../../src/journal/files/reader.js';

/** What became of one job in one run. */
export interface JobAccount {
  /** Events that ended it. */
  readonly ends: string[];
  /** `CompleteJob` inputs that were accepted for it. */
  completions: number;
  /** Terminal callbacks that were accepted for it: `CompleteJob`, `FailJob`, `ReturnJob`. */
  terminals: number;
  /** Leases that were granted for it. */
  grants: number;
}

/** Why a lease ended, where a terminal callback ended it. */
const TERMINAL_REASONS: ReadonlySet<string> = new Set(['completed', 'failed', 'returned']);

interface Holding {
  readonly executor: number;
  readonly slots: number;
}

/**
 * Keeps account of a history, event by event, without any code of the kernel, and notes whatever breaks an invariant:
 * one lease in force per job, tokens that only rise, no grant without a free slot (a slot is free only when the work
 * on it has stopped), one end per job and run.
 */
export class Ledger {
  readonly violations: string[] = [];
  readonly jobs = new Map<string, JobAccount>();
  readonly refusals = new Map<string, number>();
  readonly counts = new Map<number, number>();
  /** The turn in which each token was granted. */
  readonly granted = new Map<number, number>();
  /** State hash after each turn, in hex. */
  readonly stateHashes: string[] = [];
  readonly #runs = new Map<number, number>();
  readonly #inForce = new Map<string, number>();
  readonly #jobOf = new Map<number, string>();
  readonly #held = new Map<number, Holding>();
  readonly #capacity = new Map<number, number>();
  readonly #withdrawn = new Map<number, number>();
  #lastToken = 0;
  #turn = 0;

  /** Reads a journal's folder, whether a fabric runs on it or not. */
  static async of(folder: string): Promise<Ledger> {
    const ledger = new Ledger();
    const reader = await openForReading(nodeDisk, folder);
    for await (const { bytes } of reader.read(1)) ledger.take(decodeTurn(bytes));
    return ledger;
  }

  get turns(): number {
    return this.#turn;
  }

  /** How many events or inputs of a kind there were. */
  count(code: number): number {
    return this.counts.get(code) ?? 0;
  }

  /** Slots of an executor on which something may still run. */
  slotsHeld(executor: number): number {
    let held = 0;
    for (const holding of this.#held.values()) if (holding.executor === executor) held += holding.slots;
    return held;
  }

  /** All that holds slots. */
  get holdings(): number {
    return this.#held.size;
  }

  /** The job that a token was granted for, as `dag/index`. */
  holderOf(token: number): string | undefined {
    return this.#jobOf.get(token);
  }

  job(dag: number, index: number, run = 1): JobAccount {
    const key = `${dag}/${index}/${run}`;
    let account = this.jobs.get(key);
    if (account === undefined) {
      account = { ends: [], completions: 0, terminals: 0, grants: 0 };
      this.jobs.set(key, account);
    }
    return account;
  }

  take(record: TurnRecord): void {
    if (record.turn !== this.#turn + 1) this.#wrong(`turn ${record.turn} follows turn ${this.#turn}`);
    this.#turn = record.turn;
    this.stateHashes[record.turn] = Buffer.from(record.stateHash).toString('hex');
    for (const entry of record.entries) {
      this.counts.set(entry.code, this.count(entry.code) + 1);
      this.#lease(entry, record);
      this.#slots(entry);
      this.#end(entry);
    }
  }

  #lease(entry: AnyEntry, record: TurnRecord): void {
    switch (entry.code) {
      case Code.LeaseGranted: {
        const { token, dag, job } = entry.body;
        const key = `${dag}/${job}`;
        if (this.#inForce.has(key)) this.#wrong(`job ${key} has a lease in force and got token ${token}`);
        if (token <= this.#lastToken) this.#wrong(`token ${token} after ${this.#lastToken}`);
        this.#lastToken = token;
        this.#inForce.set(key, token);
        this.#jobOf.set(token, key);
        this.granted.set(token, record.turn);
        this.#account(dag, job).grants++;
        const follows = record.entries.some((other) => other.code === Code.SlotReserved && other.body.token === token);
        if (!follows) this.#wrong(`token ${token} has no slot in its turn`);
        return;
      }
      case Code.LeaseReleased:
      case Code.LeaseExpired: {
        const key = this.#jobOf.get(entry.body.token);
        if (key === undefined || this.#inForce.get(key) !== entry.body.token) {
          this.#wrong(`the lease ${entry.body.token} ended and was not in force`);
        } else {
          this.#inForce.delete(key);
        }
        if (entry.code === Code.LeaseReleased && key !== undefined) this.#released(key, entry.body.reason);
        return;
      }
      default:
    }
  }

  #released(key: string, reason: string): void {
    const [dag = 0, job = 0] = key.split('/').map(Number);
    const account = this.#account(dag, job);
    if (TERMINAL_REASONS.has(reason)) account.terminals++;
    if (reason === 'completed') account.completions++;
  }

  #slots(entry: AnyEntry): void {
    switch (entry.code) {
      case Code.ExecutorRegistered:
        this.#withdrawn.set(entry.body.executor, 0);
        if (!entry.body.resumed) this.#capacity.set(entry.body.executor, 0);
        return;
      case Code.ExecutorResized:
        this.#capacity.set(entry.body.executor, entry.body.slots);
        return;
      case Code.SlotReserved: {
        const { token, executor, slots } = entry.body;
        const capacity = (this.#capacity.get(executor) ?? 0) - (this.#withdrawn.get(executor) ?? 0);
        const held = this.slotsHeld(executor);
        if (held + slots > capacity) this.#wrong(`token ${token}: ${held} + ${slots} slots of ${capacity}`);
        this.#held.set(token, { executor, slots });
        return;
      }
      case Code.SlotReportedHeld:
        this.#held.set(entry.body.token, entry.body);
        return;
      case Code.SlotWithdrawn: {
        const { executor = 0 } = this.#held.get(entry.body.token) ?? {};
        this.#withdrawn.set(executor, (this.#withdrawn.get(executor) ?? 0) + entry.body.slots);
        this.#held.delete(entry.body.token);
        return;
      }
      case Code.SlotReleased:
        if (!this.#held.delete(entry.body.token)) this.#wrong(`slots of ${entry.body.token} were released twice`);
        return;
      default:
    }
  }

  #end(entry: AnyEntry): void {
    const { code, body } = entry;
    if (code === Code.DagAccepted) this.#runs.set(body.dag, 1);
    else if (code === Code.DagReopened) this.#runs.set(body.dag, body.run);
    else if (code === Code.JobSucceeded) this.#ended(body, 'succeeded');
    else if (code === Code.JobCancelled) this.#ended(body, 'cancelled');
    else if (code === Code.JobSkipped) this.#ended(body, 'skipped');
    else if (code === Code.JobFailed && body.final) this.#ended(body, 'failed');
    else if (code === Code.JobTimedOut && body.final) this.#ended(body, 'failed');
    else if (code === Code.InputRefused) this.refusals.set(body.code, (this.refusals.get(body.code) ?? 0) + 1);
  }

  #ended({ dag, job }: { readonly dag: number; readonly job: number }, how: string): void {
    const account = this.#account(dag, job);
    account.ends.push(how);
    if (account.ends.length > 1) this.#wrong(`job ${dag}/${job} ended ${account.ends.join(' and ')}`);
  }

  #account(dag: number, job: number): JobAccount {
    return this.job(dag, job, this.#runs.get(dag) ?? 1);
  }

  #wrong(what: string): void {
    this.violations.push(`turn ${this.#turn}: ${what}`);
  }
}

import { Code, JobState, LeaseState, nameOf } from '../../../src/catalogue/generated/codes.js';
import type {
  BodyOf,
  EventEntry,
  InputEntry,
  JobSpec,
  LeaseRef,
  RegisterExecutor,
  SubmitDag,
  TurnRecord,
} from '../../../src/catalogue/generated/types.js';
import { Kernel, type TurnRequest, type TurnResult } from '../../../src/kernel/kernel.js';
import { IdKind, seqOf } from '../../../src/kernel/rows/ids.js';
import { BLOB, input, json, registration, shellEvent, submission } from './build.js';
import { recordOf } from './bytes.js';
import { ColdStore } from './cold.js';
import { checkState } from './invariants.js';
import { Replica } from './replica.js';
import { Transcript } from './transcript.js';

export { Code } from '../../../src/catalogue/generated/codes.js';
export * from './build.js';

type Body<C extends InputEntry['code']> = BodyOf<C>;

/** What a turn may be told beside its inputs. */
export interface StepOptions {
  /** How much later than the turn before it is, in ms. */
  readonly later?: number;
  readonly caughtUp?: boolean;
  readonly shell?: readonly EventEntry[];
  readonly published?: number;
}

/**
 * A kernel that a spec drives turn by turn, in the words of those who use it: submit, complete, later. Every turn is
 * folded into a second state, whose hash must be the same, and the invariants of the rows are checked.
 */
export class KernelBench {
  readonly kernel = new Kernel();
  readonly cold = new ColdStore();
  readonly transcript = new Transcript(this.kernel.state, this.cold.specs);
  readonly history: TurnRecord[] = [];
  turn = 0;
  at = 1000;
  stoppedMs = 0;
  /** How often each event occurred. */
  readonly counts = new Map<string, number>();
  private readonly replica: Replica | null;

  /** Tests of sheer size check what they are about themselves; they may do without the text too. */
  constructor(private readonly options: { readonly isLarge?: boolean; readonly isQuiet?: boolean } = {}) {
    this.replica = options.isLarge ? null : new Replica();
  }

  /** Computes and accepts one turn. */
  step(inputs: readonly InputEntry[] = [], options: StepOptions = {}): TurnResult {
    this.turn += 1;
    this.at += options.later ?? 0;
    const request: TurnRequest = {
      turn: this.turn,
      at: this.at,
      stoppedMs: this.stoppedMs,
      shell: options.shell ?? [],
      inputs,
      caughtUp: options.caughtUp ?? true,
      published: options.published ?? this.turn - 1,
    };
    const result = this.kernel.turn(request, this.cold.viewFor(this.kernel, request), this.cold.put);
    if (!this.options.isQuiet) this.transcript.add(this.at, result.entries);
    for (const { code } of result.entries) this.counts.set(nameOf(code), this.count(nameOf(code)) + 1);
    this.kernel.accept();
    const record = recordOf(request, result);
    if (!this.options.isQuiet) this.history.push(record);
    if (this.replica === null) return result;
    this.replica.fold(record);
    checkState(this.kernel.state);
    return result;
  }

  /** How often an event or input occurred so far. */
  count(name: string): number {
    return this.counts.get(name) ?? 0;
  }

  /** Turns without inputs until no cursor is left and the plan had room. */
  settle(mostTurns = 50): void {
    for (let result = this.step(); result.unfinished || result.full; result = this.step()) {
      if (--mostTurns <= 0) throw new Error('the continuations do not come to an end');
    }
  }

  /** One turn with one input. */
  give<C extends InputEntry['code']>(code: C, body: Body<C>, inputId?: string): TurnResult {
    return this.step([input(code, body as never, inputId)]);
  }

  /** Time passes. */
  later(ms: number, options: StepOptions = {}): TurnResult {
    return this.step([], { ...options, later: ms });
  }

  /** The fabric stands still, and tells of it when it goes on. */
  standStill(gapMs: number): TurnResult {
    this.stoppedMs += gapMs;
    return this.later(gapMs, { shell: [shellEvent(Code.TimeLeapt, { gapMs })] });
  }

  submit(dagId: string, jobs: readonly JobSpec[], more: Partial<SubmitDag> = {}): TurnResult {
    return this.give(Code.SubmitDag, submission(dagId, jobs, more));
  }

  register(executor: string, more: Partial<RegisterExecutor> = {}): TurnResult {
    return this.give(Code.RegisterExecutor, registration(executor, more));
  }

  /** The lease in force of a job, by names; throws when it has none. */
  lease(dagId: string, jobId: string, tenant = 'acme'): LeaseRef {
    const { state } = this.kernel;
    const dag = seqOf(state, IdKind.dag, tenant, dagId);
    const index = this.indexOf(dag, jobId);
    const job = state.space.handle(state.dags.find(dag), index);
    const ref = { dag, job: index, attempt: state.jobs.c.attempt[job]!, token: state.jobs.c.token[job]! };
    const lease = state.leases.find(ref.token);
    if (lease === 0 || state.leases.c.state[lease] !== LeaseState.inForce) {
      throw new Error(`no lease of ${dagId}/${jobId} is in force`);
    }
    return ref;
  }

  /** Index of a job by its id, or of a child by `id[n]`. */
  indexOf(dag: number, jobId: string): number {
    const child = /^(.*)\[(\d+)\]$/.exec(jobId);
    const index = this.cold.specs.get(dag)!.jobs.findIndex((job) => job.id === (child?.[1] ?? jobId));
    const { fans } = this.kernel.state;
    return child === null ? index : fans.c.base[fans.find(dag, index)]! + Number(child[2]);
  }

  /** State of a job, and why: `skipped upstream-failed`. */
  stateOf(dagId: string, jobId: string): string {
    const { state } = this.kernel;
    const dag = seqOf(state, IdKind.dag, 'acme', dagId);
    const job = state.space.handle(state.dags.find(dag), this.indexOf(dag, jobId));
    const name = Object.entries(JobState).find(([, number]) => number === state.jobs.c.state[job])?.[0] ?? 'none';
    return name;
  }

  complete(dagId: string, jobId: string, output: unknown = undefined): TurnResult {
    return this.completeLease(this.lease(dagId, jobId), output);
  }

  completeLease(lease: LeaseRef, output: unknown = undefined): TurnResult {
    return this.give(Code.CompleteJob, {
      lease,
      output: output === undefined ? null : json(output),
      blob: null,
      unitsUsed: null,
    });
  }

  /** It ended well, with an output that is too large to travel inline. */
  completeWithBlob(dagId: string, jobId: string): TurnResult {
    return this.give(Code.CompleteJob, { lease: this.lease(dagId, jobId), output: null, blob: BLOB, unitsUsed: null });
  }

  fail(dagId: string, jobId: string, code = 'broken', retryable = true): TurnResult {
    return this.failLease(this.lease(dagId, jobId), code, retryable);
  }

  failLease(lease: LeaseRef, code = 'broken', retryable = true): TurnResult {
    return this.give(Code.FailJob, { lease, code, message: '', retryable, unitsUsed: null });
  }

  returnLease(lease: LeaseRef): TurnResult {
    return this.give(Code.ReturnJob, { lease, reason: 'drain', unitsUsed: null });
  }

  /** The history so far as text, and from here on a new one. */
  tell(): string {
    return `\n${this.transcript.lines.splice(0).join('\n')}\n`;
  }

  /** Forgets the history so far: what follows is what the spec is about. */
  skip(): void {
    this.transcript.lines.length = 0;
  }
}

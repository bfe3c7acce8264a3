import { Recent } from '../catalogue/recent.js';
import { Attempt, Unread } from './attempt.js';
import { AttemptContext, type ContextParts } from './context.js';
import type { ExecutorDefinition, JobInput } from './define.js';
import { ExecutorCode, type StopCode } from './errors.js';
import type { Heard } from './heard.js';
import { inputOf } from './inputs.js';
import { completionOf, failureOf } from './outcome.js';
import { type CallbackAnswer, type DispatchMessage, failLine, returnLine, STALE_TOKEN } from './protocol.js';
import { as } from './uncaught.js';
import { Waiters } from './waiters.js';

/** What the runner tells the fabric, by way of the callback sender. */
export interface Reports {
  ack(attempt: Attempt): void;
  terminal(attempt: Attempt | Unread | null, line: string): void;
}

/** Counts since the start, for people and tests. */
export interface RunnerStats {
  readonly running: number;
  readonly waiting: number;
  readonly completed: number;
  readonly failed: number;
  readonly returned: number;
  /** Terminal callbacks that the fabric refused. */
  readonly refused: number;
  /** Dispatches of a token that had been seen before. */
  readonly repeated: number;
}

/** Attempts that are named for people. */
const NAMED = 8;

/** Refused reports of an attempt in whose place it is failed; one more is the end. */
const MAX_REFUSALS = 2;

/** Tokens of ended attempts that are remembered, so that a dispatch published twice is run once. */
const REMEMBERED = 65_536;

/**
 * Runs attempts, as many at once as there are slots, and keeps each until its terminal callback has been answered:
 * until then its token is listed when the executor registers again, and a repeated dispatch of it is ignored.
 */
export class JobRunner {
  private readonly attempts = new Map<string, Attempt>();
  /** Those whose dispatch could not be read, until the fabric has answered that they fail. */
  private readonly unread = new Map<string, Unread>();
  private readonly seen = new Recent<string, true>(REMEMBERED);
  private waiting: Attempt[] = [];
  private slotsUsed = 0;
  private running = 0;
  private draining = false;
  private readonly idlers = new Waiters();
  private readonly counts = { completed: 0, failed: 0, returned: 0, refused: 0, repeated: 0 };

  constructor(
    private readonly definition: ExecutorDefinition<JobInput, unknown>,
    private readonly parts: ContextParts,
    private readonly reports: Reports,
    private readonly heard: Heard,
  ) {}

  stats(): RunnerStats {
    return { running: this.running, waiting: this.waiting.length, ...this.counts };
  }

  /** Every attempt that the fabric may still count on this process. */
  held(): { token: string; slots: number }[] {
    return Array.from(this.attempts.values(), ({ token, slots }) => ({ token, slots }));
  }

  /** The same for people: dag and job, of some of them. */
  names(): string[] {
    const some = Array.from(this.attempts.values()).slice(0, NAMED);
    return some.map(({ dispatch: { dagId, job, child } }) => `${dagId}/${job}${child === null ? '' : `/${child}`}`);
  }

  dispatch(message: DispatchMessage): void {
    if (this.isRepeated(message.token)) return;
    const attempt = new Attempt(message);
    this.attempts.set(attempt.token, attempt);
    if (this.draining) {
      this.giveBack(attempt, 'the executor is draining');
    } else if (this.waiting.length === 0 && this.fits(attempt)) {
      void this.start(attempt);
    } else {
      this.waiting.push(attempt);
    }
  }

  /**
   * A dispatch that can't be read: its attempt fails, and for good. Given back, it would come again as it is, at once and
   * without end. Where the fabric refuses to hear that, it is told anew when the dispatch comes again.
   */
  unreadable(token: string, detail: string): void {
    if (this.isRepeated(token)) return;
    const unread = new Unread(token);
    this.unread.set(token, unread);
    this.counts.failed++;
    const code = ExecutorCode.DispatchUnreadable;
    this.parts.log.warn({ token, code, detail }, 'a dispatch can not be read, its job fails');
    this.reports.terminal(unread, failLine(token, { code, message: detail, retryable: false }, null));
  }

  private isRepeated(token: string): boolean {
    const isRepeated = this.attempts.has(token) || this.unread.has(token) || this.seen.has(token);
    if (isRepeated) this.counts.repeated++;
    return isRepeated;
  }

  /**
   * The fabric wants an attempt to end. It keeps a slot for it until a terminal callback says that nothing runs, so one
   * that isn't here, or has ended, is given back: an earlier callback may have come before the slot was counted again.
   */
  stop(token: string): void {
    const attempt = this.attempts.get(token);
    if (attempt === undefined) this.reports.terminal(null, returnLine(token, 'not held by this executor', null));
    else if (attempt.state === 'ended') attempt.stopAsked = true;
    else this.stopAttempt(attempt, 'stopped');
  }

  private stopAttempt(attempt: Attempt, code: StopCode): void {
    if (attempt.stopped === null) attempt.stoppedAtMs = this.heard.untilMs;
    attempt.stop(code);
    if (attempt.state === 'waiting') this.giveBack(attempt, 'stopped before it started');
  }

  /** The fabric says that a lease is over, in answer to an ack or to progress. */
  leaseEnded(attempt: Attempt): void {
    this.stopAttempt(attempt, 'stopped');
  }

  stopAll(code: StopCode): void {
    for (const attempt of this.attempts.values()) this.stopAttempt(attempt, code);
  }

  /** Stops all work and forgets every token: the fabric has another history, in which tokens mean other leases. */
  disown(): void {
    for (const attempt of this.attempts.values()) {
      attempt.stop('stopped');
      attempt.state = 'ended';
    }
    this.waiting = [];
    this.attempts.clear();
    this.unread.clear();
    this.seen.clear();
  }

  /** From now on nothing starts: what waits, and what still comes, is given back. */
  startDraining(): void {
    this.draining = true;
    for (const attempt of this.waiting) this.giveBack(attempt, 'the executor is draining');
  }

  /** Resolves when no run() is under way. */
  idle(): Promise<void> {
    return this.idlers.until(() => this.running === 0);
  }

  /** Gives back what did not heed its signal: the process is about to end, and the work with it. */
  abandonAll(): void {
    for (const attempt of this.attempts.values()) {
      if (attempt.state === 'running') this.giveBack(attempt, 'still running when the executor shut down');
    }
  }

  /** An error that nobody caught comes from this attempt, if it is one of these: it fails with that. */
  blame(attempt: Attempt, error: unknown): void {
    if (this.attempts.get(attempt.token) !== attempt) return;
    this.logFailure(attempt, error);
    this.end(attempt, failureOf(attempt, error), 'failed');
  }

  /** The fabric's answer to a terminal callback. */
  answered(attempt: Attempt | Unread | null, answer: CallbackAnswer): void {
    if (!answer.accepted) this.counts.refused++;
    const isOver = answer.accepted || answer.code === STALE_TOKEN;
    if (attempt instanceof Unread) {
      if (this.unread.get(attempt.token) !== attempt) return;
      this.unread.delete(attempt.token);
      if (isOver) this.seen.set(attempt.token, true);
      return;
    }
    if (attempt === null || this.attempts.get(attempt.token) !== attempt) return;
    if (!isOver && attempt.refusals < MAX_REFUSALS) {
      this.failInstead(attempt, answer.code, answer.detail ?? '');
      return;
    }
    this.attempts.delete(attempt.token);
    this.seen.set(attempt.token, true);
    if (attempt.stopAsked) this.stop(attempt.token);
  }

  /**
   * A report that was refused for what it says would leave its job running for ever: fail the attempt with that. Where
   * that is refused, too, without a word: the page of a proxy is often what it lets nobody send.
   */
  private failInstead(attempt: Attempt, code: string, detail: string): void {
    const message = attempt.refusals++ === 0 ? detail : '';
    const { dagId: dag, job, token } = attempt.dispatch;
    this.parts.log.warn({ dag, job, token, code, detail }, 'report refused');
    this.reports.terminal(attempt, failLine(attempt.token, { code, message, retryable: true }, null));
  }

  private fits(attempt: Attempt): boolean {
    return this.slotsUsed === 0 || this.slotsUsed + attempt.slots <= this.definition.slots;
  }

  private async start(attempt: Attempt): Promise<void> {
    attempt.state = 'running';
    this.slotsUsed += attempt.slots;
    this.running++;
    this.reports.ack(attempt);
    try {
      const input = inputOf(attempt.dispatch, this.parts.blobs, () => attempt.signal);
      const context = new AttemptContext(attempt, this.parts);
      const given = input instanceof Promise ? await input : input;
      const output = await as(attempt, () => this.definition.run(context, given));
      const completion = completionOf(attempt, output, this.parts.blobs);
      this.end(attempt, typeof completion === 'string' ? completion : await completion, 'completed');
    } catch (error) {
      this.logFailure(attempt, error);
      this.end(attempt, failureOf(attempt, error), attempt.stopped ? 'returned' : 'failed');
    }
    this.running--;
    this.slotsUsed -= attempt.slots;
    this.startWaiting();
    if (this.running === 0) this.idlers.tell();
  }

  private giveBack(attempt: Attempt, reason: string): void {
    if (attempt.state === 'waiting') this.waiting = this.waiting.filter((other) => other !== attempt);
    this.end(attempt, returnLine(attempt.token, reason, attempt.unitsUsed), 'returned');
  }

  private end(attempt: Attempt, line: string, how: 'completed' | 'failed' | 'returned'): void {
    if (attempt.state === 'ended') return;
    attempt.state = 'ended';
    if (attempt.stopped === null) attempt.stoppedAtMs = this.heard.untilMs;
    this.counts[how]++;
    this.reports.terminal(attempt, line);
  }

  private startWaiting(): void {
    for (let next = this.waiting[0]; next !== undefined && this.fits(next); next = this.waiting[0]) {
      this.waiting.shift();
      void this.start(next);
    }
  }

  private logFailure(attempt: Attempt, error: unknown): void {
    if (attempt.state === 'ended') return;
    const { dagId: dag, job, token } = attempt.dispatch;
    const fields = { dag, job, attempt: attempt.dispatch.attempt, token, err: error };
    try {
      if (attempt.stopped) this.parts.log.debug(fields, 'attempt stopped');
      else this.parts.log.warn(fields, 'attempt failed');
    } catch {
      // What was thrown may throw when it is written. It is reported all the same, and its slot is free.
    }
  }
}

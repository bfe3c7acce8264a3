import { mayPass } from '../catalogue/generated/may-pass.js';
import { badAnswer, withMembers } from '../client/adapters/http.js';
import { ClientCode, FabricError } from '../client/errors.js';
import { type Machine, sleep } from '../client/ports.js';
import { backoffMs, type Patience } from '../client/retry.js';
import type { Attempt, Unread } from './attempt.js';
import { ackLine, type CallbackAnswer, HEARTBEAT_LINE, progressLine } from './protocol.js';
import { Waiters } from './waiters.js';

/** Callbacks and characters of one request; the fabric's own limit on a body is higher. */
const MAX_LINES = 4_096;
const MAX_CHARACTERS = 2 * 1024 * 1024;
/** How long what isn't urgent waits for company: an ack is left out when its completion comes before. */
const GATHER_MS = 1;
/** Progress of all attempts is sent at most so often. */
const PROGRESS_EVERY_MS = 250;
/** Callbacks are tried until the executor closes: what they say can't be said otherwise. */
const PATIENCE: Patience = { attempts: Number.POSITIVE_INFINITY, baseMs: 50, maxMs: 5_000 };

const MALFORMED_STATUS: ReadonlySet<number> = new Set([400, 413, 415, 422]);
const SESSION_STATUS: ReadonlySet<number> = new Set([404, 409, 410]);
const TOO_LARGE = 413;
/** Of somebody between here and the fabric: about who asks, and when, and where, and not about what is said. */
const OTHER_STATUS: ReadonlySet<number> = new Set([401, 404, 407, 408, 409, 410, 429]);

export interface CallbackListener {
  /** A terminal callback was answered; `attempt` is null for one that this process never held. */
  terminalAnswered(attempt: Attempt | Unread | null, answer: CallbackAnswer): void;
  /** A heartbeat (without attempt), an ack or a progress was refused. */
  refused(attempt: Attempt | null, code: string): void;
  /** Callbacks were taken in turns up to this one. */
  heardOf(turn: number): void;
  /** The fabric doesn't take callbacks of this session: nothing is sent until `resume`. */
  sessionRefused(error: FabricError): void;
  /** A request failed and will be tried again. */
  retrying(error: FabricError, delayMs: number): void;
}

/** A terminal callback, and what it is about. */
interface Terminal {
  readonly attempt: Attempt | Unread | null;
  readonly line: string;
  readonly terminal: true;
}

/** What one line of a request is about. */
type Receipt = Terminal | { readonly attempt: Attempt | null; readonly line: string; readonly terminal: false };

const HEARTBEAT: Receipt = { attempt: null, line: HEARTBEAT_LINE, terminal: false };

/**
 * Sends callbacks in batches: all that gathered while the previous request was under way, one request at a time, so
 * that load makes batches larger and not more. A batch without an answer is sent again as it was; the fabric answers
 * the repeat of an accepted callback as accepted. Signs of life alone wait for no answer.
 */
export class CallbackSender {
  private terminals: Terminal[] = [];
  private acks: Attempt[] = [];
  private readonly dirty = new Set<Attempt>();
  private heartbeatDue = false;
  private nextProgressAtMs = 0;
  private scheduled = false;
  private progressScheduled = false;
  private sending = false;
  private paused = true;
  private wake: (() => void) | null = null;
  private maxLines = MAX_LINES;
  /** Goes up with each `forget`: a batch of an earlier generation is sent no more. */
  private generation = 0;
  private readonly ended = new AbortController();
  /** Of the session: a request that is under way when the next one begins may never be answered. */
  private session = new AbortController();
  private readonly idlers = new Waiters();

  constructor(
    private readonly post: (body: string, signal: AbortSignal) => Promise<string>,
    private readonly machine: Machine,
    private readonly listener: CallbackListener,
  ) {}

  ack(attempt: Attempt): void {
    this.acks.push(attempt);
    this.scheduleIn(GATHER_MS);
  }

  heartbeat(): void {
    if (this.sending && !this.paused) return void this.beat();
    this.heartbeatDue = true;
    this.scheduleIn(GATHER_MS);
  }

  /**
   * By a request of its own: a process that is behind answers the one under way only when it has caught up. Says whether
   * it was answered.
   */
  private async beat(): Promise<boolean> {
    const { signal } = this.session;
    try {
      this.match([HEARTBEAT], await this.post(bodyOf([HEARTBEAT]), signal));
      return true;
    } catch (error) {
      if (!(error instanceof FabricError)) throw error;
      // The request under way meets the same, and says so.
      this.heartbeatDue = true;
      return false;
    }
  }

  /** Sends the attempt's latest progress, thinned out. */
  progress(attempt: Attempt): void {
    this.dirty.add(attempt);
    if (this.dirty.size === 1) this.scheduleProgress();
  }

  terminal(attempt: Attempt | Unread | null, line: string): void {
    this.terminals.push({ attempt, line, terminal: true });
    if (this.sending || this.paused || this.scheduled) return;
    this.scheduled = true;
    this.machine.soon(this.flush);
  }

  /**
   * Goes on after `sessionRefused`, and at the start: a session is registered. A request of the one before is given up,
   * and sent again: whoever has it may be cut off, and no sign of life would leave until it times out.
   */
  resume(): void {
    this.session.abort(new FabricError({ code: ClientCode.Aborted, status: 0, detail: 'a new session has begun' }));
    this.session = new AbortController();
    this.paused = false;
    this.wake?.();
    this.wake = null;
    this.scheduleIn(0);
  }

  /** Sends nothing until `resume`. */
  pause(): void {
    this.paused = true;
  }

  /** Drops all that waits and all that is under way: nobody is there who could take it. */
  forget(): void {
    this.terminals = [];
    this.acks = [];
    this.dirty.clear();
    this.generation++;
  }

  /** Resolves when every terminal callback has been answered. */
  idle(): Promise<void> {
    return this.idlers.until(() => !this.sending && this.terminals.length === 0);
  }

  close(): void {
    const error = new FabricError({ code: ClientCode.Aborted, status: 0, detail: 'the executor is closed' });
    this.ended.abort(error);
    this.session.abort(error);
    this.wake?.();
    this.idlers.tell();
  }

  private scheduleIn(ms: number): void {
    if (this.sending || this.paused || this.ended.signal.aborted) return;
    this.machine.after(ms, this.flush, true);
  }

  private scheduleProgress(): void {
    if (this.dirty.size === 0 || this.progressScheduled || this.sending || this.paused) return;
    this.progressScheduled = true;
    const due = (): void => {
      this.progressScheduled = false;
      this.flush();
    };
    this.machine.after(Math.max(GATHER_MS, this.nextProgressAtMs - this.machine.nowMs()), due, true);
  }

  private readonly flush = (): void => {
    this.scheduled = false;
    if (this.sending || this.paused || this.ended.signal.aborted) return;
    const batch = this.take();
    // A timer may come a little early: then it was not time for progress yet.
    if (batch.length === 0) return this.scheduleProgress();
    this.sending = true;
    void this.deliver(batch).finally(() => {
      this.sending = false;
      this.flushAgain();
    });
  };

  private flushAgain(): void {
    if (this.ended.signal.aborted || (this.terminals.length === 0 && !this.heartbeatDue && this.acks.length === 0)) {
      this.scheduleProgress();
      this.idlers.tell();
    } else if (!this.scheduled) {
      this.scheduled = true;
      this.machine.soon(this.flush);
    }
  }

  private take(): Receipt[] {
    const batch: Receipt[] = [];
    if (this.heartbeatDue) batch.push(HEARTBEAT);
    this.heartbeatDue = false;
    for (const attempt of this.acks) {
      if (attempt.state === 'running') batch.push({ attempt, line: ackLine(attempt.token), terminal: false });
    }
    this.acks = [];
    if (this.dirty.size > 0 && this.machine.nowMs() >= this.nextProgressAtMs) this.takeProgress(batch);
    this.takeTerminals(batch);
    return batch;
  }

  private takeProgress(batch: Receipt[]): void {
    this.nextProgressAtMs = this.machine.nowMs() + PROGRESS_EVERY_MS;
    for (const attempt of this.dirty) {
      if (attempt.state !== 'running') continue;
      batch.push({ attempt, line: progressLine(attempt.token, attempt.permille, attempt.message), terminal: false });
    }
    this.dirty.clear();
  }

  private takeTerminals(batch: Receipt[]): void {
    let taken = 0;
    let characters = 0;
    for (const receipt of this.terminals) {
      if (taken > 0 && (taken >= this.maxLines || characters + receipt.line.length > MAX_CHARACTERS)) break;
      batch.push(receipt);
      characters += receipt.line.length;
      taken++;
    }
    this.terminals = taken === this.terminals.length ? [] : this.terminals.slice(taken);
  }

  /** Sends until all is answered, or the sender is closed. */
  private async deliver(batch: Receipt[]): Promise<void> {
    let left = batch;
    const { generation } = this;
    const isWanted = (): boolean => generation === this.generation && !this.ended.signal.aborted;
    // Whether a sign of life was answered since somebody in between refused these lines.
    let isHeard = false;
    for (let attempt = 1; left.length > 0 && isWanted(); attempt++) {
      const { signal } = this.session;
      try {
        left = this.match(left, await this.post(bodyOf(left), signal));
        this.maxLines = Math.min(MAX_LINES, this.maxLines * 2);
        isHeard = false;
        if (left.length > 0) await this.backOff(attempt, notTaken(left.length));
      } catch (error) {
        if (!(error instanceof FabricError)) throw error;
        if (!isWanted() || signal.aborted) continue;
        const isOdd = isOddRequest(error);
        const isSpoilt: boolean = isMalformed(error) || (isOdd && isHeard);
        isHeard = isOdd && !isSpoilt && (await this.beat());
        if (isSpoilt) left = this.divide(left, error);
        else if (SESSION_STATUS.has(error.status) && !error.isOfOther) await this.waitForSession(error);
        else await this.backOff(attempt, error);
      }
    }
  }

  private async backOff(attempt: number, error: FabricError): Promise<void> {
    const delayMs = backoffMs(attempt, PATIENCE, this.machine.random(), error.retryAfterMs);
    this.listener.retrying(error, delayMs);
    await sleep(this.machine, delayMs, this.ended.signal).catch(() => undefined);
    if (this.paused) await this.untilResumed();
  }

  private async waitForSession(error: FabricError): Promise<void> {
    this.paused = true;
    this.listener.sessionRefused(error);
    if (this.paused) await this.untilResumed();
  }

  private untilResumed(): Promise<void> {
    if (this.ended.signal.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      this.wake = resolve;
    });
  }

  /**
   * A request that can't be taken for what it says is cut down until the line that spoils it is alone, and judged alone.
   * Gives what is sent next: ends of work by themselves, as progress may come up for as long as there is work.
   */
  private divide(batch: Receipt[], error: FabricError): Receipt[] {
    const terminals = batch.filter((receipt) => receipt.terminal);
    if (terminals.length < batch.length) return terminals;
    const [only, ...others] = terminals;
    if (only !== undefined && others.length === 0) {
      this.listener.terminalAnswered(only.attempt, { accepted: false, code: error.code, detail: error.message });
    } else {
      this.maxLines = terminals.length >> 1;
      this.terminals = terminals.concat(this.terminals);
    }
    return [];
  }

  /** Matches the answer's lines with what was sent; gives back what the fabric could not take just now. */
  private match(batch: readonly Receipt[], text: string): Receipt[] {
    const lines = text.split('\n');
    if (lines.at(-1) === '') lines.pop();
    if (lines.length !== batch.length) {
      const detail = `${lines.length} answers to ${batch.length} callbacks`;
      throw new FabricError({ code: ClientCode.BadAnswer, status: 0, detail });
    }
    const answers = lines.map(parseAnswer);
    this.listener.heardOf(Math.max(...lines.map(turnOf)));
    const again: Receipt[] = [];
    for (const [index, receipt] of batch.entries()) {
      const answer = answers[index] as CallbackAnswer;
      if (!answer.accepted && mayPass(answer.code)) again.push(receipt);
      else if (receipt.terminal) this.listener.terminalAnswered(receipt.attempt, answer);
      else if (!answer.accepted) this.listener.refused(receipt.attempt, answer.code);
    }
    return again;
  }
}

/** Whether a request is refused for what it says, by the fabric, or for its size by whoever is in between. */
function isMalformed({ isOfOther, status }: FabricError): boolean {
  return isOfOther ? status === TOO_LARGE : MALFORMED_STATUS.has(status);
}

/**
 * Whether somebody between here and the fabric may refuse a request for what it says. He may refuse all of them for a
 * while, whatever they say: it is this one where a sign of life is answered, and then it is refused again.
 */
function isOddRequest({ isOfOther, status }: FabricError): boolean {
  return isOfOther && status >= 400 && status < 500 && !OTHER_STATUS.has(status);
}

function bodyOf(batch: readonly Receipt[]): string {
  let body = '';
  for (const { line } of batch) body += `${line}\n`;
  return body;
}

function notTaken(count: number): FabricError {
  return new FabricError({ code: 'not-taken', status: 503, detail: `${count} callbacks could not be taken just now` });
}

/** The turn of an answer; 0 where it has none. */
function turnOf(line: string): number {
  return Number(/"turn":(\d+)\}$/u.exec(line)?.[1] ?? 0);
}

const ACCEPTED: CallbackAnswer = { accepted: true, turn: 0 };

/** Most answers say "accepted" and nothing else that matters here. */
function parseAnswer(line: string): CallbackAnswer {
  if (line.startsWith('{"accepted":true')) return ACCEPTED;
  const answer = withMembers<CallbackAnswer>(line, 'accepted');
  if (answer.accepted === true) return ACCEPTED;
  // Anything else, taken for a refusal, would make a failure of what has ended well.
  if (answer.accepted === false && typeof answer.code === 'string') return answer;
  throw new FabricError(badAnswer(line));
}

import { sealInput } from '../catalogue/codec.js';
import { Code } from '../catalogue/generated/codes.js';
import type { AnyEntry, EventEntry, InputEntry, TurnRecord } from '../catalogue/generated/types.js';
import { formatLease, parseLease } from '../catalogue/lease.js';
import { ClientCode, FabricError } from '../client/errors.js';
import { putOne } from '../edge/answers.js';
import { type BatchLanguage, runBatch } from '../edge/batch.js';
import { acceptedLine, refusedBy, refusedLine } from '../edge/callbacks/answer.js';
import { heartbeat, readCallback } from '../edge/callbacks/read.js';
import { type Line, linesOf } from '../edge/json/text.js';
import { HEARTBEATS_PER_SESSION } from '../edge/limits.js';
import { Senders } from '../edge/seal.js';
import { byUtf8 } from '../edge/submission/order.js';
import type { FabricLink } from '../executor/link.js';
import {
  type FabricMessage,
  type RegisterAnswer,
  type RegisterRequest,
  STALE_INCARNATION,
} from '../executor/protocol.js';
import { readMessage } from '../executor/read-message.js';
import type { Answer, Inbox } from '../inbox/port.js';
import { fabricErrorOf } from './errors.js';
import { OwnLeases } from './own-leases.js';

const UNKNOWN_EXECUTOR = 'unknown-executor';
/** The status of `stale-incarnation`. */
const REPLACED = 409;
/** The number of nobody. */
const NOBODY = -1;

export interface TopicLinkParts {
  readonly cell: string;
  readonly executor: string;
  readonly incarnation: string;
  readonly inbox: Inbox;
  readonly ids: { next(): string };
  readonly clock: { wallMs(): number };
  /** Resolves when whatever is dispatched from now on will be told. */
  readonly dispatchesOpened: () => Promise<void>;
  /** Called when the executor wants to be told nothing more. */
  readonly closed: () => void;
}

/**
 * How one executor speaks with its fabric where there are brokers only: what it says are inputs on topics, and what it is
 * told follows from the journal's turns and the topic of dispatches. No gateway is asked for anything.
 */
export class TopicLink implements FabricLink {
  history: string | null = null;
  reign: string | null = null;
  readonly pings = false;
  readonly #parts: TopicLinkParts;
  readonly #leases = new OwnLeases();
  #early: FabricMessage[] = [];
  #number = NOBODY;
  /** Another incarnation has registered since this one did. */
  #isReplaced = false;
  #unanswered: { readonly request: string; readonly inputId: string } | null = null;
  #reading: { readonly told: (message: FabricMessage) => void; readonly broken: (error: FabricError) => void } | null =
    null;
  #end: FabricError | null = null;

  constructor(parts: TopicLinkParts) {
    this.#parts = parts;
  }

  async register(request: RegisterRequest, signal: AbortSignal): Promise<RegisterAnswer> {
    const { cell, executor, ids, dispatchesOpened } = this.#parts;
    this.#throwIfEnded();
    const text = JSON.stringify(request);
    if (this.#unanswered?.request !== text) this.#unanswered = { request: text, inputId: ids.next() };
    const held = request.held.flatMap(({ token, slots }) => {
      const lease = parseLease(cell, token);
      return lease === null ? [] : [{ lease, slots }];
    });
    const { incarnation, group, class: executorClass, slots, labels, sessionMs } = request;
    const body = { executor, incarnation, group, executorClass, slots, labels: pairsOf(labels), sessionMs, held };
    try {
      await dispatchesOpened();
      // Put now, it could come after what its executor has left with, and replace the next process of this id.
      if (signal.aborted) throw abortedBy(signal);
      const input = sealInput(Code.RegisterExecutor, this.#senders().next(this.#unanswered.inputId), body);
      const { turn } = await putOne(this.#parts.inbox, input);
      this.#unanswered = null;
      // What was said of the session before is over with it, as often as it was said: by each partition that lost some.
      this.#early = this.#early.filter(({ type }) => type !== 'gone');
      const heartbeatMs = Math.floor(sessionMs / HEARTBEATS_PER_SESSION);
      return { executor: this.#number, sessionMs, heartbeatMs, turn, history: null, reign: null };
    } catch (error) {
      const failed = fabricErrorOf(error);
      if (!failed.retryable) this.#unanswered = null;
      throw failed;
    }
  }

  /**
   * A heartbeat that is refused says it; for a session that is merely over it is refused in the same words, and the
   * journal, which is read up to there by then, says which of the two it is.
   */
  async probe(_signal: AbortSignal): Promise<void> {
    this.#throwIfEnded();
    const isOver = (error: FabricError): boolean => error.code === STALE_INCARNATION && !this.#isReplaced;
    await this.#put(heartbeat({ ...this.#sender(), senders: this.#senders() })).catch((error: FabricError) => {
      throw isOver(error) ? new FabricError({ code: UNKNOWN_EXECUTOR, status: 404, detail: error.message }) : error;
    });
  }

  readDispatches(opened: () => void, onMessage: (message: FabricMessage) => void, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const stop = (): void => {
        this.#reading = null;
        signal.removeEventListener('abort', aborted);
      };
      const aborted = (): void => {
        stop();
        reject(abortedBy(signal));
      };
      if (signal.aborted) return aborted();
      signal.addEventListener('abort', aborted, { once: true });
      this.#reading = {
        told: (message) => {
          if (message.type === 'gone') stop();
          onMessage(message);
          if (message.type === 'gone') resolve();
        },
        broken: (error) => {
          stop();
          reject(error);
        },
      };
      opened();
      for (const message of this.#early.splice(0)) this.#tell(message);
    });
  }

  async postCallbacks(body: string, _signal: AbortSignal): Promise<string> {
    this.#throwIfEnded();
    try {
      return await runBatch(linesOf(Buffer.from(body, 'utf8')), this.#language(), this.#parts.inbox);
    } catch (error) {
      throw fabricErrorOf(error);
    }
  }

  /**
   * Registers with no slots: a control stands in another topic, and might be taken before a registration that is under
   * way. Rejects with `stale-incarnation` where the next process of this id has registered.
   */
  async drain(offer: RegisterRequest, signal: AbortSignal): Promise<void> {
    if (this.#isReplaced) {
      const detail = `another process has registered as ${this.#parts.executor}`;
      throw new FabricError({ code: STALE_INCARNATION, status: REPLACED, detail });
    }
    await this.register(offer, signal);
  }

  async deregister(_signal: AbortSignal): Promise<void> {
    await this.#put(sealInput(Code.DeregisterExecutor, this.#senders().next(), this.#sender()));
  }

  close(): void {
    this.#parts.closed();
  }

  /** An accepted turn, in order. */
  accept({ entries }: Pick<TurnRecord, 'entries'>): void {
    for (const entry of entries) if (!('envelope' in entry)) this.#take(entry, entries);
    for (const dispatch of this.#leases.ready()) this.#tell(dispatch);
  }

  /** A dispatch for an executor, this one or another, as it was written: what is for others is not even parsed. */
  dispatched(executor: string, text: string): void {
    if (executor !== this.#parts.executor) return;
    const message = readMessage(text);
    if (message.type !== 'dispatch' && message.type !== 'unreadable') return;
    if (message.token === null) return this.#tell(message);
    const lease = parseLease(this.#parts.cell, message.token);
    if (lease === null) return;
    this.#leases.dispatched(lease.token, message);
    for (const dispatch of this.#leases.ready()) this.#tell(dispatch);
  }

  /** Dispatches may have been missed: a new registration ends the leases that are not held. */
  missed(): void {
    this.#tell({ type: 'gone', code: UNKNOWN_EXECUTOR });
  }

  /** Nothing can be read any more. */
  end(error: FabricError): void {
    this.#end = error;
    this.#reading?.broken(error);
  }

  #take(event: EventEntry, entries: readonly AnyEntry[]): void {
    if (event.code === Code.ExecutorRegistered) return this.#registered(event.body.executor, entries[event.cause]);
    if (this.#number === NOBODY) return;
    this.#leases.take(event, this.#number);
    // Reported to be held is what was listed although its end had been taken: the fabric waits for its slot once more.
    if (event.code === Code.SlotReclaiming || event.code === Code.SlotReportedHeld) {
      const lease = this.#leases.of(event.body.token);
      if (lease !== null) this.#tell({ type: 'stop', token: formatLease(this.#parts.cell, lease) });
    }
    if (event.code === Code.ExecutorDrained && event.body.executor === this.#number) this.#tell({ type: 'drain' });
    if (event.code === Code.ExecutorLost && event.body.executor === this.#number) this.missed();
  }

  #registered(executor: number, cause: AnyEntry | undefined): void {
    if (cause === undefined || cause.code !== Code.RegisterExecutor) return;
    if (cause.body.executor !== this.#parts.executor) return;
    this.#isReplaced = cause.body.incarnation !== this.#parts.incarnation;
    if (!this.#isReplaced) {
      this.#number = executor;
      for (const { lease } of cause.body.held) this.#leases.hold(lease);
    } else if (this.#number !== NOBODY) this.#tell({ type: 'gone', code: STALE_INCARNATION });
  }

  #tell(message: FabricMessage): void {
    if (this.#reading === null) this.#early.push(message);
    else this.#reading.told(message);
  }

  async #put(input: InputEntry): Promise<Answer> {
    try {
      return await putOne(this.#parts.inbox, input);
    } catch (error) {
      throw fabricErrorOf(error);
    }
  }

  #language(): BatchLanguage<Line> {
    const context = { ...this.#sender(), cell: this.#parts.cell, senders: this.#senders() };
    return {
      read: (line) => readCallback(line, context) ?? heartbeat(context),
      answered: (_input, { turn, events }) => refusedBy(events, turn) ?? acceptedLine(turn),
      refused: ({ details: { code, detail, turn } }) => refusedLine(code, detail, turn ?? 0),
    };
  }

  #sender() {
    const { executor, incarnation } = this.#parts;
    return { executor, incarnation };
  }

  #senders(): Senders {
    return new Senders(this.#parts.ids, this.#parts.clock, undefined);
  }

  #throwIfEnded(): void {
    if (this.#end !== null) throw this.#end;
  }
}

function abortedBy({ reason }: AbortSignal): FabricError {
  return new FabricError({ code: ClientCode.Aborted, status: 0, detail: String(reason) });
}

function pairsOf(labels: Readonly<Record<string, string>>) {
  const pairs = Object.entries(labels).map(([name, value]) => ({ name, value }));
  return pairs.sort(byUtf8);
}

import type { HttpCalls } from '../client/adapters/http.js';
import { Blobs } from '../client/blobs.js';
import { ClientCode, FabricError } from '../client/errors.js';
import { type Machine, sleep } from '../client/ports.js';
import { backoffMs, type OnAgain, type Patience } from '../client/retry.js';
import { Attempt, type Unread } from './attempt.js';
import { CallbackSender } from './callbacks.js';
import { ATTEMPT_PATIENCE } from './context.js';
import type { ExecutorDefinition, JobInput, Log } from './define.js';
import { Heard } from './heard.js';
import { Heartbeats, type Substitute } from './heartbeats.js';
import { KnownTurns } from './known-turns.js';
import { callbacksPath, type FabricLink } from './link.js';
import {
  type CallbackAnswer,
  type FabricMessage,
  OTHER_HISTORY,
  type RegisterAnswer,
  type RegisterRequest,
  STALE_TOKEN,
  type UnreadableMessage,
} from './protocol.js';
import { isFinal, isOfOtherHistory, throwUnlessOver } from './refusals.js';
import { JobRunner, type RunnerStats } from './runner.js';
import { within } from './within.js';

/** An executor that can't reach its fabric tries for as long as it lives: its jobs go on meanwhile. */
const PATIENCE: Patience = { attempts: Number.POSITIVE_INFINITY, baseMs: 50, maxMs: 3_000 };
/** A connection that held for so long was well; one that breaks sooner, again and again, is tried less and less often. */
const STEADY_MS = PATIENCE.maxMs;
/** How long attempts that were aborted may take to unwind before they are given up. */
const UNWIND_MS = 1_000;
/** How long a closing executor tries to have its last callbacks answered. */
const FAREWELL_MS = 5_000;
/**
 * An attempt that ends so long after it may have been told to stop may have lost its slot: the fabric withdraws it after
 * 30 s, some of which the word was on its way.
 */
const STOPPED_LATE_MS = 25_000;

/** Makes the link of one executor and incarnation. */
export type OpenLink = (executor: string, incarnation: string) => FabricLink;

/**
 * How an executor stands with its fabric: connecting, at first, and whenever its dispatch stream has broken, whether its
 * session is over or still there; registered, with its dispatch stream open, cordoned or not; draining, asked by its
 * process or through the fabric by an operator; closed, drained or because the fabric won't have it.
 */
export type ExecutorState = 'connecting' | 'registered' | 'draining' | 'closed';

export interface ExecutorParts {
  readonly id: string;
  readonly definition: ExecutorDefinition<JobInput, unknown>;
  readonly labels: Readonly<Record<string, string>>;
  readonly sessionMs: number;
  readonly drainMs: number;
  /** For blobs and collections. */
  readonly http: HttpCalls;
  readonly openLink: OpenLink;
  readonly substitute: Substitute;
  readonly machine: Machine;
  readonly log: Log;
  /** Called whenever its state has become another. */
  readonly onState: (executor: Executor) => void;
}

/** One registered executor: its session, its dispatch stream, its callbacks. It comes back by itself after any outage. */
export class Executor {
  readonly id: string;
  /** New for each process; the same over all reconnections. */
  readonly incarnation: string;
  /** Resolves when it is registered and its dispatch stream is open for the first time. */
  readonly ready: Promise<void>;
  /** Resolves when it has drained and deregistered; rejects when the fabric won't have it. */
  readonly closed: Promise<void>;
  private readonly link: FabricLink;
  private readonly heard: Heard;
  private readonly runner: JobRunner;
  private readonly sender: CallbackSender;
  private readonly heartbeats: Heartbeats;
  private readonly lifetime = new AbortController();
  private connection = new AbortController();
  private registered = false;
  private leaving = false;
  /** The turn of its last registration, 0 where that was in another history; null before the first. */
  private registeredIn: number | null = null;
  private readonly known = new KnownTurns();
  private closing: Promise<void> | null = null;
  private readonly haste: Promise<void>;
  private standing: ExecutorState = 'connecting';
  private settle!: { ready(): void; closed(): void; fail(error: FabricError): void };
  /** Cuts short what a drain grants to jobs that run. */
  private hurry!: () => void;

  constructor(private readonly parts: ExecutorParts) {
    const { machine, definition } = parts;
    this.id = parts.id;
    this.incarnation = machine.uuid();
    this.link = parts.openLink(parts.id, this.incarnation);
    this.sender = new CallbackSender((body, signal) => this.link.postCallbacks(body, signal), machine, {
      terminalAnswered: (attempt, answer) => this.onTerminalAnswered(attempt, answer),
      refused: (attempt, code) => this.onRefused(attempt, code),
      heardOf: (turn) => {
        if (this.registered) this.known.hear(turn);
      },
      sessionRefused: (error) => this.reconnect(error.code),
      retrying: (error, delayMs) =>
        parts.log.warn({ code: error.code, delayMs }, 'callbacks not delivered, trying again'),
    });
    const path = callbacksPath(parts.id, this.incarnation);
    const beat = (): void => this.sender.heartbeat();
    this.heartbeats = new Heartbeats(machine, parts.substitute, path, beat, (ms) => this.onStoodStill(ms));
    const { http, log } = parts;
    // Who waits for ever for a proxy that leads nowhere must be found out.
    const onAgain: OnAgain = ({ code, message: detail }, delayMs) =>
      log.warn({ code, detail, delayMs }, 'a blob or a collection is asked for again');
    const context = { http, blobs: new Blobs(http, machine, ATTEMPT_PATIENCE, onAgain), machine, log, onAgain };
    const onProgress = this.sender.progress.bind(this.sender);
    this.heard = new Heard(machine);
    this.runner = new JobRunner(definition, { ...context, onProgress }, this.sender, this.heard);
    [this.ready, this.closed] = this.promises();
    this.haste = new Promise((resolve) => {
      this.hurry = resolve;
    });
    void this.stayConnected();
  }

  /** The class that it serves. */
  get class(): string {
    return this.parts.definition.class;
  }

  get state(): ExecutorState {
    return this.standing;
  }

  stats(): RunnerStats {
    return this.runner.stats();
  }

  /** An error that nobody caught comes from this attempt, here or in another executor, and is about to end the process. */
  blame(attempt: Attempt, error: unknown): void {
    this.runner.blame(attempt, error);
    // Its run() may never end now, and a drain that is under way might wait for it without end.
    this.hurry();
  }

  /**
   * Drains: takes nothing new, gives back what has not started, lets the rest run for `drainMs`, aborts and gives back
   * what is then left, deregisters. Calling it again changes nothing; nor does it when the fabric has ended it.
   */
  close(drainMs: number = this.parts.drainMs): Promise<void> {
    if (this.standing === 'closed') return this.closed.catch(() => undefined);
    this.stand('draining');
    this.closing ??= this.drain(drainMs).catch((error: unknown) => this.fail(asFabricError(error)));
    return this.closed.catch(() => undefined);
  }

  private promises(): [Promise<void>, Promise<void>] {
    let ready!: () => void;
    let refuse!: (error: FabricError) => void;
    const isReady = new Promise<void>((resolve, reject) => {
      ready = resolve;
      refuse = reject;
    });
    const isClosed = new Promise<void>((resolve, reject) => {
      this.settle = {
        ready,
        closed: resolve,
        fail: (error) => {
          refuse(error);
          reject(error);
        },
      };
    });
    isReady.catch(() => undefined);
    isClosed.catch(() => undefined);
    return [isReady, isClosed];
  }

  private async stayConnected(): Promise<void> {
    const { machine, log } = this.parts;
    for (let attempt = 1; !this.lifetime.signal.aborted; attempt++) {
      this.connection = new AbortController();
      const signal = AbortSignal.any([this.connection.signal, this.lifetime.signal]);
      let cancel = (): void => undefined;
      const steady = (): void => {
        attempt = 0;
      };
      const error = await this.connectOnce(signal, () => {
        cancel = machine.after(STEADY_MS, steady, true);
      }).catch(asFabricError);
      cancel();
      this.heard.closed();
      this.registered = false;
      // Until it is known that the fabric has all turns that this process knows of: a token might be another lease's by now.
      this.sender.pause();
      this.stand('connecting');
      this.heartbeats.pause();
      if (this.leaving || this.lifetime.signal.aborted) return;
      if (error && isFinal(error, this.registeredIn)) {
        this.fail(error);
        return;
      }
      const delayMs = backoffMs(Math.max(1, attempt), PATIENCE, machine.random(), error?.retryAfterMs ?? null);
      log.warn({ code: error?.code ?? 'stream-ended', detail: error?.message, delayMs }, 'not connected, trying again');
      await sleep(machine, delayMs, this.lifetime.signal).catch(() => undefined);
    }
  }

  /** Registers, and reads dispatches until the stream ends or breaks. */
  private async connectOnce(signal: AbortSignal, connected: () => void): Promise<FabricError | undefined> {
    if (this.registeredIn !== null) {
      const last = { turn: this.registeredIn, namesReign: this.link.reign !== null };
      await this.link.probe(signal).catch((error: unknown) => throwUnlessOver(error, last));
    }
    const session = await this.register(signal);
    this.registered = true;
    this.registeredIn = session.turn;
    this.known.registered(session);
    this.link.history = session.history ?? null;
    this.link.reign = session.reign?.id ?? null;
    this.heartbeats.begin(session.heartbeatMs);
    this.sender.resume();
    // It may have asked for this session, with slots, before it was told to drain.
    if (this.standing === 'draining') void this.sayThatItDrains();
    let gone: FabricError | undefined;
    const opened = (): void => {
      connected();
      if (this.link.pings) this.heard.opened();
      this.settle.ready();
      this.stand('registered');
      this.parts.log.info({ turn: session.turn, sessionMs: session.sessionMs }, 'registered');
    };
    const onMessage = (message: FabricMessage): void => {
      this.heard.message();
      gone = this.onMessage(message) ?? gone;
    };
    await this.link.readDispatches(opened, onMessage, signal).catch((error: unknown) => {
      throw gone ?? error;
    });
    return gone;
  }

  /** Registers with what is held; without it where the fabric has another history than the one that it is from. */
  private async register(signal: AbortSignal): Promise<RegisterAnswer> {
    try {
      const session = await this.link.register(this.registration(), signal);
      if (!this.known.areLost(session)) return session;
      this.disown(OTHER_HISTORY, 'the fabric has lost turns');
    } catch (error) {
      if (!isOfOtherHistory(error)) throw error;
      this.disown(error.code, 'the fabric has another history');
    }
    return this.link.register(this.registration(), signal);
  }

  private disown(code: string, what: string): void {
    this.parts.log.warn({ code, held: this.runner.held().length }, what);
    this.runner.disown();
    this.sender.forget();
    this.link.history = null;
    this.known.forget();
  }

  private registration(): RegisterRequest {
    const { definition, labels, sessionMs } = this.parts;
    return {
      incarnation: this.incarnation,
      group: definition.group ?? 'default',
      class: definition.class,
      // A new session begins without a cordon, and what it were sent now would come straight back.
      slots: this.standing === 'draining' ? 0 : definition.slots,
      labels: { ...labels, ...definition.labels },
      sessionMs,
      held: this.runner.held(),
    };
  }

  private onMessage(message: FabricMessage): FabricError | undefined {
    switch (message.type) {
      case 'dispatch':
        this.known.hear(message.turn ?? 0);
        this.runner.dispatch(message);
        return undefined;
      case 'stop':
        this.runner.stop(message.token);
        return undefined;
      case 'unreadable':
        this.onUnreadable(message);
        return undefined;
      case 'drain':
        this.parts.log.info({}, 'asked to drain');
        void this.close();
        return undefined;
      case 'gone':
        return new FabricError({ code: message.code, status: 410, detail: 'the fabric ended the dispatch stream' });
      default:
        return undefined;
    }
  }

  private onUnreadable({ token, detail }: UnreadableMessage): void {
    if (token !== null) this.runner.unreadable(token, detail);
    else this.parts.log.warn({ detail }, 'a message can not be read, nobody knows whom it concerns');
  }

  /** Meanwhile nothing else ran here, and nothing was heard: neighbours stood still, too, and a stop waits unread. */
  private onStoodStill(ms: number): void {
    const held = this.runner.names();
    this.parts.log.warn({ ms, held }, 'the process stood still: its machine stopped it, or a job computed');
  }

  /**
   * Where the fabric has waited for the end of a stopped attempt for too long, it has withdrawn its slot and gives no more
   * work to it: it looks idle here, and is not there. Only a registration brings it back.
   */
  private onTerminalAnswered(attempt: Attempt | Unread | null, answer: CallbackAnswer): void {
    this.runner.answered(attempt, answer);
    if (answer.accepted || answer.code !== STALE_TOKEN || this.closing !== null) return;
    if (!(attempt instanceof Attempt)) return;
    const tookMs = this.parts.machine.nowMs() - attempt.stoppedAtMs;
    if (tookMs >= STOPPED_LATE_MS) this.reconnect('stopped-late', 'an attempt stopped late, its slot may be withdrawn');
  }

  private onRefused(attempt: Attempt | null, code: string): void {
    if (attempt === null) this.reconnect(code);
    else if (code === STALE_TOKEN) this.runner.leaseEnded(attempt);
  }

  /** The session is no more: a new registration, with what is held, makes the next one. */
  private reconnect(code: string, what = 'session lost'): void {
    this.sender.pause();
    // Turns of another history are no measure for those of this one.
    if (code === OTHER_HISTORY) this.registeredIn &&= 0;
    if (!this.registered) return;
    this.parts.log.warn({ code }, `${what}, registering again`);
    this.connection.abort(new FabricError({ code: ClientCode.Aborted, status: 0, detail: `${what}: ${code}` }));
  }

  private async drain(drainMs: number): Promise<void> {
    const { machine, log } = this.parts;
    log.info({ running: this.runner.stats().running, drainMs }, 'draining');
    const told = this.sayThatItDrains();
    this.runner.startDraining();
    await within(machine, drainMs, () => Promise.race([this.runner.idle(), this.haste]));
    this.runner.stopAll('drained');
    await within(machine, UNWIND_MS, () => this.runner.idle());
    this.runner.abandonAll();
    await told;
    await within(machine, FAREWELL_MS, () => this.sender.idle());
    this.leaving = true;
    await within(machine, FAREWELL_MS, (signal) => this.link.deregister(signal));
    log.info(this.runner.stats(), 'drained');
    this.settle.closed();
    this.end();
  }

  private sayThatItDrains(): Promise<void> {
    return within(this.parts.machine, FAREWELL_MS, (signal) => this.link.drain(this.registration(), signal));
  }

  /** The fabric won't have this executor: stop all work, it belongs to somebody else now. */
  private fail(error: FabricError): void {
    if (this.lifetime.signal.aborted) return;
    this.parts.log.error({ code: error.code, detail: error.message }, 'executor ended');
    // First of all: work that is stopped may close its executor.
    this.stand('closed');
    this.runner.stopAll('superseded');
    this.settle.fail(error);
    this.end();
  }

  /** Tells of its state when that is another one; one that drains does until it has closed, whatever its connection does. */
  private stand(state: ExecutorState): void {
    const isOver = this.standing === 'closed' || (this.standing === 'draining' && state !== 'closed');
    if (isOver || this.standing === state) return;
    this.standing = state;
    // Whoever is told may go on for a while: what it throws then is no less of no consequence.
    const tell = async (): Promise<void> => this.parts.onState(this);
    tell().catch((error: unknown) => this.parts.log.error({ state, err: error }, 'onState threw'));
  }

  private end(): void {
    this.stand('closed');
    this.heartbeats.end();
    this.heard.stop();
    this.sender.close();
    const error = new FabricError({ code: ClientCode.Aborted, status: 0, detail: 'the executor is closed' });
    this.lifetime.abort(error);
    this.link.close();
    this.settle.fail(error);
  }
}

function asFabricError(error: unknown): FabricError {
  if (error instanceof FabricError) return error;
  return new FabricError({ code: ClientCode.BadAnswer, status: 0, detail: String(error), cause: error });
}

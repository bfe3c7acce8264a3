/**
 * Brings accepted turns to the executors that they concern.
 *
 * Nothing is shown before its turn is accepted (law 1): live messages come from the outbox, and the snapshot with
 * which a stream begins is held back until the turn that it was read at has come through the outbox. Tokens only rise
 * with turns, so snapshot and live messages neither overlap nor leave a gap.
 */

import { Code } from '../../catalogue/generated/codes.js';
import type { AnyEntry, EntryOf, RegisterExecutor } from '../../catalogue/generated/types.js';
import { madeOnce } from '../../catalogue/made-once.js';
import { DRAIN_LINE, goneLine, PING_LINE, stopLine } from '../../edge/dispatch-lines.js';
import { PING_MS } from '../../edge/limits.js';
import type { HeldLeases, Timers } from '../../edge/ports.js';
import { Refusal } from '../../edge/problems.js';
import type { AcceptedTurn, Outbox } from '../../outbox/port.js';
import type { Views } from '../../scheduler/views/port.js';
import type { TextStream } from '../streams.js';
import { Channel, type Message } from './channel.js';
import { Sessions } from './sessions.js';

/** What the hub needs of the gateway. */
export interface HubDeps {
  readonly cell: string;
  readonly views: Views;
  readonly leases: HeldLeases;
  readonly outbox: Outbox;
  readonly timers: Timers;
}

/** What concerns one executor at a moment of the fold. */
export interface Snapshot {
  /** Turn of the fold. */
  readonly turn: number;
  /** Tokens that it should get: not acknowledged. */
  readonly tokens: readonly number[];
  /** Tokens that it should stop. */
  readonly stopping: readonly number[];
  readonly draining: boolean;
}

/**
 * What became of a turn of the fold: it came through the outbox; its fold was dropped, as another leader may have made
 * this turn; or neither so far.
 */
export type Fate = 'there' | 'dropped' | 'open';

interface TurnWaiter {
  readonly turn: number;
  readonly release: (fate: Fate) => void;
  /** Whether the turn is meant as the fold has it, and not whatever turn will have its number. */
  readonly isOfFold: boolean;
}

/** Somebody waits for a message. */
export interface Listening {
  /** Resolves at the next message, when the time is up, or when the hub closes. */
  readonly heard: Promise<void>;
  stop(): void;
}

export class DispatchHub {
  /** Called with an executor's sequence number when its session is over. */
  onGone: (seq: number) => void = () => {};
  readonly sessions = new Sessions();
  readonly #channels = new Map<number, Channel>();
  readonly #polls = new Map<number, Set<() => void>>();
  readonly #turnWaiters = new Set<TurnWaiter>();
  readonly #ends: (() => void)[];
  #published: number;
  #closed = false;

  constructor(private readonly deps: HubDeps) {
    this.#published = deps.outbox.published();
    this.#ends = [
      deps.outbox.subscribe((turn) => this.#accept(turn)),
      deps.outbox.onDropped(() => this.#dropFold()),
      deps.timers.every(PING_MS, () => this.#eachChannel((channel) => channel.ping(PING_LINE))),
    ];
  }

  /** The last turn that came through the outbox. */
  get published(): number {
    return this.#published;
  }

  get streams(): number {
    return this.#channels.size;
  }

  /** The session of an executor that may have messages now. Throws `Refusal`. */
  session(executor: string, incarnation: string): { readonly seq: number } {
    const known = this.deps.views.executor(executor);
    if (known === null) throw new Refusal('unknown-executor', `${executor} is not registered`);
    if (known.incarnation !== incarnation) {
      // A process that is behind may know the registration before this one only: the turn tells.
      const { turn } = this.deps.views.cell();
      throw new Refusal('stale-incarnation', `${executor} has registered again as ${known.incarnation}`, { turn });
    }
    if (!known.live) throw new Refusal('unknown-executor', `the session of ${executor} has ended`);
    return { seq: known.seq };
  }

  /** Opens the stream of an executor; an earlier one of the same executor ends. Throws `Refusal`. */
  async connect(executor: string, incarnation: string, open: () => TextStream): Promise<void> {
    const { seq } = this.session(executor, incarnation);
    const stream = open();
    this.#channels.get(seq)?.end(null);
    const snapshot = this.snapshot(seq);
    const session = { executor, seq, incarnation, turn: snapshot.turn };
    const resolve: Views['dispatches'] = (tokens) => this.deps.views.dispatches(tokens);
    const channel = new Channel(session, stream, resolve, () => this.#published);
    this.#channels.set(seq, channel);
    stream.onClose(() => {
      if (this.#channels.get(seq) === channel) this.#channels.delete(seq);
    });
    let fate: Fate = 'open';
    // The stream is open meanwhile, and silent.
    while (fate === 'open' && !this.#closed) fate = await this.accepted(snapshot.turn, PING_MS);
    // The tokens may be another's by now, and turns that this channel takes for known have told it nothing.
    if (fate === 'dropped') this.#end(channel, null);
    else channel.start(this.#first(snapshot));
  }

  /** What concerns an executor now. */
  snapshot(seq: number): Snapshot {
    const { views } = this.deps;
    const { turn } = views.cell();
    return {
      turn,
      tokens: views.unacknowledged(seq),
      stopping: views.stopping(seq),
      draining: views.isDraining(seq),
    };
  }

  /** The line that asks to stop a token, or null where its slots are no longer held. */
  stopLineOf(token: number): string | null {
    const lease = this.deps.leases.leaseOf(token);
    return lease === null ? null : stopLine(this.deps.cell, lease);
  }

  /** Resolves with true when a turn of this number has come through the outbox; with false when none has within so long. */
  async reached(turn: number, withinMs: number): Promise<boolean> {
    return (await this.#fate(turn, withinMs, false)) === 'there';
  }

  /** Resolves when it is known what became of a turn up to which the fold was read, or after so long. */
  accepted(turn: number, withinMs: number): Promise<Fate> {
    return this.#fate(turn, withinMs, true);
  }

  #fate(turn: number, withinMs: number, isOfFold: boolean): Promise<Fate> {
    if (turn <= this.#published) return Promise.resolve('there');
    return new Promise((resolve) => {
      const release = (fate: Fate): void => {
        cancel();
        this.#turnWaiters.delete(waiter);
        resolve(fate);
      };
      const waiter = { turn, release, isOfFold };
      const cancel = this.deps.timers.after(withinMs, () => release('open'));
      this.#turnWaiters.add(waiter);
    });
  }

  /** Waits from now on for a message for an executor, at most `waitMs`. */
  listen(seq: number, waitMs: number): Listening {
    let finish = (): void => {};
    const heard = new Promise<void>((resolve) => {
      finish = resolve;
    });
    const stop = () => {
      cancel();
      const waiting = this.#polls.get(seq);
      waiting?.delete(stop);
      if (waiting?.size === 0) this.#polls.delete(seq);
      finish();
    };
    const cancel = this.deps.timers.after(waitMs, stop);
    madeOnce(this.#polls, seq, () => new Set()).add(stop);
    return { heard, stop };
  }

  /** Lets those that wait for a message for an executor look for one. */
  wake(seq: number): void {
    const waiting = this.#polls.get(seq);
    if (waiting !== undefined) for (const run of [...waiting]) run();
  }

  get closed(): boolean {
    return this.#closed;
  }

  /** Ends all streams and long polls. */
  close(): void {
    this.#closed = true;
    for (const end of this.#ends) end();
    this.#eachChannel((channel) => channel.end(null));
    for (const seq of [...this.#polls.keys()]) this.wake(seq);
    for (const { release } of this.#turnWaiters) release('open');
  }

  #first({ tokens, stopping, draining }: Snapshot): Message[] {
    const messages: Message[] = [...tokens];
    for (const token of stopping) {
      const line = this.stopLineOf(token);
      if (line !== null) messages.push(line);
    }
    if (draining) messages.push(DRAIN_LINE);
    return messages;
  }

  #accept(turn: AcceptedTurn): void {
    this.#published = turn.turn;
    const grants = new Map<number, number>();
    const touched = new Set<Channel>();
    for (const entry of turn.entries) this.#entry(entry, turn, grants, touched);
    for (const channel of touched) channel.flush();
    for (const waiter of this.#turnWaiters) if (waiter.turn <= turn.turn) waiter.release('there');
  }

  #entry(entry: AnyEntry, turn: AcceptedTurn, grants: Map<number, number>, touched: Set<Channel>): void {
    switch (entry.code) {
      case Code.LeaseGranted:
        grants.set(entry.body.token, entry.body.executor);
        return;
      case Code.JobDispatched: {
        const executor = grants.get(entry.body.token);
        if (executor !== undefined) this.#tell(executor, turn.turn, entry.body.token, touched);
        return;
      }
      case Code.SlotReclaiming:
      case Code.SlotReportedHeld:
        this.#stop(entry.body.token, turn.turn, touched);
        return;
      case Code.ExecutorDrained:
        this.#tell(entry.body.executor, turn.turn, DRAIN_LINE, touched);
        return;
      case Code.ExecutorLost:
      case Code.ExecutorDeregistered:
        this.#gone(entry, turn);
        return;
      case Code.ExecutorRegistered:
        this.#registered(entry, turn);
        return;
      default:
        return;
    }
  }

  #tell(seq: number, turn: number, message: Message, touched: Set<Channel>): void {
    const channel = this.#channels.get(seq);
    if (channel !== undefined && turn > channel.afterTurn) {
      channel.add(message);
      touched.add(channel);
    }
    this.wake(seq);
  }

  #stop(token: number, turn: number, touched: Set<Channel>): void {
    if (this.#channels.size === 0 && this.#polls.size === 0) return;
    const lease = this.deps.leases.leaseOf(token);
    if (lease === null) return;
    this.#tell(lease.executor, turn, stopLine(this.deps.cell, lease), touched);
  }

  #registered(entry: EntryOf<typeof Code.ExecutorRegistered>, turn: AcceptedTurn): void {
    const input = entry.cause < 0 ? undefined : turn.entries[entry.cause];
    if (input?.code !== Code.RegisterExecutor) return;
    const body: RegisterExecutor = input.body;
    this.sessions.begin(entry.body.executor, body.executor, body.incarnation, body.sessionMs);
    const channel = this.#channels.get(entry.body.executor);
    if (channel !== undefined && channel.incarnation !== body.incarnation && turn.turn > channel.afterTurn) {
      this.#end(channel, 'stale-incarnation');
    }
    this.wake(entry.body.executor);
  }

  /** The session is over; where another process's registration ended it, this one must not come back. */
  #gone(
    entry: EntryOf<typeof Code.ExecutorLost | typeof Code.ExecutorDeregistered>,
    { turn, entries }: AcceptedTurn,
  ): void {
    const seq = entry.body.executor;
    this.sessions.end(seq);
    const channel = this.#channels.get(seq);
    const isReplaced = entry.cause >= 0 && entries[entry.cause]?.code === Code.RegisterExecutor;
    if (channel !== undefined && turn > channel.afterTurn) {
      this.#end(channel, isReplaced ? 'stale-incarnation' : 'unknown-executor');
    }
    this.onGone(seq);
    this.wake(seq);
  }

  /** Ends a stream; without a code its executor connects again. */
  #end(channel: Channel, code: string | null): void {
    if (this.#channels.get(channel.seq) === channel) this.#channels.delete(channel.seq);
    channel.end(code === null ? null : goneLine(code));
  }

  #dropFold(): void {
    for (const { isOfFold, release } of this.#turnWaiters) if (isOfFold) release('dropped');
  }

  #eachChannel(run: (channel: Channel) => void): void {
    for (const channel of [...this.#channels.values()]) run(channel);
  }
}

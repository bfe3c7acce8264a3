/** A fabric whose journal other processes append to as well: a standby that leads when it must. */
import { setTimeout as sleep } from 'node:timers/promises';
import { decodeTurn } from '../../catalogue/turn.js';
import type { Role } from '../../gateway/deps.js';
import { type Inbox, NotReady } from '../../inbox/port.js';
import { TurnVoided } from '../../journal/errors.js';
import type { Journal } from '../../journal/port.js';
import { EmbeddedOutbox } from '../../outbox/embedded.js';
import { giveUp, runAll } from '../../scheduler/endings.js';
import { Standby } from '../../scheduler/standby.js';
import { openFold } from '../../scheduler/start.js';
import { StateSignals } from '../../scheduler/views/fold-signals.js';
import { type FoldClock, FoldViews } from '../../scheduler/views/fold-views.js';
import type { FoldSignals } from '../../scheduler/views/port.js';
import type { Capture, Store } from '../../store/port.js';
import type { ServingFabric } from '../serving.js';
import { forward } from './forward.js';
import type { Fold, SharedParts } from './parts.js';
import { Reign } from './reign.js';

/** How long to wait before a fold that could not be opened is opened again, in ms. */
const REOPEN_MS = 500;

/** What reads go to: the fold that is open, as a standby or a leader has it. */
interface Current {
  readonly views: FoldViews;
  readonly signals: FoldSignals;
  readonly journal: Journal;
  readonly store: Store;
}

/**
 * A process of a cell. It opens its fold, follows, leads when the leader is silent or has resigned, and follows again
 * when another was elected. A leader whose turn was voided has computed on what never was: its fold is dropped and
 * opened again from the store, which is never ahead of the journal.
 */
export class SharedFabric implements ServingFabric {
  readonly outbox: EmbeddedOutbox;
  readonly failed: Promise<Error>;
  readonly views: ServingFabric['views'] = forward(() => this.#read().views);
  readonly signals: FoldSignals = forward(() => this.#read().signals);
  readonly journal: Journal = forward(() => this.#read().journal);
  onAppend: (ms: number) => void = () => undefined;
  /** Called when a reign of this process begins. */
  onReign: () => void = () => undefined;
  /** Tells that the fabric can't go on. */
  fail: (error: Error) => void = () => undefined;
  readonly #parts: SharedParts;
  #role: Role = 'starting';
  #current: Current | null = null;
  #policy = '';
  #end: () => Promise<void> = async () => undefined;
  #isStopping = false;
  readonly #done: Promise<void>;

  private constructor(parts: SharedParts, first: Fold) {
    this.#parts = parts;
    this.outbox = new EmbeddedOutbox(first.journal.journal.head().turn);
    this.failed = new Promise((resolve) => {
      this.fail = resolve;
    });
    this.outbox.subscribe((turn) => parts.inbox.accept(turn));
    this.#show(first, endOf(first));
    this.#done = this.#run(first);
  }

  /** Opens the fold; resolves when reads can be answered. */
  static async open(parts: SharedParts): Promise<SharedFabric> {
    return new SharedFabric(parts, await openFold(parts));
  }

  get inbox(): Inbox {
    return this.#parts.inbox;
  }

  /** The brokers keep what they have acknowledged: no reign on Kafka takes back turns that executors know of. */
  reign(): null {
    return null;
  }

  get role(): Role {
    return this.#role;
  }

  async capture(): Promise<Capture> {
    return this.#read().store.capture();
  }

  policy(): string {
    return this.#policy;
  }

  notReady(): string | null {
    if (this.#current === null) return 'it is catching up with the journal';
    return this.#parts.outOfReach?.() ?? null;
  }

  async stop(): Promise<void> {
    this.#isStopping = true;
    this.#parts.inbox.close('the fabric is stopping');
    await runAll([() => this.#end(), () => this.#done, () => this.#parts.inbox.end()]);
  }

  async close(): Promise<void> {
    await this.stop();
  }

  async #run(first: Fold): Promise<void> {
    let fold: Fold | null = first;
    try {
      // A fold that was opened is served, and so closed, even if this process has been told to stop meanwhile.
      while (fold !== null) {
        await this.#serve(fold);
        fold = this.#isStopping ? null : await this.#reopen();
      }
    } catch (error) {
      this.fail(error as Error);
    } finally {
      this.#role = 'stopped';
    }
  }

  /** One fold's life: until this process is stopped, or led and was deposed. */
  async #serve(fold: Fold): Promise<void> {
    const leave = async (): Promise<void> => {
      this.#end = async () => undefined;
      if (!this.#isStopping) this.#current = null;
      await fold.close();
    };
    try {
      const standby = await this.#follow(fold);
      if (!this.#isStopping) await this.#lead(fold, standby);
    } catch (error) {
      return giveUp(error, leave);
    }
    await leave();
  }

  async #follow(fold: Fold): Promise<Standby> {
    const { kernel, materializer, journal, position } = fold;
    const standby = new Standby({ ...this.#parts, kernel, materializer, ...journal, outbox: this.outbox }, position);
    this.#show(fold, standby, standby.refresh);
    this.#role = 'standby';
    this.#end = async () => {
      standby.stop();
      // So that a look that waits ends: brokers may hold it back for a quota.
      await journal.journal.close();
    };
    if (this.#isStopping) await this.#end();
    await standby.run();
    return standby;
  }

  async #lead(fold: Fold, standby: Standby): Promise<void> {
    const reign = new Reign({ parts: this.#parts, fold, reads: this.#read(), outbox: this.outbox }, standby.position);
    reign.leader.onAppend = (ms) => this.onAppend(ms);
    this.#end = () => reign.handOver();
    this.#show(fold, reign.leader);
    const error = await reign.last(() => {
      this.#role = 'leader';
      this.onReign();
    });
    if (error === null) return;
    this.#current = null;
    this.#role = 'starting';
    this.outbox.drop();
    await reign.drop();
    if (!(error instanceof TurnVoided) && !this.#parts.isPassing(error)) throw error;
  }

  async #reopen(): Promise<Fold | null> {
    while (!this.#isStopping) {
      try {
        return await this.#openAgain();
      } catch (error) {
        if (!this.#parts.isPassing(error)) throw error;
        this.#parts.onWaiting?.(error);
        await sleep(REOPEN_MS);
      }
    }
    return null;
  }

  async #openAgain(): Promise<Fold> {
    const fold = await openFold(this.#parts);
    try {
      await this.#tellMissed(fold);
      return fold;
    } catch (error) {
      // It is opened once more: nothing of it may stay open, its store least of all.
      this.#current = null;
      return giveUp(error, () => fold.close());
    }
  }

  /** Turns that were accepted while no fold was open are told now: readers here get each turn once, in order. */
  async #tellMissed(fold: Fold): Promise<void> {
    this.#show(fold, endOf(fold));
    const { cell } = this.#parts;
    for await (const { bytes, hash } of fold.journal.journal.read(this.outbox.published() + 1)) {
      const { turn, epoch, at: atMs, entries } = decodeTurn(bytes);
      this.outbox.publish({ cell, epoch, turn, hash, atMs, entries });
    }
  }

  #show(fold: Fold, at: FoldClock, refresh?: () => void): void {
    const { cell, timers } = this.#parts;
    const { kernel, cold, materializer, journal } = fold;
    const inbox = { waiting: 0 };
    this.#current = {
      views: new FoldViews({ cell, kernel, cold, materializer, at, inbox, timers, refresh }),
      signals: new StateSignals(kernel.state, timers),
      journal: journal.journal,
      store: fold.opened.store,
    };
    this.#policy = kernel.policy();
  }

  #read(): Current {
    if (this.#current === null) throw new NotReady('it is catching up with the journal');
    return this.#current;
  }
}

/** The moment that a fold stands for while nobody follows or leads. */
function endOf({ position: { turn, at } }: Fold): FoldClock {
  return { turn, atMs: at, epoch: 0 };
}

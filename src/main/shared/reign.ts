import { setTimeout as sleep } from 'node:timers/promises';
import type { InputSource } from '../../inbox/port.js';
import type { EmbeddedOutbox } from '../../outbox/embedded.js';
import type { TopicPublisher } from '../../outbox/kafka/publisher.js';
import type { AcceptedTurn } from '../../outbox/port.js';
import { Leader } from '../../scheduler/leader.js';
import type { FoldPosition } from '../../scheduler/recovery.js';
import type { Fold, SharedParts, TopicReads } from './parts.js';

/** How long a hand-over may take before the brokers are given up, in ms. */
const HAND_OVER_MS = 5000;

/** What a reign is made of. */
interface ReignParts {
  readonly parts: SharedParts;
  readonly fold: Fold;
  readonly reads: TopicReads;
  readonly outbox: EmbeddedOutbox;
}

/** The time in which this process leads its cell: a leader, the inputs that it reads, the topics that it writes. */
export class Reign {
  readonly leader: Leader;
  readonly #fold: Fold;
  readonly #inputs: InputSource;
  readonly #topics: TopicPublisher;
  readonly #over: Promise<Error | null>;
  #end: (error: Error | null) => void = () => undefined;

  /** Begins on a fold that stands at `at`, where the journal's head is. */
  constructor({ parts, fold, reads, outbox }: ReignParts, at: FoldPosition) {
    this.#over = new Promise((resolve) => {
      this.#end = resolve;
    });
    const onFatal = (error: Error): void => this.#end(error);
    this.#fold = fold;
    this.#inputs = parts.openInputs(onFatal);
    this.#topics = parts.openTopics(reads, at.published, onFatal);
    const { kernel, cold, materializer, journal } = fold;
    const published = {
      published: () => this.#topics.published,
      publish: (turn: AcceptedTurn) => {
        outbox.publish(turn);
        this.#topics.add(turn);
      },
    };
    this.leader = new Leader(
      {
        ...parts,
        ...journal,
        kernel,
        cold,
        materializer,
        inbox: this.#inputs,
        outbox: published,
        syncEveryMs: 0,
        onFatal,
      },
      at,
    );
  }

  /**
   * Leads until the end. `began` is called when the election is accepted. Gives why it has ended: what went wrong, or
   * null after a hand-over.
   */
  async last(began: () => void): Promise<Error | null> {
    try {
      await this.leader.start();
      this.#topics.start();
      began();
    } catch (error) {
      this.#end(error as Error);
    }
    const end = await this.#over;
    this.#inputs.close('this process does not lead any more');
    await this.#topics.stop();
    return end;
  }

  /** Finishes the turn under way and resigns, if brokers that are out of reach don't make that too long. */
  async handOver(): Promise<void> {
    const { journal } = this.#fold.journal;
    const late = sleep(HAND_OVER_MS, undefined, { ref: false }).then(() => journal.close());
    await Promise.race([this.leader.stop(), late]);
    this.#end(null);
  }

  /** After a failure: nothing of the leader goes on. */
  async drop(): Promise<void> {
    await this.#fold.journal.journal.close();
    await this.leader.stop();
  }
}

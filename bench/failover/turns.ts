import { setTimeout as sleep } from 'node:timers/promises';
import { openKafkaJournal } from '../../src/journal/kafka/open.js';
import type { SharedJournal } from '../../src/journal/port.js';
import { KafkaFault } from '../../src/kafka/fault.js';
import type { KafkaConnection } from '../../src/kafka/links/connection.js';

const WAIT_MS = 500;
const AWAY_MS = 50;

/** Follows a journal as a standby does, and tells when turns of a new epoch come. */
export class TurnWatch {
  #isOver = false;
  readonly #following: Promise<void>;
  #heard: () => void = () => undefined;
  #fail: (error: unknown) => void = () => undefined;
  readonly failed: Promise<never>;

  private constructor(private readonly journal: SharedJournal) {
    this.failed = new Promise((_, reject) => {
      this.#fail = reject;
    });
    this.failed.catch(() => undefined);
    this.#following = this.#follow();
  }

  static async open(connection: KafkaConnection, topic: string, cell: string): Promise<TurnWatch> {
    return new TurnWatch(await openKafkaJournal({ connection, topic, cell }));
  }

  get epoch(): number {
    return this.journal.head().epoch;
  }

  get turn(): number {
    return this.journal.head().turn;
  }

  /** Resolves as soon as an accepted turn of a later epoch is read. */
  async laterThan(epoch: number): Promise<void> {
    while (this.epoch <= epoch) {
      const news = new Promise<void>((resolve) => {
        this.#heard = resolve;
      });
      await Promise.race([news, this.failed]);
    }
  }

  async close(): Promise<void> {
    this.#isOver = true;
    await this.journal.close();
    await this.#following;
  }

  async #follow(): Promise<void> {
    while (!this.#isOver) {
      try {
        const { records } = await this.journal.follow(WAIT_MS);
        if (records.length > 0) this.#heard();
      } catch (error) {
        if (this.#isOver) return;
        if (!(error instanceof KafkaFault) || !error.isPassingOnceThere) return this.#fail(error);
        await sleep(AWAY_MS);
      }
    }
  }
}

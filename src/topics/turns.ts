import type { TurnRecord } from '../catalogue/generated/types.js';
import { decodeTurn } from '../catalogue/turn.js';
import { followTurns } from '../journal/kafka/read.js';
import { openKafkaReader } from '../journal/kafka/reader.js';
import { readTurn } from '../journal/port.js';
import type { ReadableJournal } from '../journal/readable.js';
import type { KafkaConnection } from '../kafka/links/connection.js';
import { PartitionReader } from '../kafka/reading/partition-reader.js';
import { JOURNAL_PARTITION, topicName } from '../kafka/topics/names.js';

/** The journal of a cell, as whoever follows it sees it. */
export class Turns {
  readonly #topic: string;

  constructor(
    private readonly connection: KafkaConnection,
    private readonly cell: string,
  ) {
    this.#topic = topicName(cell, 'journal');
  }

  /** Accepted turns from one that is there on, for ever. Ends when the signal is aborted. */
  async *from(fromTurn: number, signal: AbortSignal): AsyncGenerator<TurnRecord> {
    const openReader = (): PartitionReader =>
      new PartitionReader(this.connection, this.#topic, JOURNAL_PARTITION, false);
    const place = { topic: this.#topic, cell: this.cell, openReader };
    for await (const { bytes } of followTurns(place, { fromTurn, start: 0 }, signal)) yield decodeTurn(bytes);
  }

  /** The first turn that is there, and the last; before the first where there is none. Throws `KafkaFault`. */
  async bounds(): Promise<{ readonly first: number; readonly last: number }> {
    const journal = await this.#open();
    return { first: journal.firstTurn(), last: await journal.lastTurn() };
  }

  /** One turn, or null where it is not there any more. */
  async at(turn: number): Promise<TurnRecord | null> {
    const record = await readTurn(await this.#open(), turn);
    return typeof record === 'string' ? null : decodeTurn(record.bytes);
  }

  #open(): Promise<ReadableJournal> {
    const { connection, cell } = this;
    return openKafkaReader({ connection, topic: this.#topic, cell, place: this.#topic });
  }
}

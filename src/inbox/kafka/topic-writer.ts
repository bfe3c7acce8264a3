import type { KafkaFault } from '../../kafka/fault.js';
import { type OutgoingRecord, sizeOfRecord } from '../../kafka/protocol/record-batch.js';
import { Pauses } from '../../kafka/reading/pauses.js';
import { BatchLimit } from '../../kafka/writing/batch-limit.js';
import type { SharedWriter } from '../../kafka/writing/shared-writer.js';

/** Bytes of records in one request, about; a larger single record travels alone. */
const REQUEST_BYTES = 1024 * 1024;

/** A record that waits to be written. */
interface Waiting {
  readonly record: OutgoingRecord;
  /** Until when to try, by the monotonic clock, in ms. */
  readonly untilMs: number;
  readonly isOver: () => boolean;
  /** It is not written any more. `mayBeThere` says that an earlier attempt may have written it all the same. */
  readonly failed: (fault: KafkaFault, mayBeThere: boolean) => void;
}

interface Queued extends Waiting {
  mayBeThere: boolean;
}

export interface TopicWriterParts {
  readonly writer: Pick<SharedWriter, 'write'>;
  readonly topic: string;
  readonly partition: number;
  readonly nowMs: () => number;
  /** So many bytes of records more are held here; fewer, if it is negative. */
  readonly onHeld: (bytes: number) => void;
  /** Hears why records are refused, where waiting doesn't help and they are not too large; null: some were written. */
  readonly onRefused?: (fault: KafkaFault | null) => void;
}

/**
 * Writes records to one partition in the order in which they come, many at once when they come fast, at least once: what
 * may not be there after an error is written again until its time is up.
 */
export class TopicWriter {
  #waiting: Queued[] = [];
  readonly #limit = new BatchLimit(REQUEST_BYTES);
  #isRunning = false;
  #isClosed = false;

  constructor(private readonly parts: TopicWriterParts) {}

  /** Hands over a record. `isOver` says that nobody needs it to be written any more. */
  write({ record, untilMs, isOver, failed }: Waiting): void {
    this.parts.onHeld(sizeOfRecord(record));
    this.#waiting.push({ record, untilMs, isOver, failed, mayBeThere: false });
    if (!this.#isRunning) void this.#run();
  }

  /** What waits is never written. */
  close(): void {
    this.#isClosed = true;
  }

  async #run(): Promise<void> {
    const { writer, topic, partition } = this.parts;
    this.#isRunning = true;
    const pauses = new Pauses();
    while (this.#waiting.length > 0 && !this.#isClosed) {
      const sent: Queued[] = [];
      const take = (): readonly OutgoingRecord[] => {
        sent.push(...this.#take());
        return sent.map(({ record }) => record);
      };
      try {
        await writer.write(topic, partition, take);
        for (const one of sent) this.#letGo(one);
        if (sent.length > 0) this.parts.onRefused?.(null);
        pauses.reset();
      } catch (error) {
        if (this.#isClosed) break;
        if (this.#isSmallerTried(sent, error as KafkaFault)) continue;
        this.#again(sent, error as KafkaFault);
        await pauses.pause();
      }
    }
    this.#isRunning = false;
  }

  #take(): readonly Queued[] {
    const end = this.#limit.countOf(recordsOf(this.#waiting));
    return this.#waiting.splice(0, end).filter((one) => !this.#isDropped(one));
  }

  /** The topic takes no batch that is so large, though perhaps each of its records: they are first in line again. */
  #isSmallerTried(sent: readonly Queued[], { code }: KafkaFault): boolean {
    if (code !== 'payload-too-large' || sent.length < 2) return false;
    this.#limit.refused([...recordsOf(sent)]);
    this.#waiting = [...sent, ...this.#waiting];
    return true;
  }

  /**
   * After an error: those that were sent are first in line again. Whoever's time is up hears of it now, wherever in the
   * line: while brokers are away the line would grow otherwise, as it moves by one request for each attempt.
   */
  #again(sent: readonly Queued[], fault: KafkaFault): void {
    for (const one of sent) one.mayBeThere ||= fault.maybeDone;
    // What is refused before anything was sent is refused for all.
    const refused = fault.isPassingOnceThere ? null : new Set(sent.length > 0 ? sent : this.#waiting);
    if (refused !== null && fault.code !== 'payload-too-large') this.parts.onRefused?.(fault);
    const now = this.parts.nowMs();
    this.#waiting = [...sent, ...this.#waiting].filter((one) => {
      if (this.#isDropped(one)) return false;
      if (one.untilMs > now && refused?.has(one) !== true) return true;
      this.#letGo(one);
      one.failed(fault, one.mayBeThere);
      return false;
    });
  }

  /** Lets go of a record that nobody needs any more. */
  #isDropped(one: Queued): boolean {
    if (!one.isOver()) return false;
    this.#letGo(one);
    return true;
  }

  #letGo({ record }: Queued): void {
    this.parts.onHeld(-sizeOfRecord(record));
  }
}

function* recordsOf(queued: readonly Queued[]): Generator<OutgoingRecord> {
  for (const { record } of queued) yield record;
}

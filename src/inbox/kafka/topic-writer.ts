import { setTimeout as sleep } from 'node:timers/promises';
import type { KafkaFault } from '../../kafka/fault.js';
import type { OutgoingRecord } from '../../kafka/protocol/record-batch.js';
import type { SharedWriter } from '../../kafka/shared-writer.js';

/** Bytes of records in one request, about; a larger single record travels alone. */
const REQUEST_BYTES = 1024 * 1024;
/** How long to wait after a failed request, in ms: first, and at most. */
const FIRST_PAUSE_MS = 50;
const LONGEST_PAUSE_MS = 1000;

interface Waiting {
  readonly record: OutgoingRecord;
  /** Until when to try, by the monotonic clock, in ms. */
  readonly untilMs: number;
  readonly isOver: () => boolean;
  readonly failed: (fault: KafkaFault) => void;
}

/**
 * Writes records to one partition in the order in which they come, many at once when they come fast, at least once: what
 * may not be there after an error is written again until its time is up.
 */
export class TopicWriter {
  #waiting: Waiting[] = [];
  #isRunning = false;
  #isClosed = false;

  constructor(
    private readonly writer: SharedWriter,
    private readonly topic: string,
    private readonly partition: number,
    private readonly nowMs: () => number,
  ) {}

  /** Hands over a record. `isOver` says that nobody needs it to be written any more. */
  write(waiting: Waiting): void {
    this.#waiting.push(waiting);
    if (!this.#isRunning) void this.#run();
  }

  /** What waits is never written. */
  close(): void {
    this.#isClosed = true;
  }

  async #run(): Promise<void> {
    this.#isRunning = true;
    let pauseMs = FIRST_PAUSE_MS;
    while (this.#waiting.length > 0 && !this.#isClosed) {
      let batch: readonly Waiting[] | null = null;
      const take = (): readonly OutgoingRecord[] => {
        batch = this.#take();
        return batch.map(({ record }) => record);
      };
      try {
        await this.writer.write(this.topic, this.partition, take);
        pauseMs = FIRST_PAUSE_MS;
      } catch (error) {
        if (this.#isClosed) break;
        this.#again(batch ?? this.#take(), error as KafkaFault);
        await sleep(pauseMs);
        pauseMs = Math.min(LONGEST_PAUSE_MS, 2 * pauseMs);
      }
    }
    this.#isRunning = false;
  }

  #take(): readonly Waiting[] {
    let bytes = 0;
    let end = 0;
    while (end < this.#waiting.length) {
      bytes += this.#waiting[end]!.record.value?.length ?? 0;
      if (bytes > REQUEST_BYTES && end > 0) break;
      end += 1;
    }
    return this.#waiting.splice(0, end).filter(({ isOver }) => !isOver());
  }

  /** After an error: those whose time is not up are first in line again. */
  #again(batch: readonly Waiting[], fault: KafkaFault): void {
    const now = this.nowMs();
    const isHopeless = !fault.isPassing;
    const left = batch.filter(({ untilMs }) => !isHopeless && untilMs > now);
    for (const one of batch) if (!left.includes(one)) one.failed(fault);
    this.#waiting = [...left, ...this.#waiting];
  }
}

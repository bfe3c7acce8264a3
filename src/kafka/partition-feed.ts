import { setTimeout as sleep } from 'node:timers/promises';
import { KafkaFault } from './fault.js';
import type { HeldBack } from './held-back.js';
import type { Fetched, PartitionReader } from './partition-reader.js';

/** How long the broker may wait for a record, in ms. */
const WAIT_MS = 500;
/** About how many bytes to get at once. */
const FETCH_BYTES = 1024 * 1024;
/** How long to wait after a failed read, in ms: first, and at most. */
const FIRST_PAUSE_MS = 50;
const LONGEST_PAUSE_MS = 1000;
/** Without an answer for so long, in ms, nobody knows what the partition has by now. */
const OVERDUE_MS = 2 * WAIT_MS;

/** What a feed reads a partition with. */
export type FeedReader = Pick<PartitionReader, 'read' | 'bounds' | 'close'>;

/** Takes what a feed reads. */
export interface FeedSink {
  records(fetched: Fetched): void;
  /** The broker no longer has these positions. Resolves when that was taken note of. */
  lost(from: number, to: number): Promise<void>;
  /** Resolves when there is room for more. */
  room(): Promise<void>;
  /** What it waits for; null: it reads, and nothing is held back from it for long. */
  fault?(fault: KafkaFault | null): void;
  /** The broker has answered after a fault, or late: from when to when nothing was heard, by the monotonic clock. */
  unheard?(fromMs: number, toMs: number): void;
  /** Reading is of no use any more. */
  failed(error: Error): void;
}

/** Reads one partition on and on from a position, until it is stopped. */
export class PartitionFeed {
  #next: number;
  #isAtEnd = false;
  /** When it began to ask what hasn't been answered, by the monotonic clock; null while it doesn't. */
  #askedMs: number | null = null;
  /** Whether that has failed meanwhile. */
  #hasFailed = false;
  #isStopped = false;
  #done: Promise<void> = Promise.resolve();

  constructor(
    private readonly reader: FeedReader,
    from: number,
    private readonly sink: FeedSink,
    private readonly heldBack: HeldBack | null = null,
    private readonly monotonicMs: () => number = () => performance.now(),
  ) {
    this.#next = from;
  }

  /** Whether everything had been read that the last answer of the broker knew of, and none is overdue. */
  get isAtEnd(): boolean {
    return this.#isAtEnd && !this.#isOverdue(this.monotonicMs());
  }

  #isOverdue(nowMs: number): boolean {
    return this.#askedMs !== null && nowMs - this.#askedMs > OVERDUE_MS;
  }

  start(): void {
    this.#done = this.#run();
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    this.sink.fault?.(null);
    this.reader.close();
    await this.#done;
  }

  async #run(): Promise<void> {
    let pauseMs = FIRST_PAUSE_MS;
    while (!this.#isStopped) {
      try {
        await this.sink.room();
        const heldBack = await this.#readOnce();
        this.sink.fault?.(heldBack);
        pauseMs = FIRST_PAUSE_MS;
      } catch (error) {
        this.#isAtEnd = false;
        this.#hasFailed = true;
        if (this.#isStopped) return;
        const end = error instanceof KafkaFault ? await this.#whyOver(error) : (error as Error);
        if (end !== null) return this.sink.failed(end);
        this.sink.fault?.(error as KafkaFault);
        await sleep(pauseMs);
        pauseMs = Math.min(LONGEST_PAUSE_MS, 2 * pauseMs);
      }
    }
  }

  /** What is in the way of records behind those that were read; null: nothing that would be told. */
  async #readOnce(): Promise<KafkaFault | null> {
    this.#askedMs ??= this.monotonicMs();
    const fetched = await this.reader.read(this.#next, { maxWaitMs: WAIT_MS, maxBytes: FETCH_BYTES });
    if (this.#isStopped) return null;
    const now = this.monotonicMs();
    if (this.#hasFailed || this.#isOverdue(now)) this.sink.unheard?.(this.#askedMs, now);
    this.#askedMs = null;
    this.#hasFailed = false;
    this.#next = fetched.next;
    this.#isAtEnd = fetched.next >= fetched.end;
    this.sink.records(fetched);
    return this.heldBack?.faultAfter(fetched) ?? null;
  }

  /** Why reading can't go on after a fault; null where it can: after a while, or past what is gone. */
  async #whyOver(fault: KafkaFault): Promise<KafkaFault | null> {
    if (fault.isPassingOnceThere) return null;
    if (fault.code !== 'kafka-records-gone') return fault;
    const { start, end } = await this.reader.bounds().catch(() => ({ start: this.#next, end: this.#next }));
    if (this.#next > end) return madeAnew(fault, this.#next, end);
    if (start > this.#next) {
      await this.sink.lost(this.#next, start);
      this.#next = start;
    }
    return null;
  }
}

/** A position past the end is that of another topic of the same name. */
function madeAnew(fault: KafkaFault, next: number, end: number): KafkaFault {
  const why = `it ends at ${end}, ${next - end} records before that: it is not the topic that was read`;
  return new KafkaFault('kafka-topic-anew', `${fault.message}; ${why}`, false, fault);
}

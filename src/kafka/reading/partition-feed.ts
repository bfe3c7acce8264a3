import { KafkaFault } from '../fault.js';
import type { HeldBack } from './held-back.js';
import type { Fetched, PartitionReader } from './partition-reader.js';
import { Pauses } from './pauses.js';

/** How long the broker may wait for a record, in ms. */
const WAIT_MS = 500;
/** About how many bytes to get at once. */
const FETCH_BYTES = 1024 * 1024;
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
  /**
   * The last record that was given, or the one before the first that will be; null: not known. It is looked at again after a
   * fault, as another topic of the name may have its place.
   */
  #last: Mark | null;
  #isAtEnd = false;
  /** When it began to ask what hasn't been answered, by the monotonic clock; null while it doesn't. */
  #askedMs: number | null = null;
  /** How that has failed meanwhile. */
  #fault: KafkaFault | null = null;
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
    this.#last = from === 0 ? null : { offset: from - 1, timestampMs: null };
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
    const pauses = new Pauses();
    while (!this.#isStopped) {
      try {
        await this.sink.room();
        const heldBack = await this.#readOnce();
        this.sink.fault?.(heldBack);
        pauses.reset();
      } catch (error) {
        this.#isAtEnd = false;
        if (this.#isStopped) return;
        if (this.#isGoneBefore(error)) continue;
        const end = error instanceof KafkaFault ? await this.#whyOver(error) : (error as Error);
        if (this.#isStopped) return;
        if (end !== null) return this.sink.failed(end);
        this.#fault = error as KafkaFault;
        this.sink.fault?.(this.#fault);
        await pauses.pause();
      }
    }
  }

  /** What is in the way of records behind those that were read; null: nothing that would be told. */
  async #readOnce(): Promise<KafkaFault | null> {
    this.#askedMs ??= this.monotonicMs();
    const last = this.#fault !== null || this.#last?.timestampMs === null ? this.#last : null;
    let fetched = await this.#read(last?.offset ?? this.#next);
    if (this.#isStopped) return null;
    if (last !== null) {
      if (fetched.next <= last.offset && fetched.stable < this.#next) return this.#waitUntilGiven();
      if (!isStillThere(last, fetched))
        throw madeAnew(this.#fault!, `at ${last.offset} is another record than was read`);
      // What can't be read ends an answer without a word, unless it is what was asked for.
      if (fetched.next <= this.#next && fetched.next < fetched.end) fetched = await this.#read(this.#next);
      if (this.#isStopped) return null;
    }
    const now = this.monotonicMs();
    if (this.#fault !== null || this.#isOverdue(now)) this.sink.unheard?.(this.#askedMs, now);
    this.#askedMs = null;
    this.#fault = null;
    const records = last === null ? fetched.records : fetched.records.filter(({ offset }) => offset > last.offset);
    const newest = fetched.records.at(-1);
    if (newest !== undefined) this.#last = { offset: newest.offset, timestampMs: newest.timestampMs };
    else if (last?.timestampMs === null) this.#last = null;
    this.#next = Math.max(this.#next, fetched.next);
    this.#isAtEnd = this.#next >= fetched.end;
    this.sink.records({ ...fetched, records, next: this.#next });
    return this.heldBack?.faultAfter(fetched) ?? null;
  }

  /**
   * Who has just come to lead may not give yet what was read of who led before, but has it: it is asked for what comes
   * next, which throws `kafka-records-gone` where the log ends before that.
   */
  async #waitUntilGiven(): Promise<null> {
    await this.#read(this.#next, 0);
    return null;
  }

  #read(from: number, maxWaitMs = WAIT_MS): Promise<Fetched> {
    return this.reader.read(from, { maxWaitMs, maxBytes: FETCH_BYTES });
  }

  /** What stands before the first record was asked for, and is gone: the first may be there, and is asked for next. */
  #isGoneBefore(error: unknown): boolean {
    const isIt = this.#last?.timestampMs === null && error instanceof KafkaFault && error.code === 'kafka-records-gone';
    if (isIt) this.#last = null;
    return isIt;
  }

  /**
   * Why reading can't go on after a fault; null where it can: after a while, past what is gone, or once what can't be read
   * is: anybody may have written it, and ends nothing by that.
   */
  async #whyOver(fault: KafkaFault): Promise<KafkaFault | null> {
    if (fault.isPassingOnceThere || fault.code === 'kafka-unsafe') return null;
    if (fault.code !== 'kafka-records-gone') return fault;
    const bounds = await this.reader.bounds().catch(() => null);
    if (bounds === null || this.#isStopped) return null;
    const { start, end } = bounds;
    if (this.#next > end) return madeAnew(fault, `it ends at ${end}, ${this.#next - end} records before ${this.#next}`);
    if (this.#last !== null && start > this.#last.offset) this.#last = null;
    if (start > this.#next) {
      await this.sink.lost(this.#next, start);
      this.#next = start;
    }
    return null;
  }
}

/** Where a record stands, and when it came there; null: it was not read yet. */
interface Mark {
  readonly offset: number;
  readonly timestampMs: number | null;
}

/** Whether what was read from a record's position on begins with it. One that is gone, or was never read, says nothing. */
function isStillThere({ offset, timestampMs }: Mark, { records: [first] }: Fetched): boolean {
  return timestampMs === null || first?.offset !== offset || first.timestampMs === timestampMs;
}

/** A position past the end, or with another record: another topic has the name, or brokers have lost this one's end. */
function madeAnew(fault: KafkaFault, why: string): KafkaFault {
  const message = `${fault.message}; ${why}: it is not what was read`;
  return new KafkaFault('kafka-topic-anew', message, false, fault);
}

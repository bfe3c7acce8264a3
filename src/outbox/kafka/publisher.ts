import { setTimeout as sleep } from 'node:timers/promises';
import { Code } from '../../catalogue/generated/codes.js';
import { sizeOfInput } from '../../catalogue/input-size.js';
import { KafkaFault } from '../../kafka/fault.js';
import { sizeOfRecord } from '../../kafka/protocol/record-batch.js';
import type { AcceptedTurn } from '../port.js';
import type { Projected } from './project.js';
import { RoundWriter, type RoundWriterParts } from './round-writer.js';

export interface TopicPublisherParts extends RoundWriterParts {
  /** The records of a turn, in their order, part by part. */
  readonly project: (turn: AcceptedTurn) => AsyncIterable<readonly Projected[]>;
  /** Accepted turns from one on, out of the journal. */
  readonly read: (fromTurn: number) => AsyncIterable<AcceptedTurn>;
  readonly monotonicMs: () => number;
  /** Called once when publishing is of no use any more. */
  readonly onFatal: (error: Error) => void;
}

/** Turns that wait in memory, and about how many bytes of them; what is further behind is read from the journal again. */
const KEPT_TURNS = 1024;
const KEPT_BYTES = 128 * 1024 * 1024;
/** What an entry takes in memory beside what an input says, and a job of a submission, in bytes, about. */
const ENTRY_BYTES = 256;
const JOB_BYTES = 1024;
/**
 * Bytes of records that are written at once, about; a larger single one goes alone. A broker takes no batch that is larger
 * than its largest record may be, and all records of a partition that are written at once are one batch.
 */
const ROUND_BYTES = 1024 * 1024;
/**
 * From the beginning of a round to that of the next one, in ms. Turns that come meanwhile are published together: a round
 * for each of a thousand small turns a second costs broker and fabric more than the turns themselves.
 */
const ROUND_MS = 5;
/** How long to wait, in ms, when the journal can't be read. */
const UNREAD_PAUSE_MS = 1000;

/** A turn that waits, and about how many bytes it takes. */
interface KeptTurn {
  readonly accepted: AcceptedTurn;
  readonly bytes: number;
}

/**
 * Publishes accepted turns to the topics while its process leads (topics.md): in the order of turns, one round
 * in flight, each again until it is acknowledged. A turn that comes after a pause is published at once. A new leader goes
 * on after the journal's `published` mark, so what was under way is there twice; (cell, turn, index, schema) tells.
 */
export class TopicPublisher {
  readonly #parts: TopicPublisherParts;
  readonly #writer: RoundWriter;
  #published: number;
  /** The newest turns, without a gap. */
  readonly #kept: KeptTurn[] = [];
  #keptBytes = 0;
  #head: number;
  /** Of the last round, which say when it was acknowledged: they go with the next one. */
  #timings: readonly Projected[] = [];
  #isStopped = false;
  #wake: () => void = () => undefined;
  #done: Promise<void> = Promise.resolve();

  /** Goes on after turn `published`; the journal has turns up to `head`. */
  constructor(parts: TopicPublisherParts, published: number, head: number) {
    this.#parts = parts;
    this.#writer = new RoundWriter(parts);
    this.#published = published;
    this.#head = head;
  }

  /** The highest turn whose records are all acknowledged. */
  get published(): number {
    return this.#published;
  }

  start(): void {
    this.#done = this.#run().catch(this.#parts.onFatal);
  }

  /** An accepted turn, in order. */
  add(turn: AcceptedTurn): void {
    this.#head = turn.turn;
    const bytes = sizeOf(turn);
    this.#kept.push({ accepted: turn, bytes });
    this.#keptBytes += bytes;
    while (this.#kept.length > KEPT_TURNS || this.#keptBytes > KEPT_BYTES) this.#letGo();
    this.#wake();
  }

  /** The oldest turn goes. */
  #letGo(): void {
    this.#keptBytes -= this.#kept.shift()!.bytes;
  }

  /** Ends it; what is under way may be acknowledged or not. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#writer.close();
    this.#wake();
    await this.#done;
  }

  async #run(): Promise<void> {
    while (!this.#isStopped) {
      if (this.#published >= this.#head && this.#timings.length === 0) {
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
        continue;
      }
      const next = sleep(ROUND_MS);
      const isBehind = await this.#publish();
      if (!isBehind) await next;
    }
  }

  /**
   * What comes next; whether there was more of it than one round takes. Brokers that are out of reach as the journal is
   * read pass by, as they do when it is written.
   */
  async #publish(): Promise<boolean> {
    const first = this.#kept[0];
    try {
      if (this.#published >= this.#head) await this.#write(new Round());
      else if (first !== undefined && first.accepted.turn <= this.#published + 1) return await this.#publishKept();
      else await this.#publishFromJournal();
    } catch (error) {
      if (!(error instanceof KafkaFault) || !error.isPassingOnceThere) throw error;
      await sleep(UNREAD_PAUSE_MS);
    }
    return false;
  }

  async #publishKept(): Promise<boolean> {
    const round = new Round();
    const from = this.#published + 1 - this.#kept[0]!.accepted.turn;
    for (const { accepted } of this.#kept.slice(from)) {
      await this.#add(round, accepted);
      if (round.isLarge) break;
    }
    await this.#write(round);
    while (this.#kept.length > 0 && this.#kept[0]!.accepted.turn <= this.#published) this.#letGo();
    return round.isLarge;
  }

  async #publishFromJournal(): Promise<void> {
    let round = new Round();
    for await (const turn of this.#parts.read(this.#published + 1)) {
      if (this.#isStopped || turn.turn > this.#head) break;
      await this.#add(round, turn);
      if (!round.isLarge) continue;
      await this.#write(round);
      round = new Round();
    }
    await this.#write(round);
  }

  /** Adds a turn to a round. A turn with much to tell is written bit by bit: all of it may be more than the memory holds. */
  async #add(round: Round, turn: AcceptedTurn): Promise<void> {
    for await (const records of this.#parts.project(turn)) {
      if (this.#isStopped) return;
      for (const projected of records) {
        if (round.hasRoom(projected)) round.add(projected);
        else await this.#writer.write(round.begin(projected));
      }
    }
    round.end(turn);
  }

  /** Writes what is left of a round, and the timings of the one before; then its turns are published. */
  async #write(round: Round): Promise<void> {
    await this.#writer.write([...round.records, ...this.#timings]);
    if (this.#isStopped) return;
    this.#published = Math.max(this.#published, round.lastTurn);
    this.#timings = round.timings(this.#parts.cell, this.#parts.monotonicMs());
  }
}

/** Turns that are published together. */
class Round {
  readonly #turns: AcceptedTurn[] = [];
  #records: Projected[] = [];
  #bytes = 0;
  /** Whether it has as many bytes as are written at once. */
  isLarge = false;

  /** What is not written yet. */
  get records(): readonly Projected[] {
    return this.#records;
  }

  get lastTurn(): number {
    return this.#turns.at(-1)?.turn ?? 0;
  }

  hasRoom({ record }: Projected): boolean {
    return this.#bytes === 0 || this.#bytes + sizeOfRecord(record) <= ROUND_BYTES;
  }

  add(projected: Projected): void {
    this.#records.push(projected);
    this.#bytes += sizeOfRecord(projected.record);
    this.isLarge ||= this.#bytes >= ROUND_BYTES;
  }

  /** Begins anew with a record for which there is no room; gives those that were there. */
  begin(projected: Projected): readonly Projected[] {
    const before = this.#records;
    this.#records = [];
    this.#bytes = 0;
    this.isLarge = true;
    this.add(projected);
    return before;
  }

  /** All records of a turn were added. */
  end(turn: AcceptedTurn): void {
    this.#turns.push(turn);
  }

  /**
   * When each turn was taken, planned, appended and, now by the monotonic clock, published; of turns that this process has
   * made.
   */
  timings(cell: string, nowMs: number): readonly Projected[] {
    return this.#turns.flatMap(({ turn, timings }): Projected[] => {
      if (timings === undefined) return [];
      const { takenAtMs: takenAt, plannedAtMs: planned, appendedAtMs: appended, planMs } = timings;
      const published = appended + nowMs - timings.appendedMonotonicMs;
      const value = Buffer.from(JSON.stringify({ turn, takenAt, planned, appended, published, planMs }));
      const headers = { 'content-type': 'application/json', schema: 'TurnTimings@1', cell, turn: String(turn) };
      return [{ topic: 'timings', record: { key: String(turn), value, headers } }];
    });
  }
}

/** About how many bytes a turn takes in memory. */
function sizeOf({ entries }: AcceptedTurn): number {
  let bytes = ENTRY_BYTES * entries.length;
  for (const entry of entries) {
    if (!('envelope' in entry)) continue;
    bytes += sizeOfInput(entry);
    // It is there once more as it was encoded.
    if (entry.code === Code.SubmitDag) bytes += sizeOfInput(entry) + JOB_BYTES * entry.body.jobs.length;
  }
  return bytes;
}

/**
 * Accepted turns for lifecycle readers, live and from the journal.
 *
 * A reader that was away reads the journal until it has seen every turn that the live feed has given out, and joins
 * the feed in the same moment; the feed skips for it what it has read beyond that. So it misses nothing and gets
 * nothing twice.
 *
 * A reader that asks for a tenant must be told what DAGs are its own. The state does not know those any more that it has
 * forgotten; the journal does, but it takes a while to find them there, which live turns don't wait for: such a reader
 * reads the turn in the journal, like one that was away.
 */

import type { AnyEntry } from '../../catalogue/generated/types.js';
import { decodeTurn } from '../../catalogue/turn.js';
import { dagOf, type Filter, mayWant } from '../../edge/lifecycle/filter.js';
import { NameCache } from '../../edge/lifecycle/names.js';
import { COMMENT_MS, READER_BYTES } from '../../edge/limits.js';
import type { DagNames, Timers } from '../../edge/ports.js';
import type { Journal, JournalRecord } from '../../journal/port.js';
import type { Outbox } from '../../outbox/port.js';
import type { TextStream } from '../streams.js';
import { JournalNames } from './journal-names.js';
import type { Position } from './position.js';
import { type FedTurn, TurnTexts } from './turn-texts.js';

/**
 * Turns that wait for names, or until readers have the one before; if
 * more do, all are cut off, and resume from the journal.
 */
const WAITING_TURNS = 1_000;

/** Searches for the names in one turn, as other names may be learned during each. */
const SEARCHES = 4;

/** Written to readers before others may run, in bytes: some ms. */
const SLICE_BYTES = 4 * 1024 * 1024;

/** An entry that is looked at for one reader takes as long as so many bytes that are written. */
const LOOK_BYTES = 256;

/** Turns whose texts are kept, for those who come back: some MB each. */
const RECENT_TURNS = 4;

/** The index of a reader that has seen all of a turn. */
const WHOLE = Number.MAX_SAFE_INTEGER;

export interface FeedDeps {
  readonly cell: string;
  readonly outbox: Outbox;
  readonly journal: Pick<Journal, 'read'>;
  readonly names: DagNames;
  readonly timers: Timers;
}

interface Reader {
  readonly filter: Filter;
  readonly stream: TextStream;
  after: Position;
  /** Length of the last text of more than READER_BYTES, as long as it may not be taken. */
  largeBytes: number;
}

export class Feed {
  readonly #names: NameCache;
  readonly #forgotten: JournalNames;
  #search: Promise<void> = Promise.resolve();
  readonly #live = new Set<Reader>();
  readonly #all = new Set<Reader>();
  readonly #ends: (() => void)[];
  readonly #waiting: FedTurn[] = [];
  /** Of the last turns that were told, the oldest first: readers that were cut off together come back together. */
  readonly #recent = new Map<number, TurnTexts>();
  #running = false;
  #given: number;

  constructor(private readonly deps: FeedDeps) {
    this.#names = new NameCache(deps.names);
    this.#forgotten = new JournalNames(deps.journal);
    this.#given = deps.outbox.published();
    this.#ends = [
      deps.outbox.subscribe((turn) => this.#accept(turn)),
      deps.timers.every(COMMENT_MS, () => {
        for (const { stream } of this.#all) stream.write(': still here\n\n');
      }),
    ];
  }

  /** Serves a reader until its stream is closed: from a position on, or from now on. */
  async serve(stream: TextStream, filter: Filter, after: Position | null): Promise<void> {
    const reader: Reader = { stream, filter, after: after ?? { turn: this.#given, index: WHOLE }, largeBytes: 0 };
    this.#all.add(reader);
    stream.onClose(() => {
      this.#all.delete(reader);
      this.#live.delete(reader);
    });
    stream.write(': welcome\n\n');
    await this.#catchUp(reader);
  }

  close(): void {
    for (const end of this.#ends) end();
    for (const { stream } of [...this.#all]) stream.end();
  }

  /** Reads the journal up to what the feed has given out, and joins the feed without a pause between the two. */
  async #catchUp(reader: Reader): Promise<void> {
    const { journal } = this.deps;
    while (!reader.stream.closed) {
      const from = reader.after.index === WHOLE ? reader.after.turn + 1 : Math.max(reader.after.turn, 1);
      if (from > this.#given) {
        this.#live.add(reader);
        return;
      }
      let isThere = false;
      for await (const record of journal.read(from)) {
        isThere = true;
        const texts = await this.#namedFor(reader, this.#recent.get(record.turn)?.turn ?? fedTurnOf(record));
        if (texts === null) return reader.stream.cut();
        this.#give(reader, texts);
        // However large a turn is, the next one waits until it is taken: so whoever was cut off for one gets past it.
        await reader.stream.drained();
        if (reader.stream.closed) return;
      }
      // What was given out is in the journal; if it is not, no more can be promised to this reader.
      if (!isThere) reader.stream.cut();
    }
  }

  #accept(turn: FedTurn): void {
    if (this.#live.size === 0 && this.#waiting.length === 0 && !this.#running) {
      this.#given = turn.turn;
      return;
    }
    this.#waiting.push(turn);
    if (this.#waiting.length > WAITING_TURNS) for (const { stream } of [...this.#live]) stream.cut();
    if (!this.#running) void this.#run();
  }

  async #run(): Promise<void> {
    this.#running = true;
    for (let turn = this.#waiting.shift(); turn !== undefined; turn = this.#waiting.shift()) {
      const leaving: Reader[] = [];
      try {
        if (this.#live.size > 0) await this.#names.learn(turn.entries);
        if (this.#live.size > 0) await this.#giveToAll(turn, leaving);
      } catch {
        // They come back, and read the turn in the journal, where what fails is told; the feed goes on for all others.
        for (const { stream } of this.#live) stream.cut();
      }
      this.#given = turn.turn;
      // Where that fails they come back, as above.
      for (const reader of leaving) this.#catchUp(reader).catch(() => reader.stream.cut());
    }
    this.#running = false;
  }

  /** The texts of a turn once it is known what of it is the reader's; null where others take the place of its names. */
  async #namedFor(reader: Reader, turn: FedTurn): Promise<TurnTexts | null> {
    const isNamed = () => this.#unnamed(reader, turn.entries).length === 0;
    for (let search = 0; search < SEARCHES; search++) {
      await this.#names.learn(turn.entries);
      if (!isNamed()) await this.#find(reader, turn.turn, turn.entries);
      if (isNamed()) return this.#textsOf(turn);
    }
    return null;
  }

  /** Forgotten DAGs without whose names it can't be told what of a turn a reader wants. */
  #unnamed({ filter }: Reader, entries: readonly AnyEntry[]): readonly number[] {
    if (filter.tenant === null) return [];
    const found = new Set<number>();
    for (const entry of entries) {
      const dag = dagOf(entry);
      if (dag !== null && this.#names.isUnknown(dag) && mayWant(filter, entry, dag)) found.add(dag);
    }
    return [...found];
  }

  /** Looks for those names; one search at a time, as what one reader needs others need, too. */
  #find(reader: Reader, turn: number, entries: readonly AnyEntry[]): Promise<void> {
    const search = async (): Promise<void> => {
      const unnamed = this.#unnamed(reader, entries);
      if (unnamed.length > 0) this.#names.found(unnamed, await this.#forgotten.find(unnamed, turn));
    };
    this.#search = this.#search.then(search, search);
    return this.#search;
  }

  /**
   * Gives a turn to all readers of the feed, also to those that join it meanwhile, as others run in between. Who can't be
   * told yet what of it is its own leaves the feed. It is given out in the moment in which there is no reader left: who
   * joins in the next one reads it in the journal.
   */
  async #giveToAll(turn: FedTurn, leaving: Reader[]): Promise<void> {
    const texts = this.#textsOf(turn);
    const lookBytes = texts.isNamed ? 0 : turn.entries.length * LOOK_BYTES;
    let bytes = 0;
    for (const reader of this.#live) {
      const { looks } = texts;
      if (!texts.isNamed && this.#unnamed(reader, turn.entries).length > 0) {
        this.#live.delete(reader);
        leaving.push(reader);
      } else {
        cutIfBehind(reader);
        bytes += this.#give(reader, texts);
      }
      bytes += lookBytes + (texts.looks - looks) * LOOK_BYTES;
      if (bytes < SLICE_BYTES) continue;
      bytes = 0;
      await this.deps.timers.pause();
    }
    this.#given = turn.turn;
  }

  /** Gives a reader what it wants of a turn and has not seen, and says how many bytes that were. */
  #give(reader: Reader, texts: TurnTexts): number {
    const { after, filter, stream } = reader;
    const { turn } = texts.turn;
    if (turn < after.turn) return 0;
    const text = turn === after.turn ? texts.after(filter, after.index) : texts.of(filter);
    if (text.length > 0) stream.write(text);
    if (text.length > READER_BYTES) reader.largeBytes = text.length;
    reader.after = { turn, index: WHOLE };
    return text.length;
  }

  #textsOf(turn: FedTurn): TurnTexts {
    const known = this.#recent.get(turn.turn);
    if (known !== undefined) return known;
    const texts = new TurnTexts(turn, this.deps.cell, this.#names);
    // A name that is not there now may be found for the next one who asks.
    if (!texts.isNamed) return texts;
    this.#recent.set(turn.turn, texts);
    if (this.#recent.size > RECENT_TURNS) this.#recent.delete(this.#recent.keys().next().value!);
    return texts;
  }
}

/** Whoever has taken all else is not behind for one large turn, which is there once for all of them. */
function cutIfBehind(reader: Reader): void {
  const { behindBytes } = reader.stream;
  if (behindBytes <= READER_BYTES) reader.largeBytes = 0;
  else if (behindBytes - reader.largeBytes > READER_BYTES) reader.stream.cut();
}

function fedTurnOf({ bytes, hash }: JournalRecord): FedTurn {
  const { turn, at, entries } = decodeTurn(bytes);
  return { turn, hash, atMs: at, entries };
}

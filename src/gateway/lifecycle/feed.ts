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
import { entryId, toJson } from '../../catalogue/json.js';
import { decodeTurn } from '../../catalogue/turn.js';
import { quote } from '../../edge/dispatch-lines.js';
import { dagOf, type Filter, mayWant, wants } from '../../edge/lifecycle/filter.js';
import { NameCache } from '../../edge/lifecycle/names.js';
import { COMMENT_MS, READER_BYTES } from '../../edge/limits.js';
import type { DagNames, Timers } from '../../edge/ports.js';
import type { Journal } from '../../journal/port.js';
import type { Outbox } from '../../outbox/port.js';
import type { TextStream } from '../streams.js';
import { JournalNames } from './journal-names.js';

/** Turns that wait for names; if more do, all readers are cut off, and resume from the journal. */
const WAITING_TURNS = 1_000;

/** The index of a reader that has seen all of a turn. */
const WHOLE = Number.MAX_SAFE_INTEGER;

/** Where a reader stopped: it wants what comes after. */
export interface Position {
  readonly turn: number;
  readonly index: number;
}

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
}

interface FedTurn {
  readonly turn: number;
  readonly atMs: number;
  readonly entries: readonly AnyEntry[];
}

export class Feed {
  readonly #deps: FeedDeps;
  readonly #names: NameCache;
  readonly #forgotten: JournalNames;
  #search: Promise<void> = Promise.resolve();
  readonly #live = new Set<Reader>();
  readonly #all = new Set<Reader>();
  readonly #ends: (() => void)[];
  readonly #waiting: FedTurn[] = [];
  #running = false;
  #given: number;

  constructor(deps: FeedDeps) {
    this.#deps = deps;
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
    const reader: Reader = { stream, filter, after: after ?? { turn: this.#given, index: Number.MAX_SAFE_INTEGER } };
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
    const { journal } = this.#deps;
    while (!reader.stream.closed) {
      const from = reader.after.index === WHOLE ? reader.after.turn + 1 : Math.max(reader.after.turn, 1);
      if (from > this.#given) {
        this.#live.add(reader);
        return;
      }
      let isThere = false;
      for await (const record of journal.read(from)) {
        isThere = true;
        const { turn, at, entries } = decodeTurn(record.bytes);
        await this.#names.learn(entries);
        if (this.#unnamed(reader, entries).length > 0) await this.#find(reader, turn, entries);
        this.#give([reader], { turn, atMs: at, entries });
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
        for (const reader of this.#live) if (this.#unnamed(reader, turn.entries).length > 0) leaving.push(reader);
        for (const reader of leaving) this.#live.delete(reader);
        this.#give([...this.#live], turn);
        for (const { stream } of this.#live) if (stream.behindBytes > READER_BYTES) stream.cut();
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

  /** Forgotten DAGs without whose names it can't be told what of a turn a reader wants. */
  #unnamed({ filter }: Reader, entries: readonly AnyEntry[]): readonly number[] {
    if (filter.tenant === null) return [];
    const found = new Set<number>();
    for (const entry of entries) {
      const dag = dagOf(entry);
      if (dag !== null && this.#names.isForgotten(dag) && mayWant(filter, entry, dag)) found.add(dag);
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

  #give(readers: readonly Reader[], turn: FedTurn): void {
    const texts = new Array<string | undefined>(turn.entries.length);
    for (const reader of readers) {
      const text = this.#textFor(reader, turn, texts);
      if (text !== '') reader.stream.write(text);
      if (turn.turn >= reader.after.turn) reader.after = { turn: turn.turn, index: WHOLE };
    }
  }

  #textFor(reader: Reader, turn: FedTurn, texts: (string | undefined)[]): string {
    const { after, filter } = reader;
    if (turn.turn < after.turn) return '';
    const from = turn.turn === after.turn ? after.index + 1 : 0;
    let text = '';
    for (let index = from; index < turn.entries.length; index++) {
      const entry = turn.entries[index] as AnyEntry;
      const dag = dagOf(entry);
      if (!wants(filter, entry, dag, this.#names.get(dag))) continue;
      texts[index] ??= this.#event(entry, index, turn);
      text += texts[index];
    }
    return text;
  }

  #event(entry: AnyEntry, index: number, turn: FedTurn): string {
    const place = { cell: this.#deps.cell, turn: turn.turn, index, at: turn.atMs };
    const json = toJson(entry, place);
    const name = this.#names.get(dagOf(entry));
    const named = name === null ? '' : `,"tenant":${quote(name.tenant)},"dagId":${quote(name.dagId)}`;
    return `id: ${entryId(place)}\ndata: ${json.slice(0, -1)}${named}}\n\n`;
  }
}

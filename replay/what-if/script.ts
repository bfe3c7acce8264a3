import { isInput } from '../../src/catalogue/codec.js';
import { CauseCode, Code } from '../../src/catalogue/generated/codes.js';
import type { AnyEntry, TurnRecord } from '../../src/catalogue/generated/types.js';
import type { History } from '../history.js';
import type { Rewriting } from './change.js';

/** Something that happens whatever is decided: an input from outside, or a fact of the shell. */
export interface Scripted {
  readonly at: number;
  /** Its place among all entries of the history. */
  readonly order: number;
  readonly what: AnyEntry;
}

/** What a turn has of the script; from `stillFrom` until it the fabric stood still. */
interface Waiting extends Scripted {
  readonly stillFrom: number;
}

/** Answers to dispatches come when the attempts end, not when they did. */
const ANSWERS: ReadonlySet<number> = new Set([
  Code.CompleteJob,
  Code.FailJob,
  Code.ReturnJob,
  Code.AcknowledgeDispatch,
  Code.ReportProgress,
]);

/** A recorded turn with the place of its first entry. */
export interface PlacedTurn {
  readonly record: TurnRecord;
  readonly first: number;
}

/** Reads a history turn by turn, and hands out what is scripted in it, under a change. */
export class Script {
  readonly #turns: AsyncIterator<{ readonly record: TurnRecord }>;
  #first = 0;
  readonly #waiting: Waiting[] = [];
  /** Where it was, which is left out. */
  readonly #movedFrom: number;

  constructor(
    history: History,
    private readonly rewriting: Rewriting,
    /** A submission that comes earlier than it did. */
    private moved: Scripted | null,
  ) {
    this.#turns = history.read()[Symbol.asyncIterator]();
    this.#movedFrom = moved?.order ?? -1;
  }

  /** When the submission comes that was moved; infinity when there is none. */
  get movedAt(): number {
    return this.moved?.at ?? Number.POSITIVE_INFINITY;
  }

  /** Ends it, wherever it is: a journal on brokers is read over connections that stay open for who may go on. */
  async close(): Promise<void> {
    await this.#turns.return?.();
  }

  /** The next recorded turn; null at the end. */
  async turn(): Promise<PlacedTurn | null> {
    const { value, done } = await this.#turns.next();
    if (done === true) return null;
    const first = this.#first;
    this.#first += value.record.entries.length;
    return { record: value.record, first };
  }

  /** Puts what a turn has of the script, from one of its entries on, before what comes next. */
  add({ record, first }: PlacedTurn, from = 0): void {
    const stillFrom = record.at - gapBefore(record);
    record.entries.forEach((entry, index) => {
      const what = index < from || first + index === this.#movedFrom ? null : this.#scripted(entry);
      if (what !== null) this.#waiting.push({ at: record.at, order: first + index, what, stillFrom });
    });
  }

  /** Reads on until it is known what comes next. */
  async read(): Promise<void> {
    while (this.#waiting.length === 0 && (await this.#readTurn()));
  }

  /** Reads on until all is known that comes up to a moment. */
  async readTo(at: number): Promise<void> {
    while ((this.#waiting.at(-1)?.at ?? at) <= at && (await this.#readTurn()));
  }

  /** What comes next of what has been read; null when the history has no more. */
  peek(): Scripted | null {
    const [next = null] = this.#waiting;
    if (this.moved !== null && (next === null || this.moved.at <= next.at)) return this.moved;
    return next;
  }

  /** When the fabric can do what it would at a moment: while it stood still, no timer fires and nobody is heard. */
  awakeAt(at: number): number {
    const [next] = this.#waiting;
    return next !== undefined && next.stillFrom < at ? Math.max(at, next.at) : at;
  }

  /** Takes what `peek` gave. */
  take(): void {
    if (this.moved !== null && (this.#waiting.length === 0 || this.moved.at <= this.#waiting[0]!.at)) {
      this.moved = null;
    } else this.#waiting.shift();
  }

  /** Whether there was another turn. */
  async #readTurn(): Promise<boolean> {
    const turn = await this.turn();
    if (turn !== null) this.add(turn);
    return turn !== null;
  }

  #scripted(entry: AnyEntry): AnyEntry | null {
    if (!isInput(entry)) return entry.cause === CauseCode.shell ? entry : null;
    return ANSWERS.has(entry.code) ? null : this.rewriting.apply(entry);
  }
}

/** How long the fabric had stood still when it made a turn: it was stopped, or stalled. */
function gapBefore({ entries }: TurnRecord): number {
  return entries.reduce((sum, entry) => sum + (entry.code === Code.TimeLeapt ? entry.body.gapMs : 0), 0);
}

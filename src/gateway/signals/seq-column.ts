const CHUNK = 4_096;

/**
 * Numbers that stay alone when most of their chunk have gone: so few leave it, as it would take more than they do. Some of
 * very many DAGs wait for a person for days.
 */
const FEW = 128;

interface Chunk {
  readonly values: Float64Array;
  used: number;
}

/**
 * A number for each of many sequence numbers that come in order and go in about that order: DAGs, tokens. 0 is none. It
 * takes eight bytes for each that is there in the newest chunks, some 250 for one of few that are left of many, and
 * nothing for what is gone.
 */
export class SeqColumn {
  readonly #chunks = new Map<number, Chunk>();
  /** What is left of chunks of which few are left. */
  readonly #few = new Map<number, number>();
  /** The newest chunk stays although few are left of it: what comes next goes there. */
  #newest = -1;
  #lastAt = -1;
  #last: Chunk | null = null;

  /** A column of numbers that are there already, in whatever order: those that come late would stay alone. */
  static of(each: (set: (seq: number, value: number) => void) => void): SeqColumn {
    const there: (readonly [number, number])[] = [];
    each((seq, value) => there.push([seq, value]));
    const column = new SeqColumn();
    for (const [seq, value] of there.sort(([a], [b]) => a - b)) column.set(seq, value);
    return column;
  }

  /** How many chunks there are, for who looks at what it takes. */
  get chunks(): number {
    return this.#chunks.size;
  }

  get(seq: number): number {
    const chunk = this.#chunk(seq);
    return chunk === null ? (this.#few.get(seq) ?? 0) : chunk.values[seq % CHUNK]!;
  }

  set(seq: number, value: number): void {
    const chunk = this.#chunk(seq) ?? (value === 0 ? null : this.#begin());
    if (chunk === null) return this.#setAlone(seq, value);
    const before = chunk.values[seq % CHUNK]!;
    chunk.values[seq % CHUNK] = value;
    if (before === 0) chunk.used += value === 0 ? 0 : 1;
    else if (value === 0) {
      chunk.used -= 1;
      if (this.#lastAt !== this.#newest) this.#dissolve(this.#lastAt);
    }
  }

  #setAlone(seq: number, value: number): void {
    if (value === 0) this.#few.delete(seq);
    else this.#few.set(seq, value);
  }

  /** Makes the chunk that was looked for, if it is newer than all others; the one that was the newest may go. */
  #begin(): Chunk | null {
    if (this.#lastAt <= this.#newest) return null;
    const chunk = { values: new Float64Array(CHUNK), used: 0 };
    this.#chunks.set(this.#lastAt, chunk);
    this.#dissolve(this.#newest);
    this.#newest = this.#lastAt;
    this.#last = chunk;
    return chunk;
  }

  /** Lets a chunk go of which few are left. */
  #dissolve(at: number): void {
    const chunk = this.#chunks.get(at);
    if (chunk === undefined || chunk.used > FEW) return;
    this.#chunks.delete(at);
    if (at === this.#lastAt) this.#last = null;
    for (let i = 0; chunk.used > 0; i++) {
      if (chunk.values[i] === 0) continue;
      this.#few.set(at * CHUNK + i, chunk.values[i]!);
      chunk.used -= 1;
    }
  }

  #chunk(seq: number): Chunk | null {
    const at = Math.floor(seq / CHUNK);
    if (at === this.#lastAt) return this.#last;
    this.#lastAt = at;
    this.#last = this.#chunks.get(at) ?? null;
    return this.#last;
  }
}

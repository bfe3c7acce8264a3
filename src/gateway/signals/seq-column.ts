const CHUNK = 4_096;

interface Chunk {
  readonly values: Float64Array;
  used: number;
}

/**
 * A number for each of many sequence numbers that come in order and go in about that order: DAGs, tokens. 0 is none. A
 * chunk goes with the last of its numbers, so it takes eight bytes for each that is there, and little for what is gone.
 */
export class SeqColumn {
  readonly #chunks = new Map<number, Chunk>();
  /** The newest chunk stays although nothing is left of it: what comes next goes there. */
  #newest = -1;
  #lastAt = -1;
  #last: Chunk | null = null;

  get(seq: number): number {
    return this.#chunk(seq)?.values[seq % CHUNK] ?? 0;
  }

  set(seq: number, value: number): void {
    let chunk = this.#chunk(seq);
    if (chunk === null) {
      if (value === 0) return;
      chunk = { values: new Float64Array(CHUNK), used: 0 };
      this.#last = chunk;
      this.#chunks.set(this.#lastAt, chunk);
      this.#renew();
    }
    const before = chunk.values[seq % CHUNK]!;
    chunk.values[seq % CHUNK] = value;
    if (before === 0) chunk.used += value === 0 ? 0 : 1;
    else if (value === 0) this.#release(chunk);
  }

  /** A newer chunk is there: the one before goes if nothing is left of it. */
  #renew(): void {
    if (this.#lastAt < this.#newest) return;
    if (this.#chunks.get(this.#newest)?.used === 0) this.#chunks.delete(this.#newest);
    this.#newest = this.#lastAt;
  }

  #release(chunk: Chunk): void {
    chunk.used -= 1;
    if (chunk.used > 0 || this.#lastAt === this.#newest) return;
    this.#chunks.delete(this.#lastAt);
    this.#last = null;
  }

  #chunk(seq: number): Chunk | null {
    const at = Math.floor(seq / CHUNK);
    if (at === this.#lastAt) return this.#last;
    this.#lastAt = at;
    this.#last = this.#chunks.get(at) ?? null;
    return this.#last;
  }
}

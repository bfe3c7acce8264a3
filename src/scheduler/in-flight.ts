/** Number of a DAG's own row among its parts. */
export const DAG_PART = -1;

/** Number of a fan-out's row among the parts of its DAG. */
export function fanPart(job: number): number {
  return -2 - job;
}

/** A part of a DAG that is on its way: its own row, a fan-out's, or a block of jobs by its first index. */
export interface Part {
  readonly dag: number;
  readonly part: number;
  /** Null where it is on its way out. */
  readonly value: Uint8Array | null;
}

/** Parts of DAGs on their way into the store: whoever reads a DAG looks here first. */
export class InFlight {
  readonly #dags = new Map<number, Map<number, Uint8Array | null>>();
  #noted: Part[] = [];

  /** A part goes into the batch that is being packed. */
  note(dag: number, part: number, value: Uint8Array | null): void {
    let parts = this.#dags.get(dag);
    if (parts === undefined) {
      parts = new Map();
      this.#dags.set(dag, parts);
    }
    parts.set(part, value);
    this.#noted.push({ dag, part, value });
  }

  /** What was noted since the last call: the parts of one batch. */
  take(): readonly Part[] {
    const noted = this.#noted;
    this.#noted = [];
    return noted;
  }

  /** The parts of a batch are stored; one that went into a later batch too still is on its way. */
  landed(parts: readonly Part[]): void {
    for (const { dag, part, value } of parts) {
      const known = this.#dags.get(dag);
      if (known === undefined || known.get(part) !== value) continue;
      known.delete(part);
      if (known.size === 0) this.#dags.delete(dag);
    }
  }

  /** A part that is on its way, null where it is on its way out; undefined when the store has it as it is. */
  get(dag: number, part: number): Uint8Array | null | undefined {
    return this.#dags.get(dag)?.get(part);
  }

  /** The blocks of jobs of a DAG that are on their way now, by first index. */
  blocksOf(dag: number): Map<number, Uint8Array | null> {
    const blocks = new Map<number, Uint8Array | null>();
    for (const [part, value] of this.#dags.get(dag) ?? []) if (part >= 0) blocks.set(part, value);
    return blocks;
  }
}

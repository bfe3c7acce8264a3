import type { StorePosition } from '../../store/port.js';
import type { Clocks } from '../ports.js';
import type { Batch, Materializer } from './materializer.js';

/** When batches are written, and when the loop must wait for them. */
export interface BatchLimits {
  /** Dirty rows at which a batch is written. */
  readonly dirtyPerBatch: number;
  /** Bytes of cold rows at which a batch is written. */
  readonly bytesPerBatch: number;
  /** After so many ms a batch is written anyway. */
  readonly afterMs: number;
  /** Dirty rows, and bytes of cold rows that are not stored, at which the loop waits for the store. */
  readonly maxDirty: number;
  readonly maxBytes: number;
}

const USUAL_LIMITS: BatchLimits = {
  dirtyPerBatch: 50_000,
  bytesPerBatch: 32 * 1024 * 1024,
  afterMs: 500,
  maxDirty: 1_000_000,
  maxBytes: 128 * 1024 * 1024,
};

/** The turn that a batch stands for. */
type TurnMark = Pick<StorePosition, 'turn' | 'hash' | 'stateHash'>;

export interface StoreWriterParts {
  readonly cell: string;
  readonly materializer: Materializer;
  readonly clocks: Clocks;
  /** The usual ones without it. */
  readonly batches?: BatchLimits;
  /** Called when a batch is stored: another may be due. */
  readonly onStored?: () => void;
  readonly onError: (error: unknown) => void;
}

/**
 * Decides when the store is brought up to date, and writes one batch after the other. A batch is packed when its turn
 * is computed and written when the turn is accepted: the store is never ahead of the journal.
 */
export class StoreWriter {
  readonly #parts: StoreWriterParts;
  readonly #limits: BatchLimits;
  #writing: Promise<void> | null = null;
  #lastMs: number;

  constructor(parts: StoreWriterParts) {
    this.#parts = parts;
    this.#limits = parts.batches ?? USUAL_LIMITS;
    this.#lastMs = parts.clocks.monotonicMs();
  }

  /** Ms until what is dirty should be stored although nothing happens; infinity when nothing is dirty or is due. */
  dueInMs(): number {
    const { materializer, clocks } = this.#parts;
    if (this.#writing !== null || (materializer.dirty() === 0 && materializer.cold.unstoredBytes === 0)) {
      return Number.POSITIVE_INFINITY;
    }
    return Math.max(0, this.#lastMs + this.#limits.afterMs - clocks.monotonicMs());
  }

  /** Packs a batch if one is due and none is being written. */
  packIfDue(mark: TurnMark): Batch | null {
    const { materializer, clocks } = this.#parts;
    if (this.#writing !== null) return null;
    const isDue =
      clocks.monotonicMs() - this.#lastMs >= this.#limits.afterMs ||
      materializer.dirty() >= this.#limits.dirtyPerBatch ||
      materializer.cold.unstoredBytes >= this.#limits.bytesPerBatch;
    return isDue ? this.pack(mark) : null;
  }

  /** Packs everything that is dirty. */
  pack(mark: TurnMark): Batch {
    const { cell, materializer, clocks } = this.#parts;
    this.#lastMs = clocks.monotonicMs();
    return materializer.drain({ cell, ...mark });
  }

  /** Writes a batch whose turn is accepted, after those before it. */
  write(batch: Batch): void {
    const { materializer, onStored, onError } = this.#parts;
    const before = this.#writing ?? Promise.resolve();
    const writing = before
      .then(() => materializer.write(batch))
      .catch(onError)
      .then(() => {
        if (this.#writing !== writing) return;
        this.#writing = null;
        onStored?.();
      });
    this.#writing = writing;
  }

  /** Whether so much is not stored that the loop must wait. */
  isFull(): boolean {
    const { materializer } = this.#parts;
    return materializer.dirty() > this.#limits.maxDirty || materializer.cold.unstoredBytes > this.#limits.maxBytes;
  }

  /** Resolves when what was handed over is stored, or has failed. */
  async settled(): Promise<void> {
    await this.#writing;
  }
}

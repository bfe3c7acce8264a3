import type { LoopTimers } from '../../ports.js';

/** Rows in memory that one request looks at; then it answers with what it has, and where to go on. */
const REQUEST_WORK = 262_144;
/** Rows after which others get their turn: about a millisecond. */
const SLICE_WORK = 8_192;

/** What a look costs, in rows in memory. */
export const Cost = {
  row: 1,
  /** A row or a submission's head from the store. */
  stored: 64,
  /** A submission, decoded whole. */
  submission: 512,
  /** A DAG brought into memory, beside its jobs. */
  load: 1_024,
} as const;

/**
 * Bounds the work of one search: in all, so that a request ends, and in one piece, so that nobody waits for it. Work
 * is counted, not timed: the same question on the same rows is cut at the same place.
 */
export class Work {
  #left: number;
  #slice = 0;

  constructor(
    private readonly timers: Pick<LoopTimers, 'pause'>,
    private readonly sliceWork = SLICE_WORK,
    requestWork = REQUEST_WORK,
  ) {
    this.#left = requestWork;
  }

  /** Whether the request has looked at as much as it may. */
  get isDone(): boolean {
    return this.#left <= 0;
  }

  spend(cost: number): void {
    this.#left -= cost;
    this.#slice += cost;
  }

  /** Lets others run when the piece is large enough. */
  async rest(): Promise<void> {
    if (this.#slice < this.sliceWork) return;
    this.#slice = 0;
    await this.timers.pause();
  }
}

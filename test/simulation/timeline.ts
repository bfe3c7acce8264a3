interface Moment {
  readonly atMs: number;
  readonly seq: number;
  readonly run: () => void;
  cancelled: boolean;
}

/**
 * Simulated time. Moments come in the order of their times, those of one time in the order in which they were asked
 * for; between two of them everything that promises wait for is done. Nothing real is awaited, so the same calls give
 * the same order.
 */
export class Timeline {
  #nowMs = 0;
  #seq = 0;
  readonly #heap: Moment[] = [];

  /** Time since the beginning, in ms. */
  get nowMs(): number {
    return this.#nowMs;
  }

  /** Calls `run` after `delayMs`; the result cancels it. */
  after(delayMs: number, run: () => void): () => void {
    const moment = { atMs: this.#nowMs + Math.max(0, delayMs), seq: this.#seq++, run, cancelled: false };
    this.#push(moment);
    return () => {
      moment.cancelled = true;
    };
  }

  /** Goes on until `isOver`; false if it is not over at `limitMs`. */
  async run(isOver: () => boolean, limitMs: number): Promise<boolean> {
    await settled();
    while (!isOver()) {
      const moment = this.#pop();
      if (moment === null) throw new Error('nothing will ever happen any more');
      if (moment.cancelled) continue;
      if (moment.atMs > limitMs) {
        this.#push(moment);
        return false;
      }
      this.#nowMs = moment.atMs;
      moment.run();
      await settled();
    }
    return true;
  }

  #push(moment: Moment): void {
    const heap = this.#heap;
    let at = heap.push(moment) - 1;
    while (at > 0) {
      const above = (at - 1) >> 1;
      if (!isBefore(moment, heap[above]!)) break;
      heap[at] = heap[above]!;
      at = above;
    }
    heap[at] = moment;
  }

  #pop(): Moment | null {
    const heap = this.#heap;
    const first = heap[0];
    const last = heap.pop();
    if (first === undefined || last === undefined) return null;
    if (heap.length === 0) return first;
    let at = 0;
    for (let below = 1; below < heap.length; below = 2 * at + 1) {
      if (below + 1 < heap.length && isBefore(heap[below + 1]!, heap[below]!)) below += 1;
      if (!isBefore(heap[below]!, last)) break;
      heap[at] = heap[below]!;
      at = below;
    }
    heap[at] = last;
    return first;
  }
}

function isBefore(a: Moment, b: Moment): boolean {
  return a.atMs < b.atMs || (a.atMs === b.atMs && a.seq < b.seq);
}

/** Resolves when no promise has anything left to do. */
function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

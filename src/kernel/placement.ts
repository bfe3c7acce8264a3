import { IntrusiveHeap } from './heap.js';
import { MAX_EXECUTOR_SLOTS } from './limits.js';
import type { State } from './state.js';
import { ExecutorState } from './tables.js';

/** The executors of one class by their number of free slots. */
interface Buckets {
  /** Roots of heaps, by free slots. */
  readonly roots: Uint32Array;
  /** A bit for each number of free slots that some executor has. */
  readonly filled: Uint32Array;
  free: number;
}

/**
 * Which executor gets a job (policy.md, section 8): of those with enough free slots the one with the fewest, then the
 * last to have released a slot, then the lower sequence number. An index over executor rows.
 */
export class Placement {
  private readonly heap: IntrusiveHeap;
  private readonly classes: (Buckets | undefined)[] = [];
  /** Where an executor stands: its class, and its free slots + 1; 0 when it stands nowhere. */
  private readonly classOf: number[] = [];
  private readonly placeOf: number[] = [];

  constructor(private readonly state: State) {
    const { executors } = state;
    this.heap = new IntrusiveHeap((a, b) => {
      const { lastRelease } = executors.c;
      if (lastRelease[a] !== lastRelease[b]) return lastRelease[a]! > lastRelease[b]!;
      return executors.keyA[a]! < executors.keyA[b]!;
    });
  }

  /** Free slots that an executor offers: none unless it is live and not cordoned. */
  static offered(state: State, executor: number): number {
    const { c } = state.executors;
    if (c.state[executor] !== ExecutorState.live || c.cordoned[executor] !== 0) return 0;
    return Math.max(0, c.slots[executor]! - c.withdrawn[executor]! - c.reserved[executor]! - c.reclaiming[executor]!);
  }

  /** An executor's row has changed: it moves to where it belongs. */
  update(executor: number): void {
    const place = this.placeOf[executor] ?? 0;
    if (place !== 0) this.takeOut(executor, this.classes[this.classOf[executor]!]!, place - 1);
    const free = Placement.offered(this.state, executor);
    this.placeOf[executor] = 0;
    if (free === 0) return;
    const classSeq = this.state.executors.c.class[executor]!;
    const buckets = this.buckets(classSeq);
    this.heap.ensure(executor);
    buckets.roots[free] = this.heap.insert(buckets.roots[free]!, executor);
    buckets.filled[free >>> 5]! |= 1 << (free & 31);
    buckets.free += free;
    this.classOf[executor] = classSeq;
    this.placeOf[executor] = free + 1;
  }

  /** Free slots of a class, its limit included. */
  free(classSeq: number): number {
    const { classes } = this.state;
    const free = this.classes[classSeq]?.free ?? 0;
    if (free === 0) return 0;
    const cls = classes.find(classSeq);
    const limit = classes.c.maxSlots[cls]!;
    if (limit === 0) return free;
    return Math.max(0, Math.min(free, limit - 1 - classes.c.reserved[cls]! - classes.c.reclaiming[cls]!));
  }

  /** The executor that a job of so many slots would get, 0 when none has room. */
  choose(classSeq: number, slots: number): number {
    const buckets = this.classes[classSeq];
    if (buckets === undefined) return 0;
    const { filled, roots } = buckets;
    let word = slots >>> 5;
    let bits = filled[word]! & (-1 << (slots & 31));
    while (bits === 0) {
      word += 1;
      if (word >= filled.length) return 0;
      bits = filled[word]!;
    }
    return roots[word * 32 + (31 - Math.clz32(bits & -bits))]!;
  }

  rebuild(): void {
    const { executors } = this.state;
    for (let executor = 1; executor < executors.high; executor++) {
      if (executors.isLive(executor)) this.update(executor);
    }
  }

  private takeOut(executor: number, buckets: Buckets, free: number): void {
    buckets.roots[free] = this.heap.remove(buckets.roots[free]!, executor);
    if (buckets.roots[free] === 0) buckets.filled[free >>> 5]! &= ~(1 << (free & 31));
    buckets.free -= free;
  }

  private buckets(classSeq: number): Buckets {
    let buckets = this.classes[classSeq];
    if (buckets === undefined) {
      const size = MAX_EXECUTOR_SLOTS + 32;
      buckets = { roots: new Uint32Array(size), filled: new Uint32Array((size >>> 5) + 1), free: 0 };
      this.classes[classSeq] = buckets;
    }
    return buckets;
  }
}

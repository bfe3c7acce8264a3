/** Fewer free numbers than this are not joined: what they take is no matter. */
const JOINED_AT_LEAST = 256;
/** Above this size classes are further apart than one. */
const SMALL = 8;

interface Run {
  start: number;
  size: number;
}

/**
 * Hands out runs of neighbouring numbers and takes them back: job handles of a DAG, and places in the pool of edges.
 * Sizes are rounded up to classes, four between two powers of two, so that at most a quarter is unused and a freed run
 * fits the next DAG of about its size: a cell's DAGs look alike, for a while. Where none of its size is free and more than
 * half of all numbers are, neighbours are joined, and DAGs of any size are cut from what that makes: as far as what is
 * free lies together, what a cell takes follows how much it has at a time, not how many sizes it has seen.
 */
export class Extents {
  private readonly free = new Map<number, number[]>();
  /** Joined runs that have not been cut, the longest last, and what is left of the one that is being cut. */
  private joined: Run[] = [];
  private open: Run = { start: 0, size: 0 };
  /** How many numbers are free, and how many were handed out since runs were joined. */
  private freed = 0;
  private taken = 0;
  /** Numbers below this one have been handed out at some time. */
  high = 1;

  /** The size that a run of `count` really has. */
  static sizeFor(count: number): number {
    if (count <= SMALL) return count;
    const step = 2 ** (Math.floor(31 - Math.clz32(count - 1)) - 2);
    return Math.ceil(count / step) * step;
  }

  /** First number of a run of at least `count`. */
  take(count: number): number {
    const size = Extents.sizeFor(count);
    this.taken += size;
    const reuse = this.free.get(size)?.pop() ?? this.cut(size);
    if (reuse !== 0) {
      this.freed -= size;
      return reuse;
    }
    const start = this.high;
    this.high += size;
    return start;
  }

  /** Gives a run back that was taken with the same count. */
  give(start: number, count: number): void {
    const size = Extents.sizeFor(count);
    this.freed += size;
    this.put(start, size);
  }

  private put(start: number, size: number): void {
    const list = this.free.get(size);
    if (list === undefined) this.free.set(size, [start]);
    else list.push(start);
  }

  /** Cuts a run off a joined one, 0 where none is long enough. */
  private cut(size: number): number {
    if (this.open.size < size && !this.openNext(size)) {
      // Not again before much has been handed out: it looks at all that is free.
      const isDue = this.freed >= JOINED_AT_LEAST && this.freed * 2 > this.high && this.taken * 4 > this.high;
      if (!isDue) return 0;
      this.join();
      if (!this.openNext(size)) return 0;
    }
    const { start } = this.open;
    this.open.start += size;
    this.open.size -= size;
    return start;
  }

  /** The longest of the joined runs is cut from now on, if it is long enough. */
  private openNext(size: number): boolean {
    const next = this.joined.at(-1);
    if (next === undefined || next.size < size) return false;
    this.joined.pop();
    this.putRest();
    this.open = next;
    return true;
  }

  /** What is left of a run that is too short goes to runs of sizes that are asked for. */
  private putRest(): void {
    const { open } = this;
    while (open.size > 0) {
      const size = largestWithin(open.size);
      this.put(open.start, size);
      open.start += size;
      open.size -= size;
    }
  }

  /** Joins all runs that are neighbours: marks what is free, and reads the runs off the marks. */
  private join(): void {
    const isFree = new Uint8Array(this.high + 1);
    for (const [size, starts] of this.free) for (const start of starts) isFree.fill(1, start, start + size);
    for (const { start, size } of [...this.joined, this.open]) isFree.fill(1, start, start + size);
    this.free.clear();
    this.joined = [];
    this.open = { start: 0, size: 0 };
    this.taken = 0;
    let start = 0;
    for (let number = 1; number <= this.high; number++) {
      if (isFree[number] === isFree[number - 1]) continue;
      if (isFree[number] === 1) start = number;
      else this.keep({ start, size: number - start });
    }
    this.joined.sort((a, b) => a.size - b.size || a.start - b.start);
  }

  /** Keeps a run that no other can be joined to: a small one is of a size that is asked for. */
  private keep(run: Run): void {
    if (run.size > SMALL) this.joined.push(run);
    else this.put(run.start, run.size);
  }
}

/** The largest size of a class that is not above this one. */
function largestWithin(size: number): number {
  if (size <= SMALL) return size;
  const step = 2 ** (31 - Math.clz32(size) - 2);
  return Math.floor(size / step) * step;
}

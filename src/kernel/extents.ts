/**
 * Hands out runs of neighbouring numbers and takes them back: job handles of a DAG, and places in the pool of edges.
 * Sizes are rounded up to classes, four between two powers of two, so that at most a quarter is unused and a freed run
 * fits the next DAG of about its size. Runs are never joined: a cell's DAGs look alike.
 */
export class Extents {
  private readonly free = new Map<number, number[]>();
  /** Numbers below this one have been handed out at some time. */
  high = 1;

  /** The size that a run of `count` really has. */
  static sizeFor(count: number): number {
    if (count <= 8) return count;
    const step = 2 ** (Math.floor(31 - Math.clz32(count - 1)) - 2);
    return Math.ceil(count / step) * step;
  }

  /** First number of a run of at least `count`. */
  take(count: number): number {
    const size = Extents.sizeFor(count);
    const reuse = this.free.get(size)?.pop();
    if (reuse !== undefined) return reuse;
    const start = this.high;
    this.high += size;
    return start;
  }

  /** Gives a run back that was taken with the same count. */
  give(start: number, count: number): void {
    const size = Extents.sizeFor(count);
    const list = this.free.get(size);
    if (list === undefined) this.free.set(size, [start]);
    else list.push(start);
  }
}

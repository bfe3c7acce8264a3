import { check } from './check.js';
import { grown } from './grow.js';

/** Entries that the heap has room for at first; its arrays double from there. */
const FIRST_CAPACITY = 64;

/**
 * A binary heap of timers in the order (time, kind, a, b): time in milliseconds, kind 0..255, a and time safe integers,
 * b 0..2^32-1. Nothing is ever taken out of the middle: whoever pops an entry looks at the row whether it still stands.
 * Two equal entries are allowed and indistinguishable. push, pop O(log n).
 */
export class TimerHeap {
  #size = 0;
  #time = new Float64Array(FIRST_CAPACITY);
  #kind = new Uint8Array(FIRST_CAPACITY);
  #a = new Float64Array(FIRST_CAPACITY);
  #b = new Uint32Array(FIRST_CAPACITY);

  get size(): number {
    return this.#size;
  }

  /** Time of the first entry, or infinity when there is none. */
  get time(): number {
    return this.#size === 0 ? Number.POSITIVE_INFINITY : this.#time[0]!;
  }

  /** Kind of the first entry; there must be one. */
  get kind(): number {
    check(this.#size > 0, 'a look into an empty timer heap');
    return this.#kind[0]!;
  }

  /** First number of the first entry; there must be one. */
  get a(): number {
    check(this.#size > 0, 'a look into an empty timer heap');
    return this.#a[0]!;
  }

  /** Second number of the first entry; there must be one. */
  get b(): number {
    check(this.#size > 0, 'a look into an empty timer heap');
    return this.#b[0]!;
  }

  push(time: number, kind: number, a: number, b: number): void {
    check(Number.isSafeInteger(time) && Number.isSafeInteger(a), 'time and a of a timer are safe integers');
    check((kind & 0xff) === kind && b >>> 0 === b, 'kind and b of a timer are in range');
    if (this.#size === this.#time.length) this.#grow();
    this.#rise(this.#size++, time, kind, a, b);
  }

  /** Removes the first entry. */
  pop(): void {
    check(this.#size > 0, 'pop of an empty timer heap');
    const last = --this.#size;
    if (last > 0) this.#sink(0, this.#time[last]!, this.#kind[last]!, this.#a[last]!, this.#b[last]!);
  }

  /**
   * Calls back with each entry that is due by `time`, in order, until one call gives false. Nothing is taken out.
   * O(n log n) in the number of calls.
   */
  eachDue(time: number, each: (time: number, kind: number, a: number, b: number) => boolean): void {
    const open = this.#size === 0 || this.#time[0]! > time ? [] : [0];
    while (open.length > 0) {
      const at = this.#takeFirst(open);
      if (!each(this.#time[at]!, this.#kind[at]!, this.#a[at]!, this.#b[at]!)) return;
      for (let child = 2 * at + 1; child <= 2 * at + 2; child++) {
        if (child < this.#size && this.#time[child]! <= time) this.#putOpen(open, child);
      }
    }
  }

  #comesFirst(x: number, y: number): boolean {
    return this.#isAfter(y, this.#time[x]!, this.#kind[x]!, this.#a[x]!, this.#b[x]!);
  }

  /** Adds a place to a heap of places in the order of their entries. */
  #putOpen(open: number[], place: number): void {
    let hole = open.length;
    open.push(place);
    while (hole > 0) {
      const parent = (hole - 1) >> 1;
      if (!this.#comesFirst(place, open[parent]!)) break;
      open[hole] = open[parent]!;
      hole = parent;
    }
    open[hole] = place;
  }

  /** Takes the place whose entry comes first out of such a heap. */
  #takeFirst(open: number[]): number {
    const first = open[0]!;
    const place = open.pop()!;
    let hole = 0;
    for (let child = 1; child < open.length; child = 2 * hole + 1) {
      if (child + 1 < open.length && this.#comesFirst(open[child + 1]!, open[child]!)) child += 1;
      if (!this.#comesFirst(open[child]!, place)) break;
      open[hole] = open[child]!;
      hole = child;
    }
    if (open.length > 0) open[hole] = place;
    return first;
  }

  /** Drops every entry for which `keep` is false, and orders the rest again. O(n). */
  rebuild(keep: (time: number, kind: number, a: number, b: number) => boolean): void {
    let kept = 0;
    for (let i = 0; i < this.#size; i++) {
      const time = this.#time[i]!;
      const kind = this.#kind[i]!;
      const a = this.#a[i]!;
      const b = this.#b[i]!;
      if (keep(time, kind, a, b)) this.#put(kept++, time, kind, a, b);
    }
    this.#size = kept;
    for (let i = (kept >> 1) - 1; i >= 0; i--) {
      this.#sink(i, this.#time[i]!, this.#kind[i]!, this.#a[i]!, this.#b[i]!);
    }
  }

  #put(at: number, time: number, kind: number, a: number, b: number): void {
    this.#time[at] = time;
    this.#kind[at] = kind;
    this.#a[at] = a;
    this.#b[at] = b;
  }

  #move(from: number, to: number): void {
    this.#put(to, this.#time[from]!, this.#kind[from]!, this.#a[from]!, this.#b[from]!);
  }

  /** Whether the entry at `at` comes after (time, kind, a, b). */
  #isAfter(at: number, time: number, kind: number, a: number, b: number): boolean {
    if (this.#time[at] !== time) return this.#time[at]! > time;
    if (this.#kind[at] !== kind) return this.#kind[at]! > kind;
    if (this.#a[at] !== a) return this.#a[at]! > a;
    return this.#b[at]! > b;
  }

  /** Puts an entry into the hole at `hole`, or further up. */
  #rise(hole: number, time: number, kind: number, a: number, b: number): void {
    while (hole > 0) {
      const parent = (hole - 1) >> 1;
      if (!this.#isAfter(parent, time, kind, a, b)) break;
      this.#move(parent, hole);
      hole = parent;
    }
    this.#put(hole, time, kind, a, b);
  }

  /** Puts an entry into the hole at `hole`, or further down. */
  #sink(hole: number, time: number, kind: number, a: number, b: number): void {
    const size = this.#size;
    for (;;) {
      let child = 2 * hole + 1;
      if (child >= size) break;
      const right = child + 1;
      if (
        right < size &&
        this.#isAfter(child, this.#time[right]!, this.#kind[right]!, this.#a[right]!, this.#b[right]!)
      ) {
        child = right;
      }
      if (this.#isAfter(child, time, kind, a, b)) break;
      this.#move(child, hole);
      hole = child;
    }
    this.#put(hole, time, kind, a, b);
  }

  #grow(): void {
    const length = this.#time.length * 2;
    this.#time = grown(this.#time, length);
    this.#kind = grown(this.#kind, length);
    this.#a = grown(this.#a, length);
    this.#b = grown(this.#b, length);
  }
}

import { check, noTies } from './check.js';
import { doubled } from './grow.js';

/** Capacity that a heap or a set of places begins with; arrays double from there. */
const FIRST_CAPACITY = 8;

/** A node has two words: where it stands in its heap, from 1, and what the caller notes with it. */
const SHIFT = 1;
const PLACE = 0;
const NOTE = 1;

/** Children of an entry: four keys lie side by side, and a heap of a million is ten levels deep. */
const WAYS = 4;

/**
 * Where nodes 1, 2, 3, … stand, each in at most one of several heaps; and a number that the caller notes with each, the
 * heap it is in, say.
 */
export class Places {
  words = new Int32Array(FIRST_CAPACITY << SHIFT);

  /** Makes room for nodes 1 to `node`. */
  ensure(node: number): void {
    if (node >= this.words.length >> SHIFT) this.words = doubled(this.words, (node + 1) << SHIFT);
  }

  /** What was noted with a node, in a heap or not; 0 at first. */
  note(node: number): number {
    return node < this.words.length >> SHIFT ? this.words[(node << SHIFT) | NOTE]! : 0;
  }

  /** Notes a number below 2^31 with a node that has room. */
  setNote(node: number, note: number): void {
    this.words[(node << SHIFT) | NOTE] = note;
  }
}

/**
 * A priority queue in an array: a heap of four ways (Johnson, 1975), whose nodes know their places. The order is by two
 * numbers, smaller first; nodes that are equal in both are ordered by `ties`, a strict total order that never changes
 * while they are in the heap. All is O(log n) at worst: what comes in is put in order at once, where IntrusiveHeap leaves
 * it to who takes the next head out, and few lines of memory are looked at that nobody has looked at for long. In turn the
 * heap has room of its own, its nodes can't be melded into another, and the order of two of them is for good.
 */
export class ArrayHeap {
  size = 0;
  private keys = new Float64Array(FIRST_CAPACITY << 1);
  private nodes = new Int32Array(FIRST_CAPACITY);

  constructor(
    private readonly places: Places,
    private readonly ties: (a: number, b: number) => boolean = noTies,
  ) {}

  /** The node that comes first; 0 when the heap is empty. */
  get top(): number {
    return this.size === 0 ? 0 : this.nodes[0]!;
  }

  /** The first number of the key of the node that comes first; the heap is not empty. */
  get topFirst(): number {
    return this.keys[0]!;
  }

  /** The first number of the key of a node that is in the heap. */
  firstOf(node: number): number {
    return this.keys[this.find(node) << 1]!;
  }

  /** Puts a node into the heap, with its key. `Places.ensure` has made room for it. */
  insert(node: number, first: number, second: number): void {
    const { words } = this.places;
    check(node > 0 && node < words.length >> SHIFT, 'the node has no room: call ensure first');
    check(words[(node << SHIFT) | PLACE] === 0, 'the node is in a heap already');
    const at = this.size++;
    if (at === this.nodes.length) {
      this.keys = doubled(this.keys, this.size << 1);
      this.nodes = doubled(this.nodes, this.size);
    }
    this.rise(at, node, first, second);
  }

  /** Takes a node of the heap out. */
  remove(node: number): void {
    const at = this.find(node);
    this.places.words[(node << SHIFT) | PLACE] = 0;
    const end = --this.size;
    if (at !== end) this.move(at, this.nodes[end]!, this.keys[end << 1]!, this.keys[(end << 1) | 1]!);
  }

  /** Gives a node of the heap another key, and moves it to where it belongs now; false: it has that key. */
  update(node: number, first: number, second: number): boolean {
    const at = this.find(node);
    if (this.keys[at << 1] === first && this.keys[(at << 1) | 1] === second) return false;
    this.move(at, node, first, second);
    return true;
  }

  /** Whether the first node comes before that of another heap of the same order; neither is empty. */
  isBefore(other: ArrayHeap): boolean {
    const { keys, nodes } = other;
    return this.before(this.keys[0]!, this.keys[1]!, this.nodes[0]!, keys[0]!, keys[1]!, nodes[0]!);
  }

  private before(x: number, y: number, a: number, first: number, second: number, b: number): boolean {
    if (x !== first) return x < first;
    return y === second ? this.ties(a, b) : y < second;
  }

  private find(node: number): number {
    const at = this.places.words[(node << SHIFT) | PLACE]! - 1;
    check(at >= 0 && at < this.size && this.nodes[at] === node, 'the node is not in the heap');
    return at;
  }

  /** Puts a node where there is room, at `at` or wherever it belongs above or below. */
  private move(at: number, node: number, first: number, second: number): void {
    const above = (at - 1) >> 2;
    const { keys, nodes } = this;
    if (at > 0 && this.before(first, second, node, keys[above << 1]!, keys[(above << 1) | 1]!, nodes[above]!))
      this.rise(at, node, first, second);
    else this.sink(at, node, first, second);
  }

  /** Moves down what comes after the node, from above `at`, until there is its place. */
  private rise(at: number, node: number, first: number, second: number): void {
    const { keys, nodes } = this;
    const { words } = this.places;
    let to = at;
    while (to > 0) {
      const above = (to - 1) >> 2;
      const x = keys[above << 1]!;
      const y = keys[(above << 1) | 1]!;
      const other = nodes[above]!;
      if (!this.before(first, second, node, x, y, other)) break;
      keys[to << 1] = x;
      keys[(to << 1) | 1] = y;
      nodes[to] = other;
      words[(other << SHIFT) | PLACE] = to + 1;
      to = above;
    }
    keys[to << 1] = first;
    keys[(to << 1) | 1] = second;
    nodes[to] = node;
    words[(node << SHIFT) | PLACE] = to + 1;
  }

  /** Moves up what comes before the node, from below `at`, until there is its place. */
  private sink(at: number, node: number, first: number, second: number): void {
    const { keys, nodes, size } = this;
    const { words } = this.places;
    let to = at;
    for (;;) {
      const child = (to << 2) + 1;
      if (child >= size) break;
      const end = Math.min(child + WAYS, size);
      let best = child;
      let x = keys[child << 1]!;
      let y = keys[(child << 1) | 1]!;
      for (let i = child + 1; i < end; i++) {
        const v = keys[i << 1]!;
        if (v > x) continue;
        const w = keys[(i << 1) | 1]!;
        if (!this.before(v, w, nodes[i]!, x, y, nodes[best]!)) continue;
        best = i;
        x = v;
        y = w;
      }
      const other = nodes[best]!;
      if (!this.before(x, y, other, first, second, node)) break;
      keys[to << 1] = x;
      keys[(to << 1) | 1] = y;
      nodes[to] = other;
      words[(other << SHIFT) | PLACE] = to + 1;
      to = best;
    }
    keys[to << 1] = first;
    keys[(to << 1) | 1] = second;
    nodes[to] = node;
    words[(node << SHIFT) | PLACE] = to + 1;
  }
}

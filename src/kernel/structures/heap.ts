import { check, noTies } from './check.js';
import { grown } from './grow.js';

/** Capacity that the first node or entry brings; arrays double from there. */
const FIRST_CAPACITY = 64;

/** Places of words are positive numbers of 32 bits with a sign, which V8 computes with as they are. */
const MAX_NODE = 2 ** 28 - 1;

/**
 * A node has eight words: its links, what the caller notes with it, and two doubles of its key. Two nodes are a line of the
 * cache. Its first word is found by a shift: a product would have to be checked for what 32 bits don't hold.
 */
const SHIFT = 3;
/** First child, or 0. */
const CHILD = 0;
/** Sibling to the right, or 0. */
const NEXT = 1;
/** Sibling to the left; of a first child its parent, of a root the root itself, of a node in no heap 0. */
const PREV = 2;
/** What the caller notes with the node. */
const NOTE = 3;
/** The same memory as doubles: where a node's key begins. */
const DOUBLES = SHIFT - 1;
const FIRST_KEY = 2;
const SECOND_KEY = 3;

/**
 * Priority queues over nodes 1, 2, 3, … that the caller numbers (a row's handle, say). A root of 0 is the empty heap;
 * every operation that changes a heap returns its new root, which the caller keeps. A node is in at most one heap.
 *
 * This is a pairing heap (Fredman, Sedgewick, Sleator and Tarjan, 1986) whose links live in an array beside the rows that
 * it orders. The shape of a heap is an accident of its history; what comes out first is not, because the order is total.
 *
 * The order is by two numbers that lie beside the links, smaller first, so that a comparison reads no row: among a
 * million jobs a decision takes as long as it waits for memory. Nodes that are equal in both are ordered by `ties`, a
 * strict total order, whose outcome for nodes of a heap may change only while one of them is out, or right before its
 * `update`. insert, meld O(1); pop, remove, update O(log n), amortised.
 */
export class IntrusiveHeap {
  readonly #ties: (a: number, b: number) => boolean;
  /** All of a node lies in one place of memory, so that a visit waits for memory once. */
  #links = new Int32Array(FIRST_CAPACITY << SHIFT);
  #keys = new Float64Array(this.#links.buffer);

  constructor(ties: (a: number, b: number) => boolean = noTies) {
    this.#ties = ties;
  }

  /** Makes room for nodes 1 to `node`. */
  ensure(node: number): void {
    if (node < this.#links.length >> SHIFT) return;
    check(node <= MAX_NODE, `a node number is at most ${MAX_NODE}`);
    let length = this.#links.length;
    while (length >> SHIFT <= node) length *= 2;
    this.#links = grown(this.#links, length);
    this.#keys = new Float64Array(this.#links.buffer);
  }

  /** What was noted with a node, in a heap or not; 0 at first. */
  note(node: number): number {
    return node < this.#links.length >> SHIFT ? this.#links[(node << SHIFT) | NOTE]! : 0;
  }

  /** Notes a number below 2^31 with a node that has room. */
  setNote(node: number, note: number): void {
    this.#links[(node << SHIFT) | NOTE] = note;
  }

  /** Whether the first of two nodes comes before the second. */
  isBefore(a: number, b: number): boolean {
    const keys = this.#keys;
    const x = keys[(a << DOUBLES) | FIRST_KEY]!;
    const y = keys[(b << DOUBLES) | FIRST_KEY]!;
    if (x !== y) return x < y;
    const v = keys[(a << DOUBLES) | SECOND_KEY]!;
    const w = keys[(b << DOUBLES) | SECOND_KEY]!;
    return v === w ? this.#ties(a, b) : v < w;
  }

  /** Whether the node is in a heap (in whichever). */
  contains(node: number): boolean {
    return node > 0 && node < this.#links.length >> SHIFT && this.#links[(node << SHIFT) | PREV] !== 0;
  }

  /** Puts a node into the heap, with its key. */
  insert(root: number, node: number, first: number, second: number): number {
    check(node > 0 && node < this.#links.length >> SHIFT, 'the node has no room: call ensure first');
    check(this.#links[(node << SHIFT) | PREV] === 0, 'the node is in a heap already');
    this.#links[(node << SHIFT) | PREV] = node;
    this.#keys[(node << DOUBLES) | FIRST_KEY] = first;
    this.#keys[(node << DOUBLES) | SECOND_KEY] = second;
    return root === 0 ? node : this.meld(root, node);
  }

  /** Takes the least node, the root itself, out. */
  pop(root: number): number {
    check(root !== 0, 'pop of an empty heap');
    check(this.#links[(root << SHIFT) | PREV] === root, 'pop of what is not a root');
    return this.#takeOut(root);
  }

  /** Takes any node of the heap out. */
  remove(root: number, node: number): number {
    check(this.contains(node), 'the node is in no heap');
    if (node === root) return this.pop(root);
    this.#cut(root, node);
    const orphans = this.#takeOut(node);
    return orphans === 0 ? root : this.meld(root, orphans);
  }

  /** Gives a node of the heap another key, and moves it to where it belongs now. */
  update(root: number, node: number, first: number, second: number): number {
    check(this.contains(node), 'the node is in no heap');
    const keys = this.#keys;
    const x = keys[(node << DOUBLES) | FIRST_KEY]!;
    const y = keys[(node << DOUBLES) | SECOND_KEY]!;
    if (x === first && y === second && this.#ties === noTies) return root;
    if (first > x || (first === x && second >= y)) return this.insert(this.remove(root, node), node, first, second);
    // It comes before where it was, and so before all that is below it: that stays below it.
    if (node !== root) this.#cut(root, node);
    keys[(node << DOUBLES) | FIRST_KEY] = first;
    keys[(node << DOUBLES) | SECOND_KEY] = second;
    this.#links[(node << SHIFT) | PREV] = node;
    return node === root ? root : this.meld(root, node);
  }

  /** Takes a node that is not the root away from its siblings, with all that is below it. */
  #cut(root: number, node: number): void {
    const prev = this.#links[(node << SHIFT) | PREV]!;
    check(root !== 0 && prev !== node, 'the node is in another heap');
    const next = this.#links[(node << SHIFT) | NEXT]!;
    if (this.#links[(prev << SHIFT) | CHILD] === node) this.#links[(prev << SHIFT) | CHILD] = next;
    else this.#links[(prev << SHIFT) | NEXT] = next;
    if (next !== 0) this.#links[(next << SHIFT) | PREV] = prev;
    this.#links[(node << SHIFT) | NEXT] = 0;
  }

  /** Makes two heaps one. */
  meld(a: number, b: number): number {
    if (a === 0) return b;
    if (b === 0) return a;
    check(
      a !== b && this.#links[(a << SHIFT) | PREV] === a && this.#links[(b << SHIFT) | PREV] === b,
      'meld of what are not two roots',
    );
    return this.#link(a, b);
  }

  /** Makes the greater of two roots the first child of the lesser. */
  #link(a: number, b: number): number {
    const bFirst = this.isBefore(b, a);
    const parent = bFirst ? b : a;
    const child = bFirst ? a : b;
    const sibling = this.#links[(parent << SHIFT) | CHILD]!;
    this.#links[(child << SHIFT) | NEXT] = sibling;
    if (sibling !== 0) this.#links[(sibling << SHIFT) | PREV] = child;
    this.#links[(child << SHIFT) | PREV] = parent;
    this.#links[(parent << SHIFT) | CHILD] = child;
    return parent;
  }

  /** Frees a node without siblings; returns its children as one heap: paired left to right, melded right to left. */
  #takeOut(node: number): number {
    let child = this.#links[(node << SHIFT) | CHILD]!;
    this.#links[(node << SHIFT) | CHILD] = 0;
    this.#links[(node << SHIFT) | PREV] = 0;
    let pairs = 0;
    while (child !== 0) {
      const second = this.#links[(child << SHIFT) | NEXT]!;
      const following = second === 0 ? 0 : this.#links[(second << SHIFT) | NEXT]!;
      this.#links[(child << SHIFT) | NEXT] = 0;
      let pair = child;
      if (second !== 0) {
        this.#links[(second << SHIFT) | NEXT] = 0;
        pair = this.#link(child, second);
      }
      this.#links[(pair << SHIFT) | NEXT] = pairs;
      pairs = pair;
      child = following;
    }
    let root = 0;
    while (pairs !== 0) {
      const following = this.#links[(pairs << SHIFT) | NEXT]!;
      this.#links[(pairs << SHIFT) | NEXT] = 0;
      root = root === 0 ? pairs : this.#link(root, pairs);
      pairs = following;
    }
    if (root !== 0) this.#links[(root << SHIFT) | PREV] = root;
    return root;
  }
}

/** Equality of values of valid JSON text by what they mean, not by how they are written. */
import { compareNumbers } from './decimal.js';
import { type Span, textOf, typeAt } from './span.js';
import { JsonTree } from './tree.js';
import { compareStrings } from './units.js';

/**
 * Whether two values are equal: numbers by exact decimal value, strings by code unit after unescaping, arrays item by
 * item, objects as sets of members of which the last of a repeated key counts. Linear in their length (an object's keys
 * go through a hash table), without recursion.
 */
export function equalValues(a: Uint8Array, aSpan: Span, b: Uint8Array, bSpan: Span): boolean {
  return new Equality(a, aSpan).with(b, bSpan);
}

/** Compares one value with others as `equalValues` does, in what these are long: it is taken apart once for all of them. */
export class Equality {
  #tree: JsonTree | null = null;
  /** Of its objects that were compared, by their nodes. */
  readonly #members = new Map<number, Members>();

  constructor(
    private readonly bytes: Uint8Array,
    private readonly span: Span,
  ) {}

  with(other: Uint8Array, otherSpan: Span): boolean {
    const type = typeAt(this.bytes, this.span.start);
    if (type !== typeAt(other, otherSpan.start)) return false;
    if (type !== 'object' && type !== 'array') return equalScalars(this.bytes, this.span, other, otherSpan);
    this.#tree ??= new JsonTree(this.bytes, this.span);
    return equalTrees(this.#tree, new JsonTree(other, otherSpan), this.#members);
  }
}

/** The node of the last value of every key. */
type Members = ReadonlyMap<string, number>;

/** Two scalars of the same type. */
function equalScalars(a: Uint8Array, aSpan: Span, b: Uint8Array, bSpan: Span): boolean {
  switch (typeAt(a, aSpan.start)) {
    case 'number':
      return compareNumbers(a, aSpan, b, bSpan) === 0;
    case 'string':
      return compareStrings(a, aSpan.start, b, bSpan.start) === 0;
    default:
      // true, false, null: of the same type, the first byte tells them apart.
      return a[aSpan.start] === b[bSpan.start];
  }
}

/** `known`: members of objects of `a`, which are added. */
function equalTrees(a: JsonTree, b: JsonTree, known: Map<number, Members>): boolean {
  // Pairs of nodes still to be compared, one number of each tree after the other.
  const pairs: number[] = [0, 0];
  while (pairs.length > 0) {
    const bNode = pairs.pop()!;
    const aNode = pairs.pop()!;
    const aSpan = a.spanOf(aNode);
    const bSpan = b.spanOf(bNode);
    const type = typeAt(a.bytes, aSpan.start);
    if (type !== typeAt(b.bytes, bSpan.start)) return false;
    if (type === 'object') {
      if (!known.has(aNode)) known.set(aNode, memberNodes(a, aNode));
      if (!pairMembers(known.get(aNode)!, memberNodes(b, bNode), pairs)) return false;
    } else if (type === 'array') {
      if (!pairItems(a, aNode, b, bNode, pairs)) return false;
    } else if (!equalScalars(a.bytes, aSpan, b.bytes, bSpan)) {
      return false;
    }
  }
  return true;
}

/** Adds the pairs of items of two arrays; false if their lengths differ. */
function pairItems(a: JsonTree, aNode: number, b: JsonTree, bNode: number, pairs: number[]): boolean {
  const aEnd = a.after[aNode]!;
  const bEnd = b.after[bNode]!;
  let aItem = aNode + 1;
  let bItem = bNode + 1;
  while (aItem < aEnd && bItem < bEnd) {
    pairs.push(aItem, bItem);
    aItem = a.after[aItem]!;
    bItem = b.after[bItem]!;
  }
  return aItem === aEnd && bItem === bEnd;
}

/** Adds the pairs of members of two objects; false if their keys differ. */
function pairMembers(aMembers: Members, bMembers: Members, pairs: number[]): boolean {
  if (aMembers.size !== bMembers.size) return false;
  for (const [key, aValue] of aMembers) {
    const bValue = bMembers.get(key);
    if (bValue === undefined) return false;
    pairs.push(aValue, bValue);
  }
  return true;
}

function memberNodes(tree: JsonTree, node: number): Members {
  const members = new Map<string, number>();
  const end = tree.after[node]!;
  for (let key = node + 1; key < end; key = tree.after[key + 1]!) {
    members.set(textOf(tree.bytes, tree.spanOf(key))!, key + 1);
  }
  return members;
}

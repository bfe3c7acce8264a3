/** Equality of values of valid JSON text by what they mean, not by how they are written. */
import { compareDecimals, type Decimal, decimalOf, integerOf } from './decimal.js';
import { type Span, textOf, typeAt } from './span.js';
import { JsonTree } from './tree.js';
import { compareStrings } from './units.js';

/**
 * Whether two values are equal: numbers by exact decimal value, strings by code unit after unescaping, arrays item by
 * item, objects as sets of members of which the last of a repeated key counts. Linear in their length (an object's keys
 * go through a hash table), without recursion.
 */
export function equalValues(a: Uint8Array, aSpan: Span, b: Uint8Array, bSpan: Span): boolean {
  return new Comparison(a, aSpan).equals(b, bSpan);
}

/** Numbers of fewer bytes are taken apart whenever they are compared. */
const LONG_NUMBER = 64;

/** Compares one value with others, in what these are long: it is taken apart once for all of them. */
export class Comparison {
  #tree: JsonTree | null = null;
  /** Of its objects that were compared, by their nodes. */
  readonly #members = new Map<number, Members>();
  /** Its long numbers that were compared, by where they begin. */
  readonly #numbers = new Map<number, Decimal>();

  constructor(
    private readonly bytes: Uint8Array,
    private readonly span: Span,
  ) {}

  /** Whether it equals another value, as `equalValues` says. */
  equals(other: Uint8Array, otherSpan: Span): boolean {
    const type = typeAt(this.bytes, this.span.start);
    if (type !== typeAt(other, otherSpan.start)) return false;
    if (type !== 'object' && type !== 'array') return this.#equalScalars(this.span, other, otherSpan);
    this.#tree ??= new JsonTree(this.bytes, this.span);
    return this.#equalTrees(this.#tree, new JsonTree(other, otherSpan));
  }

  /** Its order beside another value, both numbers or both strings. */
  order(other: Uint8Array, otherSpan: Span): number {
    return this.#order(this.span, other, otherSpan);
  }

  #order(span: Span, other: Uint8Array, otherSpan: Span): number {
    if (typeAt(other, otherSpan.start) === 'number')
      return compareDecimals(this.#number(span), decimalOf(other, otherSpan));
    return compareStrings(this.bytes, span.start, other, otherSpan.start);
  }

  /** It as an integer, as `integer` says. */
  integer(): number | null {
    return typeAt(this.bytes, this.span.start) === 'number' ? integerOf(this.#number(this.span)) : null;
  }

  #number(span: Span): Decimal {
    if (span.end - span.start < LONG_NUMBER) return decimalOf(this.bytes, span);
    let number = this.#numbers.get(span.start);
    if (number === undefined) {
      number = decimalOf(this.bytes, span);
      this.#numbers.set(span.start, number);
    }
    return number;
  }

  /** Two scalars of the same type. */
  #equalScalars(span: Span, other: Uint8Array, otherSpan: Span): boolean {
    switch (typeAt(this.bytes, span.start)) {
      case 'number':
      case 'string':
        return this.#order(span, other, otherSpan) === 0;
      default:
        // true, false, null: of the same type, the first byte tells them apart.
        return this.bytes[span.start] === other[otherSpan.start];
    }
  }

  #equalTrees(a: JsonTree, b: JsonTree): boolean {
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
        if (!this.#members.has(aNode)) this.#members.set(aNode, memberNodes(a, aNode));
        if (!pairMembers(this.#members.get(aNode)!, memberNodes(b, bNode), pairs)) return false;
      } else if (type === 'array') {
        if (!pairItems(a, aNode, b, bNode, pairs)) return false;
      } else if (!this.#equalScalars(aSpan, b.bytes, bSpan)) {
        return false;
      }
    }
    return true;
  }
}

/** The node of the last value of every key. */
type Members = ReadonlyMap<string, number>;

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

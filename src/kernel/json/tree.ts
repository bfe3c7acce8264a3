/**
 * A value of valid JSON text as a list of its nodes in the order of the text, made in one pass. It answers "where does
 * this value end" at once, which keeps work on deep values linear.
 */
import { type Span, skipSpace, skipString, skipValue } from './span.js';

/** Nodes in preorder. The children of an object are key, value, key, value, …; keys are nodes as well. */
export class JsonTree {
  readonly bytes: Uint8Array;
  /** Offset where each node starts. */
  readonly starts: number[] = [];
  /** Offset behind each node. */
  readonly ends: number[] = [];
  /** Number of the node after each node and all that is in it. */
  readonly after: number[] = [];

  constructor(bytes: Uint8Array, span: Span) {
    this.bytes = bytes;
    const open: number[] = [];
    let at = span.start;
    while (at < span.end) {
      const c = bytes[at];
      if (c === 0x2c || c === 0x3a) {
        at += 1;
      } else if (c === 0x7d || c === 0x5d) {
        at += 1;
        this.#close(open.pop()!, at);
      } else {
        const node = this.starts.push(at) - 1;
        this.ends.push(at);
        this.after.push(node + 1);
        if (c === 0x7b || c === 0x5b) {
          open.push(node);
          at += 1;
        } else {
          at = c === 0x22 ? skipString(bytes, at) : skipValue(bytes, at);
          this.ends[node] = at;
        }
      }
      at = skipSpace(bytes, at);
    }
  }

  #close(node: number, end: number): void {
    this.ends[node] = end;
    this.after[node] = this.starts.length;
  }

  /** Where a node is. */
  spanOf(node: number): Span {
    return { start: this.starts[node]!, end: this.ends[node]! };
  }
}

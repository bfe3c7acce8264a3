import { itemsOf } from './array.js';
import { find, indexOf } from './pointer.js';
import { membersOf, rootSpan, type Span } from './span.js';

/** What stands in an object by its keys, in an array by place (start and end of each), in anything else nothing. */
type Parts = ReadonlyMap<string, Span> | Uint32Array | null;

/**
 * Finds values in the text that was looked into last without passing over it again: the conditions of a DAG's jobs may ask
 * a hundred thousand times for something in one output of 256 KiB.
 */
export class Lookup {
  #bytes: Uint8Array | null = null;
  #root: Span | null = null;
  #parts: Map<number, Parts> | null = null;

  /** What `find` gives. */
  find(bytes: Uint8Array, tokens: readonly string[]): Span | null {
    if (bytes !== this.#bytes) {
      this.#bytes = bytes;
      this.#root = null;
      this.#parts = null;
      return find(bytes, tokens);
    }
    this.#root ??= rootSpan(bytes);
    let span: Span | null = this.#root;
    for (const token of tokens) {
      if (span === null) return null;
      span = partOf(this.#partsOf(bytes, span), token);
    }
    return span;
  }

  #partsOf(bytes: Uint8Array, span: Span): Parts {
    this.#parts ??= new Map();
    const known = this.#parts.get(span.start);
    if (known !== undefined) return known;
    const parts = membersOf(bytes, span) ?? itemsOf(bytes, span);
    this.#parts.set(span.start, parts);
    return parts;
  }
}

function partOf(parts: Parts, token: string): Span | null {
  if (parts === null) return null;
  if (!(parts instanceof Uint32Array)) return parts.get(token) ?? null;
  const place = 2 * indexOf(token);
  const [start, end] = [parts[place], parts[place + 1]];
  return start === undefined || end === undefined ? null : { start, end };
}

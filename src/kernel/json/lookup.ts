import { MAX_KNOWN_BYTES } from '../limits.js';
import { arrayLength, itemsOf } from './array.js';
import { Comparison } from './equal.js';
import { find, indexOf } from './pointer.js';
import { membersOf, rootSpan, type Span } from './span.js';

/** What stands in an object by its keys, in an array by place (start and end of each), in anything else nothing. */
type Parts = ReadonlyMap<string, Span> | Uint32Array | null;

/** A text that was looked into, and what is known of it: of values, by where they begin. */
interface Known {
  root: Span | null;
  /** What stands in them. */
  readonly parts: Map<number, Parts>;
  /** Those that were compared. */
  readonly comparisons: Map<number, Comparison>;
}

/**
 * Finds values in texts that were looked into before without passing over them again: the conditions and fan-outs of a
 * DAG's jobs may ask a hundred thousand times for something in outputs of 256 KiB.
 */
export class Lookup {
  readonly #texts = new Map<Uint8Array, Known>();
  #bytes = 0;
  /** Bytes of all texts that were looked into, one that was forgotten meanwhile counted again. */
  looked = 0;

  /** What `find` gives. */
  find(bytes: Uint8Array, tokens: readonly string[]): Span | null {
    const known = this.#texts.get(bytes);
    if (known === undefined) {
      this.#keep(bytes);
      return find(bytes, tokens);
    }
    known.root ??= rootSpan(bytes);
    let span: Span | null = known.root;
    for (const token of tokens) {
      if (span === null) return null;
      span = partOf(partsOf(known, bytes, span), token);
    }
    return span;
  }

  /** Number of items of a value of a text, which was found here; -1 if it is no array. */
  length(bytes: Uint8Array, span: Span): number {
    const known = this.#texts.get(bytes);
    if (known === undefined || bytes[span.start] !== 0x5b) return arrayLength(bytes, span);
    return (partsOf(known, bytes, span) as Uint32Array).length >>> 1;
  }

  /** A value of a text, which was found here, to be compared with others. */
  comparison(bytes: Uint8Array, span: Span): Comparison {
    const known = this.#texts.get(bytes)?.comparisons;
    const comparison = known?.get(span.start) ?? new Comparison(bytes, span);
    known?.set(span.start, comparison);
    return comparison;
  }

  #keep(bytes: Uint8Array): void {
    this.looked += bytes.length;
    this.#bytes += bytes.length;
    if (this.#bytes > MAX_KNOWN_BYTES) {
      this.#texts.clear();
      this.#bytes = bytes.length;
    }
    this.#texts.set(bytes, { root: null, parts: new Map(), comparisons: new Map() });
  }
}

function partsOf({ parts }: Known, bytes: Uint8Array, span: Span): Parts {
  const known = parts.get(span.start);
  if (known !== undefined) return known;
  const found = membersOf(bytes, span) ?? itemsOf(bytes, span);
  parts.set(span.start, found);
  return found;
}

function partOf(parts: Parts, token: string): Span | null {
  if (parts === null) return null;
  if (!(parts instanceof Uint32Array)) return parts.get(token) ?? null;
  const place = 2 * indexOf(token);
  const [start, end] = [parts[place], parts[place + 1]];
  return start === undefined || end === undefined ? null : { start, end };
}

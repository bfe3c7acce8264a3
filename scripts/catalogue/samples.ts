import { type Catalogue, shortName, type TypeRef } from './load.js';

/** Where varints grow by a byte, where 32-bit and double arithmetic end, and both sides of zero. */
const LONGS = [
  -1, 63, -64, 64, -65, 8191, -8192, 8192, -8193, 1048576, 134217727, 134217728, -134217729, 2147483647, 2147483648,
  -2147483648, -2147483649, 17179869184, 1764000000000, -1764000000001, 2251799813685248, 4503599627370496,
  -4503599627370497, 9007199254740990, -9007199254740990,
];
const INTS = LONGS.filter((value) => value === (value | 0));
const TEXTS = ['a', 'Größe', '水', '🍌 ripe', '\u0000\u007f\u0080\u07ff\u0800\uffff', 'x'.repeat(63), 'y'.repeat(64)];
const JSONS = ['null', '{"a":[1,"ü",1e400]}', ' [ ] ', '12345678901234567890123'];

/** Makes values of any type of the catalogue, one edge after the other. Bytes are Buffers. */
export class Samples {
  #count = 0;

  constructor(private readonly catalogue: Catalogue) {}

  /** Everything empty: zeros, nulls, no items, first symbols. */
  least(type: TypeRef): unknown {
    return this.#make(type, {
      int: () => 0,
      long: () => 0,
      boolean: () => false,
      string: () => '',
      bytes: () => Buffer.alloc(0),
      json: () => Buffer.alloc(0),
      items: 0,
      isNull: () => true,
      symbol: () => 0,
      fixed: (size) => Buffer.alloc(size),
    });
  }

  /** The outermost numbers of one sign, two items in each array, nothing null, last symbols. */
  most(type: TypeRef, sign: 1 | -1): unknown {
    return this.#make(type, {
      int: () => (sign === 1 ? 0x7fffffff : -0x80000000),
      long: () => sign * Number.MAX_SAFE_INTEGER,
      boolean: () => true,
      string: () => 'zß水🍌',
      bytes: () => Buffer.from([0, 255, 128]),
      json: () => Buffer.from('{"a":[1,"ü"]}'),
      items: 2,
      isNull: () => false,
      symbol: (count) => count - 1,
      fixed: (size) => Buffer.alloc(size, 255),
    });
  }

  /** Another edge for each value: successive calls go through them. */
  next(type: TypeRef): unknown {
    const pick = <T>(values: readonly T[]): T => values[this.#count++ % values.length] as T;
    return this.#make(type, {
      int: () => pick(INTS),
      long: () => pick(LONGS),
      boolean: () => pick([true, false]),
      string: () => pick(TEXTS),
      bytes: () => Buffer.from(pick(TEXTS)),
      json: () => Buffer.from(pick(JSONS)),
      items: 1,
      isNull: () => pick([true, false, false]),
      symbol: (count) => this.#count++ % count,
      fixed: (size) => Buffer.alloc(size, this.#count++),
    });
  }

  #make(type: TypeRef, edge: Edges): unknown {
    if (Array.isArray(type)) return edge.isNull() ? null : this.#make(type[1] as TypeRef, edge);
    if (typeof type !== 'string') {
      const { items } = type as { readonly items: TypeRef };
      return Array.from({ length: edge.items }, () => this.#make(items, edge));
    }
    const primitive = (edge as unknown as Record<string, unknown>)[type];
    if (typeof primitive === 'function') return primitive();
    const schema = this.catalogue.byName.get(shortName(type));
    if (schema === undefined) throw new Error(`no samples for ${type}`);
    if (schema.type === 'fixed') return edge.fixed(schema.size);
    if (schema.type === 'enum') return schema.symbols[edge.symbol(schema.symbols.length)];
    return Object.fromEntries(schema.fields.map((field) => [field.name, this.#make(field.type, edge)]));
  }
}

interface Edges {
  readonly int: () => number;
  readonly long: () => number;
  readonly boolean: () => boolean;
  readonly string: () => string;
  readonly bytes: () => Buffer;
  readonly json: () => Buffer;
  /** Items of an array. */
  readonly items: number;
  readonly isNull: () => boolean;
  /** Index of a symbol. */
  readonly symbol: (count: number) => number;
  readonly fixed: (size: number) => Buffer;
}

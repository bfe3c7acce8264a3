import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  at,
  bytesOf,
  compareNumbers,
  compareStrings,
  equalValues,
  integer,
  itemsOf,
  membersOf,
  pointerToken,
  rootSpan,
  textOf,
  validate,
} from '../../src/kernel/json/index.js';

const utf8 = (text: string) => new TextEncoder().encode(text);
const decode = (bytes: Uint8Array) => new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
const limits = { maxBytes: 1 << 20, maxDepth: 1000 };

function parses(bytes: Uint8Array): boolean {
  try {
    JSON.parse(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes));
    return true;
  } catch {
    return false;
  }
}

const keys = fc.constantFrom('a', 'b', '', 'a/b', '~0', '__proto__', '0', 'é', '📄', '\ud800', '"\\\n');
const texts = fc.oneof(keys, fc.string({ unit: 'binary' }));
const scalars = fc.oneof(
  fc.constantFrom(null, true, false),
  fc.integer(),
  texts,
  fc.constantFrom(0, 1, 1.5, 1e21, 5e-7),
);
/** A model value: objects as member lists, so that keys may repeat. */
type Model = null | boolean | number | string | Model[] | { members: [string, Model][] };
const { model } = fc.letrec<{ model: Model }>((tie) => ({
  model: fc.oneof(
    { maxDepth: 5, depthSize: 'medium' },
    scalars,
    fc.array(tie('model'), { maxLength: 4 }),
    fc.array(fc.tuple(keys, tie('model')), { maxLength: 4 }).map((members) => ({ members })),
  ),
}));

const space = fc.constantFrom('', '', '', ' ', '\n\t', '\r ');

/** Writes a model as JSON text, with escapes, spaces and spellings of numbers chosen by `choose`. */
function write(value: Model, choose: (n: number) => number, gap: () => string): string {
  if (typeof value === 'string') {
    const units = Array.from({ length: value.length }, (_, i) => value.charCodeAt(i));
    // Lone surrogates must be escaped to survive UTF-8; halves of pairs are escaped together or not at all.
    if (choose(2) === 0) return `"${units.map((u) => `\\u${u.toString(16).padStart(4, '0')}`).join('')}"`;
    return JSON.stringify(value);
  }
  if (typeof value === 'number') {
    const text = JSON.stringify(value);
    if (text.includes('e') || choose(2) === 0) return text;
    return text.includes('.') ? `${text}0e0` : `${text}.00E+0`;
  }
  if (Array.isArray(value)) {
    return `[${gap()}${value.map((item) => write(item, choose, gap)).join(`${gap()},${gap()}`)}${gap()}]`;
  }
  if (value !== null && typeof value === 'object') {
    const members = value.members.map(([k, v]) => `${write(k, choose, gap)}${gap()}:${gap()}${write(v, choose, gap)}`);
    return `{${gap()}${members.join(`${gap()},${gap()}`)}${gap()}}`;
  }
  return JSON.stringify(value);
}

/** A text of a model, spelled at random. */
const spelled = (value: Model) =>
  fc.tuple(fc.infiniteStream(fc.nat(1000)), fc.infiniteStream(space)).map(([choices, spaces]) => {
    const gap = () => spaces.next().value as string;
    return `${gap()}${write(value, (n) => (choices.next().value as number) % n, gap)}${gap()}`;
  });
const spelling = model.chain((value) => fc.tuple(fc.constant(value), spelled(value)));

/** The model with the last of repeated keys only, as nested Maps and arrays that toEqual can compare. */
function meaning(value: Model): unknown {
  if (Array.isArray(value)) return value.map(meaning);
  if (value === null || typeof value !== 'object') return Object.is(value, -0) ? 0 : value;
  return new Map(value.members.map(([k, v]) => [k, meaning(v)]));
}

/** The canonical text of a meaning: equal meanings, equal texts. */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join()}]`;
  if (!(value instanceof Map)) return JSON.stringify(value);
  const members = [...value].sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${members.map(([k, v]) => `${JSON.stringify(k)}:${canonical(v)}`).join()}}`;
}

/** Reads back a value through the span functions alone. */
function read(bytes: Uint8Array, span: { start: number; end: number }): unknown {
  const members = membersOf(bytes, span);
  if (members !== null) return new Map([...members].map(([key, inner]) => [key, read(bytes, inner)]));
  const items = itemsOf(bytes, span);
  if (items !== null) {
    return Array.from({ length: items.length / 2 }, (_, i) =>
      read(bytes, { start: items[2 * i]!, end: items[2 * i + 1]! }),
    );
  }
  const text = textOf(bytes, span);
  if (text !== null) return text;
  return JSON.parse(decode(bytesOf(bytes, span)));
}

describe('JSON text', () => {
  it('is valid exactly if JSON.parse takes it, also when it was damaged', () => {
    fc.assert(
      fc.property(
        spelling,
        fc.array(fc.tuple(fc.nat(), fc.nat(255), fc.nat(2)), { maxLength: 3 }),
        ([, text], damage) => {
          let bytes = [...utf8(text)];
          for (const [where, byte, how] of damage) {
            const i = where % (bytes.length + 1);
            bytes = [...bytes.slice(0, i), ...(how === 0 ? [] : [byte]), ...bytes.slice(how === 2 ? i : i + 1)];
          }
          const all = Uint8Array.from(bytes);
          const fault = validate(all, limits);
          expect(fault === null).toBe(parses(all));
          // A fault is where the text stops being a beginning of JSON: what comes after it does not matter.
          if (fault !== null && fault.offset < all.length) {
            expect(validate(all.subarray(0, fault.offset + 1), limits)).not.toBeNull();
          }
        },
      ),
      { numRuns: 2000 },
    );
  });

  it('has one fault per punctuation soup that JSON.parse refuses', () => {
    const soup = fc.array(
      fc.constantFrom('{', '}', '[', ']', ',', ':', '"', '"a"', '1', '-', '0', '.', 'e', 'null', ' ', '\\'),
      {
        maxLength: 8,
      },
    );
    fc.assert(
      fc.property(soup, (parts) => {
        const bytes = utf8(parts.join(''));
        expect(validate(bytes, limits) === null).toBe(parses(bytes));
      }),
      { numRuns: 5000 },
    );
  });

  it('means the same whichever way it is spelled', () => {
    fc.assert(
      fc.property(spelling, ([value, text]) => {
        const bytes = utf8(text);
        expect(validate(bytes, limits)).toBeNull();
        expect(read(bytes, rootSpan(bytes))).toEqual(meaning(value));
      }),
      { numRuns: 500 },
    );
  });

  it('holds at every pointer what its meaning holds there', () => {
    const walk = (value: unknown, pointer: string, visit: (pointer: string, value: unknown) => void): void => {
      visit(pointer, value);
      const entries = value instanceof Map ? [...value] : Array.isArray(value) ? [...value.entries()] : [];
      for (const [key, inner] of entries) walk(inner, `${pointer}/${pointerToken(String(key))}`, visit);
    };
    fc.assert(
      fc.property(spelling, keys, ([value, text], stray) => {
        const bytes = utf8(text);
        const known = new Set<string>();
        walk(meaning(value), '', (pointer, inner) => {
          known.add(pointer);
          const span = at(bytes, pointer);
          expect(span).not.toBeNull();
          expect(read(bytes, span!)).toEqual(inner);
        });
        for (const pointer of [...known].map((p) => `${p}/${pointerToken(stray)}`)) {
          expect(at(bytes, pointer) !== null).toBe(known.has(pointer));
        }
      }),
      { numRuns: 500 },
    );
  });

  it('is equal to other text exactly if they mean the same', () => {
    const pair = fc.oneof(
      fc.tuple(model, model),
      model.map((value): [Model, Model] => [value, value]),
      fc.tuple(scalars, scalars),
    );
    const spelledPair = pair.chain(([a, b]) => fc.tuple(fc.constant([a, b] as const), spelled(a), spelled(b)));
    fc.assert(
      fc.property(spelledPair, ([[a, b], aText, bText]) => {
        const [x, y] = [utf8(aText), utf8(bText)];
        const same = canonical(meaning(a)) === canonical(meaning(b));
        expect(equalValues(x, rootSpan(x), y, rootSpan(y))).toBe(same);
      }),
      { numRuns: 1000 },
    );
  });

  it('orders strings as JavaScript does', () => {
    fc.assert(
      fc.property(texts, texts, fc.boolean(), (a, b, prefix) => {
        const other = prefix ? a + b : b;
        const [x, y] = [utf8(JSON.stringify(a)), utf8(JSON.stringify(other))];
        expect(Math.sign(compareStrings(x, 0, y, 0))).toBe(a < other ? -1 : a > other ? 1 : 0);
      }),
      { numRuns: 1000 },
    );
  });
});

describe('numbers', () => {
  const digits = (min: number, max: number) =>
    fc.string({ unit: fc.constantFrom(...'0012379'), minLength: min, maxLength: max });
  const number = fc
    .record({
      sign: fc.constantFrom('', '-'),
      whole: fc.oneof(
        fc.constant('0'),
        fc.tuple(fc.constantFrom(...'129'), digits(0, 18)).map((d) => d.join('')),
      ),
      fraction: fc.oneof(
        fc.constant(''),
        digits(1, 18).map((d) => `.${d}`),
      ),
      exponent: fc.oneof(
        fc.constant(''),
        fc.integer({ min: -25, max: 25 }).map((e) => `e${e}`),
        fc.constantFrom('E+00', 'e-007'),
      ),
    })
    .map((parts) => parts.sign + parts.whole + parts.fraction + parts.exponent);

  /** The exact value times a power of ten that makes it an integer. */
  function scaled(text: string, scale = 60): bigint {
    const [, sign, whole, fraction = '', exponent = '0'] = /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/.exec(text)!;
    const value = BigInt(whole! + fraction) * 10n ** BigInt(scale + Number(exponent) - fraction.length);
    return sign === '-' ? -value : value;
  }

  const compare = (a: string, b: string) => {
    const [x, y] = [utf8(` ${a} `), utf8(b)];
    return compareNumbers(x, rootSpan(x), y, rootSpan(y));
  };

  /** The same value written with its point elsewhere. */
  function respelled(text: string, shift: number): string {
    const exact = scaled(text);
    const size = (exact < 0n ? -exact : exact).toString().padStart(70, '0');
    const cut = size.length - 30 + (shift % 20);
    const whole = size.slice(0, cut).replace(/^0+(?=\d)/, '');
    return `${exact < 0n ? '-' : ''}${whole}.${size.slice(cut)}0e${size.length - cut - 60}`;
  }

  it('compare as exact decimals', () => {
    fc.assert(
      fc.property(number, number, (a, b) => {
        const difference = scaled(a) - scaled(b);
        expect(compare(a, b)).toBe(difference < 0n ? -1 : difference > 0n ? 1 : 0);
      }),
      { numRuns: 3000 },
    );
  });

  it('are equal to themselves spelled differently, and compare alike under huge exponents', () => {
    fc.assert(
      fc.property(number, number, fc.nat(), fc.bigInt({ min: 0n, max: 10n ** 40n }), (a, b, shift, huge) => {
        const other = respelled(a, shift);
        expect(compare(a, other)).toBe(0);
        const lifted = (text: string, by: bigint) => {
          const [mantissa, exponent = '0'] = text.split(/e/i);
          return `${mantissa}e${BigInt(exponent) + by}`;
        };
        for (const by of [huge, -huge]) {
          expect(compare(lifted(a, by), lifted(other, by))).toBe(0);
          expect(compare(lifted(a, by), lifted(b, by))).toBe(compare(a, b));
        }
      }),
      { numRuns: 1000 },
    );
  });

  it('are integers exactly if they are safe ones', () => {
    const near = fc
      .tuple(fc.bigInt({ min: -(2n ** 53n) - 3n, max: 2n ** 53n + 3n }), fc.nat())
      .map(([n, s]) => respelled(`${n}`, s));
    fc.assert(
      fc.property(fc.oneof(number, near), (text) => {
        const exact = scaled(text, 150);
        const unit = 10n ** 150n;
        const whole = exact / unit;
        const safe = exact % unit === 0n && whole <= 2n ** 53n - 1n && whole >= -(2n ** 53n) + 1n;
        const bytes = utf8(text);
        expect(integer(bytes, rootSpan(bytes))).toBe(safe ? Number(whole) : null);
      }),
      { numRuns: 3000 },
    );
  });
});

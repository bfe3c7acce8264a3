/** Over random values of every type, and over random damage to their bytes. */
import avsc from 'avsc';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeBody, encodeBody, sealInput } from '../../../src/catalogue/codec.js';
import { CatalogueError } from '../../../src/catalogue/error.js';
import { SCHEMAS } from '../../../src/catalogue/generated/schemas.js';
import type { AnyEntry, InputEntry, TurnRecord } from '../../../src/catalogue/generated/types.js';
import { decodeTurn, decodeTurnHeader, encodeTurn } from '../../../src/catalogue/turn.js';
import { anyValue, catalogue } from '../../support/catalogue-values.js';

type AnyCode = AnyEntry['code'];

const numbered = [...catalogue.inputs, ...catalogue.events];

/** avsc's types: an encoder by other people, right for integers within ±2^52. */
const registry: Record<string, avsc.Type> = {};
for (const schema of SCHEMAS) avsc.Type.forSchema(schema as avsc.Schema, { registry, wrapUnions: false });

function hasLargeInteger(value: unknown): boolean {
  if (typeof value === 'number') return Math.abs(value) >= 2 ** 52;
  if (value instanceof Uint8Array || typeof value !== 'object' || value === null) return false;
  return Object.values(value).some(hasLargeInteger);
}

/** What is decoded gives the same bytes again, or is refused with a code: there is no second encoding. */
function refusedOrCanonical<T>(
  bytes: Uint8Array,
  decode: (bytes: Uint8Array) => T,
  encode: (value: T) => Buffer,
): void {
  let value: T;
  try {
    value = decode(bytes);
  } catch (error) {
    if (error instanceof CatalogueError) return;
    throw error;
  }
  expect(encode(value).equals(bytes)).toBe(true);
}

interface Damage {
  readonly at: number;
  readonly byte: number;
  readonly cut: number;
  readonly repeat: boolean;
}
const damage: fc.Arbitrary<Damage> = fc.record({
  at: fc.nat(),
  byte: fc.integer({ min: 0, max: 255 }),
  cut: fc.constantFrom(0, 0, 0, 1, 5),
  repeat: fc.boolean(),
});

/** Changes one byte, or puts one in; then cuts the end. */
function damaged(bytes: Uint8Array, { at, byte, cut, repeat }: Damage): Uint8Array {
  const place = bytes.length === 0 ? 0 : at % bytes.length;
  const rest = bytes.subarray(repeat ? place : place + 1);
  const changed = Buffer.concat([bytes.subarray(0, place), Buffer.of(byte), rest]);
  return changed.subarray(0, Math.max(0, changed.length - cut));
}

describe('every body', () => {
  it.each(numbered.map((one) => [one.name, one] as const))('%s', (_name, { name, code, schema }) => {
    const values = anyValue(`${schema.namespace}.${name}`);
    const type = avsc.Type.forSchema(`${schema.namespace}.${name}`, { registry });
    fc.assert(
      fc.property(values, damage, (value, change) => {
        const bytes = encodeBody(code as AnyCode, value as never);
        expect(decodeBody(code as AnyCode, bytes)).toEqual(value);
        if (!hasLargeInteger(value)) expect(type.toBuffer(value).equals(bytes)).toBe(true);
        refusedOrCanonical(
          damaged(bytes, change),
          (some) => decodeBody(code as AnyCode, some),
          (some) => encodeBody(code as AnyCode, some as never),
        );
      }),
      { numRuns: 60 },
    );
  });
});

const sender = fc.record(
  {
    inputId: fc.string(),
    receivedAtMs: fc.nat(),
    principal: fc.option(fc.string()),
    traceparent: fc.option(fc.string()),
  },
  { noNullPrototype: true },
);

const inputs: fc.Arbitrary<InputEntry> = fc.oneof(
  ...catalogue.inputs.map(({ name, code, schema }) =>
    fc
      .tuple(sender, anyValue(`${schema.namespace}.${name}`))
      .map(([from, body]) => sealInput(code as InputEntry['code'], from, body as never)),
  ),
);
const events: fc.Arbitrary<AnyEntry> = fc.oneof(
  ...catalogue.events.map(({ name, code, schema }) =>
    fc
      .tuple(fc.integer({ min: -4, max: -1 }), anyValue(`${schema.namespace}.${name}`))
      .map(([cause, body]) => ({ code, cause, body }) as AnyEntry),
  ),
);
const turns = fc
  .tuple(anyValue('marie.v1.Turn'), fc.array(fc.oneof(inputs, events), { maxLength: 8 }))
  .map(([turn, entries]) => ({ ...(turn as object), format: 1, entries }) as unknown as TurnRecord);

/** An entry as it is read: the bytes of a submission, kept from sealing so that they are made once, aren't with it. */
function asRead(entry: AnyEntry): AnyEntry {
  const { encoded, ...read } = entry as AnyEntry & { readonly encoded?: Uint8Array };
  return encoded === undefined ? entry : read;
}

describe('every turn', () => {
  it('is what it was after encoding and decoding', () => {
    fc.assert(
      fc.property(turns, (turn) => {
        const bytes = encodeTurn(turn);
        expect(decodeTurn(bytes, { digests: 'check' })).toEqual({ ...turn, entries: turn.entries.map(asRead) });
        expect(decodeTurnHeader(bytes)).toEqual({ ...turn, entries: turn.entries.length });
      }),
      { numRuns: 200 },
    );
  });

  it('has one encoding', () => {
    fc.assert(
      fc.property(turns, damage, (turn, change) => {
        refusedOrCanonical(damaged(encodeTurn(turn), change), (bytes) => decodeTurn(bytes), encodeTurn);
      }),
      { numRuns: 1000 },
    );
  });
});

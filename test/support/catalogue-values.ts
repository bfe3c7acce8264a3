/** Values of the catalogue's types: from the form in which vectors are written, and at random. */
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { type Catalogue, loadCatalogue, shortName, type TypeRef } from '../../scripts/catalogue/load.js';

/** The catalogue as the schemas define it. */
export const catalogue: Catalogue = loadCatalogue(fileURLToPath(new URL('../../schemas', import.meta.url)));

/** The value in memory of a vector, whose bytes are written in hexadecimal. */
export function fromPlain(type: TypeRef, value: unknown): unknown {
  if (Array.isArray(type)) return value === null ? null : fromPlain(type[1] as TypeRef, value);
  if (typeof type !== 'string') {
    const { items } = type as { readonly items: TypeRef };
    return (value as unknown[]).map((item) => fromPlain(items, item));
  }
  if (type === 'bytes' || type === 'json') return Buffer.from(value as string, 'hex');
  const schema = catalogue.byName.get(shortName(type));
  if (schema?.type === 'fixed') return Buffer.from(value as string, 'hex');
  if (schema?.type !== 'record') return value;
  const fields = value as Record<string, unknown>;
  return Object.fromEntries(schema.fields.map((field) => [field.name, fromPlain(field.type, fields[field.name])]));
}

const bytesOf = (length: { minLength?: number; maxLength?: number }): fc.Arbitrary<Buffer> =>
  fc.uint8Array(length).map((bytes) => Buffer.from(bytes));

const PRIMITIVES: Readonly<Record<string, fc.Arbitrary<unknown>>> = {
  boolean: fc.boolean(),
  int: fc.integer(),
  long: fc.oneof(fc.maxSafeInteger(), fc.integer({ min: -70000, max: 70000 })),
  string: fc.oneof(fc.string({ unit: 'binary' }), fc.string({ minLength: 30, maxLength: 90 })),
  bytes: bytesOf({ maxLength: 80 }),
  json: fc.oneof(
    bytesOf({ maxLength: 80 }),
    fc.json().map((text) => Buffer.from(text)),
  ),
};

const made = new Map<string, fc.Arbitrary<unknown>>();

/** Any value of a type. */
export function anyValue(type: TypeRef): fc.Arbitrary<unknown> {
  if (Array.isArray(type)) return fc.option(anyValue(type[1] as TypeRef), { nil: null });
  if (typeof type !== 'string') {
    return fc.array(anyValue((type as { readonly items: TypeRef }).items), { maxLength: 4 });
  }
  const known = PRIMITIVES[type] ?? made.get(type);
  if (known !== undefined) return known;
  const arbitrary = anyNamed(shortName(type));
  made.set(type, arbitrary);
  return arbitrary;
}

function anyNamed(name: string): fc.Arbitrary<unknown> {
  const schema = catalogue.byName.get(name);
  if (schema === undefined) throw new Error(`no type ${name}`);
  if (schema.type === 'fixed') return bytesOf({ minLength: schema.size, maxLength: schema.size });
  if (schema.type === 'enum') return fc.constantFrom(...schema.symbols);
  return fc.record(Object.fromEntries(schema.fields.map((field) => [field.name, anyValue(field.type)])), {
    noNullPrototype: true,
  });
}

import { createHash } from 'node:crypto';
import type { Catalogue, Numbered, Schema } from './load.js';
import { HEADER } from './text.js';

/** Avro's parsing canonical form of one schema: what matters to a reader, and nothing else. */
export function canonicalForm(schema: Schema): string {
  return JSON.stringify(canonical(schema, schema.namespace));
}

/** Strips docs, defaults and logical types, and orders the keys (Avro 1.12, "Parsing Canonical Form"). */
function canonical(node: unknown, namespace: string): unknown {
  if (typeof node === 'string') return node;
  if (Array.isArray(node)) return node.map((one) => canonical(one, namespace));
  const { name, type, fields, symbols, items, size } = node as Record<string, unknown>;
  const named = name === undefined ? {} : { name: fields || symbols || size ? `${namespace}.${String(name)}` : name };
  if (name === undefined && items === undefined && typeof type === 'string') return type;
  return {
    ...named,
    type: canonical(type, namespace),
    ...(fields === undefined ? {} : { fields: (fields as unknown[]).map((one) => canonical(one, namespace)) }),
    ...(symbols === undefined ? {} : { symbols }),
    ...(items === undefined ? {} : { items: canonical(items, namespace) }),
    ...(size === undefined ? {} : { size }),
  };
}

/** The text that the fingerprint is taken of: canonical forms by name, then the numbers, one per line. */
export function canonicalCatalogue({ originals, inputs, events, sets }: Catalogue): string {
  const forms = [...originals.values()].map(canonicalForm).sort();
  const codes = [...inputs, ...events]
    .sort((a, b) => a.code - b.code)
    .map((one: Numbered) => `${one.code} ${one.name}`);
  const members = [...sets]
    .flatMap(([set, values]) => Object.entries(values).map(([name, value]) => `${set} ${value} ${name}`))
    .sort();
  return [...forms, ...codes, ...members].map((line) => `${line}\n`).join('');
}

/** First 8 bytes of the SHA-256 of the canonical catalogue, in hexadecimal. */
export function fingerprint(catalogue: Catalogue): string {
  return createHash('sha256').update(canonicalCatalogue(catalogue)).digest('hex').slice(0, 16);
}

/** The text of schemas.ts: the schemas as data, and their fingerprint. */
export function schemasFile(catalogue: Catalogue): string {
  const lines = catalogue.schemas.map(({ name }) => `  ${JSON.stringify(catalogue.originals.get(name))},\n`);
  return [
    HEADER,
    `/** First 8 bytes of the SHA-256 of the canonical rendering of all schemas and codes, in hexadecimal. */
export const CATALOGUE_FINGERPRINT = '${fingerprint(catalogue)}';
`,
    `/** Every schema as it stands in its file, each after those that it names. */\n// biome-ignore format: one schema a line\nexport const SCHEMAS: readonly object[] = [\n${lines.join('')}];\n`,
  ].join('\n');
}

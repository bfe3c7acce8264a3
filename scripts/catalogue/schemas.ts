import { createHash } from 'node:crypto';
import { canonicalForm } from '../../src/catalogue/canonical-form.js';
import type { Catalogue, Numbered } from './load.js';
import { HEADER } from './text.js';

/** The text that the fingerprint is taken of: canonical forms by name, then the numbers, one per line. */
export function canonicalCatalogue({ originals, inputs, events, sets }: Catalogue): string {
  const forms = [...originals.values()].map((schema) => canonicalForm(schema, schema.namespace)).sort();
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

/** The text of schemas.ts: the schemas as data. */
export function schemasFile(catalogue: Catalogue): string {
  const lines = catalogue.schemas.map(({ name }) => `  ${JSON.stringify(catalogue.originals.get(name))},\n`);
  return [
    HEADER,
    `/** Every schema as it stands in its file, each after those that it names. */\n// biome-ignore format: one schema a line\nexport const SCHEMAS: readonly object[] = [\n${lines.join('')}];\n`,
  ].join('\n');
}

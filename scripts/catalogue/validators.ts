import { type Catalogue, type Field, type RecordSchema, type Schema, shortName, type TypeRef } from './load.js';
import { docComment, HEADER, quote } from './text.js';

type ByName = ReadonlyMap<string, Schema>;

const ZOD: Readonly<Record<string, string>> = {
  boolean: 'z.boolean()',
  int: 'z.int32()',
  long: 'z.int()',
  string: 'text',
  json: 'userJson',
  bytes: 'base64',
};

function zodOf(type: TypeRef, byName: ByName): string {
  if (Array.isArray(type)) return `nullable(${zodOf(type[1] as TypeRef, byName)})`;
  if (typeof type !== 'string') return `z.array(${zodOf((type as { readonly items: TypeRef }).items, byName)})`;
  const schema = byName.get(shortName(type));
  if (schema === undefined) return ZOD[type] ?? 'z.never()';
  if (schema.type === 'fixed') return `hex(${schema.size})`;
  if (schema.name === 'LeaseRef') return 'lease';
  return `${schema.name}Json`;
}

function fieldLine(field: Field, byName: ByName): string {
  const line = `  ${field.name}: ${zodOf(field.type, byName)}.describe(${quote(field.doc)}),\n`;
  if (line.length <= 121) return line;
  return `  ${field.name}: ${zodOf(field.type, byName)}.describe(\n    ${quote(field.doc)},\n  ),\n`;
}

function enumValidator(name: string, doc: string, symbols: readonly string[]): string {
  const dashed = symbols.map((one) => quote(one.replaceAll('_', '-')));
  const enumeration = `z.enum([${dashed.join(', ')}])`;
  const same = symbols.every((one) => !one.includes('_'));
  const back = `.transform((value) => value.replaceAll('-', '_') as t.${name})`;
  return `${docComment(doc)}export const ${name}Json = ${enumeration}${same ? '' : back};\n`;
}

function recordValidator({ name, doc, fields }: RecordSchema, byName: ByName): string {
  const lines = fields.map((field) => fieldLine(field, byName)).join('');
  const shape = lines === '' ? '{}' : `{\n${lines}}`;
  return `${docComment(doc)}export const ${name}Json = z.strictObject(${shape});\n`;
}

/** Everything that an input's body is made of, in dependency order. */
function reachable({ schemas, inputs }: Catalogue): Schema[] {
  const wanted = new Set(inputs.map((one) => one.name));
  for (const schema of [...schemas].reverse()) {
    if (!wanted.has(schema.name) || schema.type !== 'record') continue;
    for (const match of JSON.stringify(schema.fields).matchAll(/marie\.v\d+\.(\w+)/g)) wanted.add(match[1] ?? '');
  }
  return schemas.filter((schema) => wanted.has(schema.name) && schema.type !== 'fixed' && schema.name !== 'LeaseRef');
}

/** Paths of the user JSON in the JSON form of a type, with `*` for the items of an array. */
function userJsonPaths(type: TypeRef, byName: ByName): string[] {
  if (Array.isArray(type)) return userJsonPaths(type[1] as TypeRef, byName);
  if (typeof type !== 'string') {
    return userJsonPaths((type as { readonly items: TypeRef }).items, byName).map((path) => join('*', path));
  }
  if (type === 'json') return [''];
  const schema = byName.get(shortName(type));
  if (schema?.type !== 'record') return [];
  return schema.fields.flatMap((field) => userJsonPaths(field.type, byName).map((path) => join(field.name, path)));
}

function join(head: string, path: string): string {
  return path === '' ? head : `${head}/${path}`;
}

/** The text of validators.ts: zod schemas of the JSON form of every input's body. */
export function validatorsFile(catalogue: Catalogue): string {
  const { inputs, byName } = catalogue;
  const validators = reachable(catalogue).map((schema) => {
    if (schema.type === 'enum') return enumValidator(schema.name, schema.doc, schema.symbols);
    return recordValidator(schema as RecordSchema, byName);
  });
  const table = inputs.map((one) => `  ${one.name}: ${one.name}Json,\n`);
  const kept = inputs.map((one) => {
    const paths = userJsonPaths(`marie.v1.${one.name}`, byName);
    return paths.length === 0 ? '' : `  ${one.name}: keptPaths([${paths.map(quote).join(', ')}]),\n`;
  });
  return [
    HEADER,
    "import { z } from 'zod';\nimport { keptPaths } from '../raw-json.js';\n" +
      "import { base64, hex, lease, nullable, text, userJson } from '../wire/zod.js';\n" +
      "import type * as t from './types.js';\n",
    ...validators,
    `/** The validator of each input's body, by name. */\nexport const INPUT_JSON = {\n${table.join('')}} as const;\n`,
    `/** Where user JSON stands in the JSON form of an input's body, for \`parseKeeping\`. */\nexport const USER_JSON = {\n${kept.join('')}} as const;\n`,
  ].join('\n');
}

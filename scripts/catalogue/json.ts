import { type Catalogue, type Numbered, type RecordSchema, type Schema, shortName, type TypeRef } from './load.js';
import { HEADER } from './text.js';

type ByName = ReadonlyMap<string, Schema>;

/** An expression that makes JSON text of a value. */
function jsonOf(type: TypeRef, value: string, byName: ByName): string {
  if (Array.isArray(type)) {
    const text = jsonOf(type[1] as TypeRef, value, byName);
    return `${value} === null ? 'null' : ${text}`;
  }
  if (typeof type !== 'string') {
    const { items } = type as { readonly items: TypeRef };
    return `list(${value}, (item) => ${jsonOf(items, 'item', byName)})`;
  }
  const primitive: Readonly<Record<string, string>> = {
    boolean: `String(${value})`,
    int: `String(${value})`,
    long: `String(${value})`,
    string: `JSON.stringify(${value})`,
    json: `userJson(${value})`,
    bytes: `base64(${value})`,
  };
  const known = primitive[type];
  if (known !== undefined) return known;
  const schema = byName.get(shortName(type));
  if (schema?.type === 'enum') {
    const dashed = schema.symbols.some((one) => one.includes('_')) ? `${value}.replaceAll('_', '-')` : value;
    return `\`"\${${dashed}}"\``;
  }
  if (schema?.type === 'fixed') return `hex(${value})`;
  if (schema?.name === 'LeaseRef') return `JSON.stringify(formatLease(cell, ${value}))`;
  return `json${shortName(type)}(${value}, cell)`;
}

function usesCell(type: TypeRef, byName: ByName): boolean {
  if (Array.isArray(type)) return usesCell(type[1] as TypeRef, byName);
  if (typeof type !== 'string') return usesCell((type as { readonly items: TypeRef }).items, byName);
  return byName.get(shortName(type))?.type === 'record';
}

function recordJson({ name, fields }: RecordSchema, byName: ByName): string {
  const cell = fields.some((field) => usesCell(field.type, byName)) ? 'cell' : '_cell';
  if (fields.length === 0) return `export function json${name}(): string {\n  return '{}';\n}\n`;
  const parts = fields.map((field, index) => {
    const text = jsonOf(field.type, `v.${field.name}`, byName);
    const safe = text.includes(' === null ? ') ? `(${text})` : text;
    return `    '${index === 0 ? '{' : ','}"${field.name}":' +\n    ${safe}`;
  });
  return `export function json${name}(v: t.${name}, ${cell}: string): string {\n  return (\n${parts.join(' +\n')} +\n    '}'\n  );\n}\n`;
}

function table(all: readonly Numbered[]): string {
  return (
    '/** By code. */\nexport const BODY_JSON: ReadonlyMap<number, BodyJson> = new Map<number, BodyJson>([\n' +
    `${all.map((one) => `  [${one.code}, json${one.name}],\n`).join('')}]);\n`
  );
}

/** The text of json.ts: the JSON form of every record, made by concatenation so that user JSON stays as it is. */
export function jsonFile({ schemas, inputs, events, byName }: Catalogue): string {
  const records = schemas.filter((schema) => schema.type === 'record');
  const skipped = new Set(['Entry', 'Turn', 'LeaseRef', 'InputRange']);
  return [
    HEADER,
    "import { formatLease } from '../lease.js';\nimport { base64, hex, list, userJson } from '../wire/json.js';\n" +
      "import type * as t from './types.js';\n",
    '/** Makes the JSON form of the body of one code; leases name their cell. */\n' +
      'export type BodyJson = (body: never, cell: string) => string;\n',
    ...records.filter((schema) => !skipped.has(schema.name)).map((schema) => recordJson(schema, byName)),
    table([...inputs, ...events]),
  ].join('\n');
}

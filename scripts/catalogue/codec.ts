import {
  type Catalogue,
  type Field,
  type Numbered,
  type RecordSchema,
  type Schema,
  shortName,
  type TypeRef,
} from './load.js';
import { HEADER, quote, upperSnake } from './text.js';

/** Most bytes of a primitive whose size is bounded; the writer has no check for room in these. */
const ROOM: Readonly<Record<string, number>> = { boolean: 1, int: 5, long: 8 };

type ByName = ReadonlyMap<string, Schema>;

function arrayItems(type: TypeRef): TypeRef | null {
  return typeof type === 'object' && !Array.isArray(type) ? (type as { readonly items: TypeRef }).items : null;
}

function nullable(type: TypeRef): TypeRef | null {
  return Array.isArray(type) ? (type[1] as TypeRef) : null;
}

/** Bytes that the caller has to reserve for a value; 0 if what writes it makes its own room. */
function room(type: TypeRef, byName: ByName): number {
  if (typeof type !== 'string') return 1;
  return ROOM[type] ?? (byName.get(shortName(type))?.type === 'enum' ? 1 : 0);
}

/** Statements that write a value for which `room` was reserved. */
function write(type: TypeRef, value: string, byName: ByName, indent: string): string {
  const inner = nullable(type);
  if (inner !== null) {
    const reserve = room(inner, byName) > 0 ? `${indent}  w.reserve(${1 + room(inner, byName)});\n` : '';
    return (
      `${indent}if (${value} === null) {\n${indent}  w.index(0);\n${indent}} else {\n${reserve}` +
      `${indent}  w.index(1);\n${write(inner, value, byName, `${indent}  `)}${indent}}\n`
    );
  }
  const items = arrayItems(type);
  if (items !== null) return writeArray(items, value, byName, indent);
  if (type === 'json') return `${indent}w.bytes(${value});\n`;
  const schema = byName.get(shortName(type as string));
  if (schema === undefined) return `${indent}w.${type as string}(${value});\n`;
  if (schema.type === 'fixed') return `${indent}w.fixed(${value}, ${schema.size});\n`;
  if (schema.type === 'enum') return `${indent}w.index(symbol(${symbols(schema.name)}, ${value}));\n`;
  return `${indent}write${schema.name}(w, ${value});\n`;
}

function writeArray(items: TypeRef, value: string, byName: ByName, indent: string): string {
  const reserve = room(items, byName);
  return (
    `${indent}w.reserve(8);\n${indent}w.index(${value}.length);\n${indent}if (${value}.length > 0) {\n` +
    `${indent}  for (const item of ${value}) {\n` +
    (reserve > 0 ? `${indent}    w.reserve(${reserve});\n` : '') +
    write(items, 'item', byName, `${indent}    `) +
    `${indent}  }\n${indent}  w.reserve(1);\n${indent}  w.index(0);\n${indent}}\n`
  );
}

/** The body of a record's writer: room is reserved once for each run of fields of bounded size. */
function writeFields(fields: readonly Field[], byName: ByName): string {
  let text = '';
  let run: Field[] = [];
  const flush = (): void => {
    const total = run.reduce((sum, field) => sum + room(field.type, byName), 0);
    if (total > 0) text += `  w.reserve(${total});\n`;
    text += run.map((field) => write(field.type, `v.${field.name}`, byName, '  ')).join('');
    run = [];
  };
  for (const field of fields) {
    run.push(field);
    // What makes its own room, or may be followed by more than was reserved, ends the run.
    if (typeof field.type !== 'string' || room(field.type, byName) === 0) flush();
  }
  flush();
  return text;
}

/** An expression that reads a value. */
function read(type: TypeRef, byName: ByName): string {
  const inner = nullable(type);
  if (inner !== null) return `r.index(2) === 0 ? null : ${read(inner, byName)}`;
  const items = arrayItems(type);
  if (items !== null) return `readArray(r, ${reader(items, byName)})`;
  if (type === 'json') return 'r.bytes()';
  const schema = byName.get(shortName(type as string));
  if (schema === undefined) return `r.${type as string}()`;
  if (schema.type === 'fixed') return `r.fixed(${schema.size})`;
  if (schema.type === 'enum') return `symbolAt(${symbols(schema.name)}, r)`;
  return `read${schema.name}(r)`;
}

function reader(type: TypeRef, byName: ByName): string {
  const schema = typeof type === 'string' ? byName.get(shortName(type)) : undefined;
  if (schema?.type === 'record') return `read${schema.name}`;
  return `(r) => ${read(type, byName)}`;
}

function symbols(name: string): string {
  return `${upperSnake(name)}_SYMBOLS`;
}

function recordCodec({ name, fields }: RecordSchema, byName: ByName): string {
  if (fields.length === 0) {
    return `const write${name}: BodyWriter = () => {};\nconst read${name} = (): t.${name} => EMPTY;\n`;
  }
  const reads = fields.map((field) => `    ${field.name}: ${read(field.type, byName)},\n`);
  return [
    `export function write${name}(w: Writer, v: t.${name}): void {\n${writeFields(fields, byName)}}\n`,
    `export function read${name}(r: Reader): t.${name} {\n  return {\n${reads.join('')}  };\n}\n`,
  ].join('\n');
}

/** A turn's entries are written and read by what the caller gives: whole, or passed over. */
function turnCodec({ fields }: RecordSchema, byName: ByName): string {
  const at = fields.findIndex((field) => field.name === 'entries');
  const reads = fields.map(
    (field, index) => `    ${field.name}: ${index === at ? 'entries(r)' : read(field.type, byName)},\n`,
  );
  return [
    '/** Writes a turn; `entries` writes its array of entries. */\n' +
      'export function writeTurn(w: Writer, v: t.TurnHeader, entries: (w: Writer) => void): void {\n' +
      `${writeFields(fields.slice(0, at), byName)}  entries(w);\n${writeFields(fields.slice(at + 1), byName)}}\n`,
    '/** Reads a turn; `entries` reads its array of entries, or passes over it. */\n' +
      'export function readTurn<T>(r: Reader, entries: (r: Reader) => T): t.TurnHeader & { readonly entries: T } {\n' +
      `  return {\n${reads.join('')}  };\n}\n`,
  ].join('\n');
}

const HELPERS = `/** Writes the body of one code. The table's values take the body that belongs to their code. */
export type BodyWriter = (w: Writer, body: never) => void;
export type BodyReader = (r: Reader) => object;

const EMPTY: Readonly<Record<string, never>> = Object.freeze({});

function symbol(symbols: readonly string[], value: string): number {
  const index = symbols.indexOf(value);
  if (index < 0) throw new CatalogueError('invalid-value', \`\${String(value)} is none of \${symbols.join(', ')}\`);
  return index;
}

function symbolAt<S extends string>(symbols: readonly S[], r: Reader): S {
  return symbols[r.index(symbols.length)] as S;
}

function readArray<T>(r: Reader, item: (r: Reader) => T): T[] {
  const items: T[] = [];
  for (let count = r.arrayCount(); count > 0; count = r.nextBlock()) {
    for (let i = 0; i < count; i++) items.push(item(r));
  }
  return items;
}
`;

function tables(all: readonly Numbered[]): string {
  const table = (name: string, type: string, verb: string) =>
    `/** By code. */\nexport const ${name}: ReadonlyMap<number, ${type}> = new Map<number, ${type}>([\n` +
    `${all.map((one) => `  [${one.code}, ${verb}${one.name}],\n`).join('')}]);\n`;
  return `${table('BODY_WRITERS', 'BodyWriter', 'write')}\n${table('BODY_READERS', 'BodyReader', 'read')}`;
}

/** The text of codec.ts: a writer and a reader per record, specialised by field (ADR 0001 says why). */
export function codecFile({ schemas, inputs, events, byName }: Catalogue): string {
  const parts = schemas.flatMap((schema) => {
    if (schema.type === 'fixed' || schema.name === 'Entry') return [];
    if (schema.type === 'enum') {
      return [`const ${symbols(schema.name)} = [${schema.symbols.map(quote).join(', ')}] as const;\n`];
    }
    return [schema.name === 'Turn' ? turnCodec(schema, byName) : recordCodec(schema, byName)];
  });
  return [
    HEADER,
    "import { CatalogueError } from '../error.js';\nimport type { Reader } from '../wire/reader.js';\n" +
      "import type { Writer } from '../wire/writer.js';\nimport type * as t from './types.js';\n",
    HELPERS,
    ...parts,
    tables([...inputs, ...events]),
  ].join('\n');
}

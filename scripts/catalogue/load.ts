import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';

/**
 * A type as it may stand in a field: a primitive or name, a nullable union, or an array. `json` stands for bytes with
 * the logical type of that name: user JSON.
 */
export type TypeRef = string | readonly ['null', TypeRef] | { readonly type: 'array'; readonly items: TypeRef };

export interface Field {
  readonly name: string;
  readonly type: TypeRef;
  readonly doc: string;
  readonly default?: null;
}

interface Named {
  readonly name: string;
  readonly namespace: string;
  readonly doc: string;
}
export type RecordSchema = Named & { readonly type: 'record'; readonly fields: readonly Field[] };
export type EnumSchema = Named & { readonly type: 'enum'; readonly symbols: readonly string[] };
export type FixedSchema = Named & { readonly type: 'fixed'; readonly size: number };
export type Schema = RecordSchema | EnumSchema | FixedSchema;

/** One numbered input or event version. */
export interface Numbered {
  /** Name of its record: `SubmitDag` for `SubmitDag@1`, `SubmitDagV2` for `SubmitDag@2`. */
  readonly name: string;
  readonly code: number;
  readonly topic: string;
  readonly schema: RecordSchema;
}

export interface Catalogue {
  /** Every schema, each after those that it names. */
  readonly schemas: readonly Schema[];
  readonly inputs: readonly Numbered[];
  readonly events: readonly Numbered[];
  /** The closed sets of codes.json, e.g. `jobStates -> { waiting: 1, … }`. */
  readonly sets: ReadonlyMap<string, Readonly<Record<string, number>>>;
  readonly byName: ReadonlyMap<string, Schema>;
  /** The schemas as they stand in their files, by name. */
  readonly originals: ReadonlyMap<string, Schema>;
}

export const PRIMITIVES: ReadonlySet<string> = new Set(['null', 'boolean', 'int', 'long', 'bytes', 'json', 'string']);

/** The catalogue's namespace without its last dot, stripped off every reference. */
export function shortName(name: string): string {
  return name.slice(name.lastIndexOf('.') + 1);
}

/** Names of the schemas that a type refers to. */
export function namesIn(type: TypeRef): string[] {
  if (typeof type === 'string') return PRIMITIVES.has(type) ? [] : [shortName(type)];
  if (Array.isArray(type)) return (type as readonly TypeRef[]).flatMap(namesIn);
  return namesIn((type as { readonly items: TypeRef }).items);
}

function refuse(what: string): never {
  throw new Error(`schemas: ${what}`);
}

/** Checks and simplifies a field's type; maps, floats and general unions are not part of the encoding (ADR 0001). */
function typeRef(where: string, type: unknown): TypeRef {
  if (typeof type === 'string') {
    if (type === 'json' || type === 'float' || type === 'double') refuse(`${where}: ${type} is not used`);
    return type;
  }
  if (Array.isArray(type)) {
    if (type.length !== 2 || type[0] !== 'null' || type[1] === 'null') refuse(`${where}: only ["null", T] unions`);
    return ['null', typeRef(where, type[1])];
  }
  const { type: base, logicalType, items } = type as { type: string; logicalType?: string; items?: unknown };
  if (base === 'bytes' && logicalType === 'json') return 'json';
  if (base !== 'array') refuse(`${where}: ${base} is not used in the catalogue`);
  return { type: 'array', items: typeRef(where, items) };
}

function simplified(file: string, schema: Schema): Schema {
  if (schema.type !== 'record') return schema;
  const fields = schema.fields.map((field) => ({ ...field, type: typeRef(`${file}: ${field.name}`, field.type) }));
  return { ...schema, fields };
}

function checkSchema(file: string, schema: Schema): void {
  if (!file.endsWith(`/${schema.name}.avsc`) && file !== `${schema.name}.avsc`)
    refuse(`${file} defines ${schema.name}`);
  if (!schema.doc) refuse(`${file} has no doc`);
  if (schema.type !== 'record') return;
  for (const field of schema.fields) {
    if (!field.doc) refuse(`${file}: ${field.name} has no doc`);
    if (Array.isArray(field.type) !== 'default' in field) refuse(`${file}: ${field.name}: default null iff nullable`);
  }
}

/** Paths below `root` that end in `.avsc`, in byte order. */
function schemaFiles(root: string): string[] {
  return readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.avsc'))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)).replaceAll('\\', '/'))
    .sort();
}

/** Orders schemas so that each comes after those that it refers to; ties keep their order. */
function inDependencyOrder(schemas: readonly Schema[], byName: ReadonlyMap<string, Schema>): Schema[] {
  const done = new Set<string>();
  const ordered: Schema[] = [];
  const visit = (schema: Schema, path: readonly string[]): void => {
    if (done.has(schema.name)) return;
    if (path.includes(schema.name)) refuse(`${schema.name} contains itself`);
    if (schema.type === 'record') {
      for (const name of schema.fields.flatMap((field) => namesIn(field.type))) {
        visit(byName.get(name) ?? refuse(`${schema.name} names unknown ${name}`), [...path, schema.name]);
      }
    }
    done.add(schema.name);
    ordered.push(schema);
  };
  for (const schema of schemas) visit(schema, []);
  return ordered;
}

type CodesJson = Record<'inputs' | 'events', Record<string, { code: number; topic: string }>> & Record<string, unknown>;

function numbered(entries: CodesJson['inputs'], byName: ReadonlyMap<string, Schema>): Numbered[] {
  return Object.entries(entries).map(([key, { code, topic }]) => {
    const [base = '', version] = key.split('@');
    const name = version === '1' ? base : `${base}V${version}`;
    const schema = byName.get(name);
    if (schema?.type !== 'record') refuse(`codes.json: ${key} has no schema ${name}`);
    return { name, code, topic, schema };
  });
}

/** Reads and checks the whole catalogue below `root` (the `schemas/` folder). */
export function loadCatalogue(root: string): Catalogue {
  const byName = new Map<string, Schema>();
  const originals = new Map<string, Schema>();
  const kinds = new Map<string, string[]>();
  for (const file of schemaFiles(root)) {
    const original = JSON.parse(readFileSync(join(root, file), 'utf8')) as Schema;
    checkSchema(file, original);
    const schema = simplified(file, original);
    originals.set(schema.name, original);
    if (byName.has(schema.name)) refuse(`${schema.name} is defined twice`);
    byName.set(schema.name, schema);
    const kind = file.split('/')[0] ?? '';
    kinds.set(kind, [...(kinds.get(kind) ?? []), schema.name]);
  }
  const json = JSON.parse(readFileSync(join(root, 'codes.json'), 'utf8')) as CodesJson;
  const { inputs: inputCodes, events: eventCodes, comment: _comment, ...sets } = json;
  const inputs = numbered(inputCodes, byName);
  const events = numbered(eventCodes, byName);
  const withCode = new Set([...inputs, ...events].map((one) => one.name));
  for (const name of [...(kinds.get('inputs') ?? []), ...(kinds.get('events') ?? [])]) {
    if (!withCode.has(name)) refuse(`codes.json: ${name} has no number`);
  }
  const codes = [...inputs, ...events].map((one) => one.code);
  if (new Set(codes).size !== codes.length) refuse('codes.json: a number is used twice');
  return {
    schemas: inDependencyOrder([...byName.values()], byName),
    inputs,
    events,
    sets: new Map(Object.entries(sets as Record<string, Record<string, number>>)),
    byName,
    originals,
  };
}

import { type Catalogue, type Numbered, type Schema, shortName, type TypeRef } from './load.js';
import { docComment, HEADER, quote, unionType } from './text.js';

const TS_PRIMITIVES: Readonly<Record<string, string>> = {
  null: 'null',
  boolean: 'boolean',
  int: 'number',
  long: 'number',
  bytes: 'Uint8Array',
  json: 'Uint8Array',
  string: 'string',
};

/** The TypeScript type of a field. */
export function tsType(type: TypeRef): string {
  if (typeof type === 'string') return TS_PRIMITIVES[type] ?? shortName(type);
  if (Array.isArray(type)) return `${tsType(type[1] as TypeRef)} | null`;
  const items = tsType((type as { readonly items: TypeRef }).items);
  return items.includes('|') ? `readonly (${items})[]` : `readonly ${items}[]`;
}

function declaration(schema: Schema): string {
  if (schema.type === 'fixed') {
    return `${docComment(`${schema.doc} ${schema.size} bytes.`)}export type ${schema.name} = Uint8Array;\n`;
  }
  if (schema.type === 'enum') return docComment(schema.doc) + unionType(schema.name, schema.symbols.map(quote));
  if (schema.fields.length === 0) {
    return `${docComment(schema.doc)}export type ${schema.name} = Readonly<Record<string, never>>;\n`;
  }
  const fields = schema.fields.map(
    (field) => `${docComment(field.doc, '  ')}  readonly ${field.name}: ${tsType(field.type)};\n`,
  );
  return `${docComment(schema.doc)}export interface ${schema.name} {\n${fields.join('')}}\n`;
}

function bodies(name: string, doc: string, all: readonly Numbered[]): string {
  const fields = all.map((one) => `  readonly ${one.name}: ${one.name};\n`);
  return `${docComment(doc)}export interface ${name} {\n${fields.join('')}}\n`;
}

const ENTRY_OF = `/** The input or event of a number. */
export type EntryOf<C extends AnyEntry['code']> = Extract<AnyEntry, { readonly code: C }>;

/** The body of an input or event by its number. */
export type BodyOf<C extends AnyEntry['code']> = EntryOf<C>['body'];
`;

const TURN_RECORD = `/** A turn whose entries are decoded; the cause of an input is its own index in \`entries\`, so it isn't repeated. */
export type TurnRecord = Omit<Turn, 'entries'> & { readonly entries: readonly AnyEntry[] };

/** A turn without its entries: what the reader's rule and an index need. */
export type TurnHeader = Omit<Turn, 'entries'>;
`;

/** The text of types.ts: one type per schema, and the unions of all entries. */
export function typesFile({ schemas, inputs, events }: Catalogue): string {
  const inputEntries = inputs.map(
    (one) =>
      `{ readonly code: ${one.code}; readonly envelope: Envelope; readonly body: ${one.name}; readonly encoded?: Uint8Array }`,
  );
  const eventEntries = events.map(
    (one) => `{ readonly code: ${one.code}; readonly cause: number; readonly body: ${one.name} }`,
  );
  return [
    HEADER,
    ...schemas.map(declaration),
    bodies('InputBodies', 'The body of each input, by name.', inputs),
    bodies('EventBodies', 'The body of each event, by name.', events),
    docComment('One input: its number, what came with it, and its body.') + unionType('InputEntry', inputEntries),
    docComment('One event: its number, the entry or the mechanism that caused it, and its body.') +
      unionType('EventEntry', eventEntries),
    `${docComment('What a turn is made of.')}export type AnyEntry = InputEntry | EventEntry;\n`,
    ENTRY_OF,
    TURN_RECORD,
    "export type InputCode = InputEntry['code'];\nexport type EventCode = EventEntry['code'];\n" +
      'export type InputName = keyof InputBodies;\nexport type EventName = keyof EventBodies;\n',
  ].join('\n');
}

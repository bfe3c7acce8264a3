import type { Catalogue, Field, Numbered, Schema, TypeRef } from '../catalogue/load.js';
import { namesIn } from '../catalogue/load.js';
import { table } from '../lib/markdown.js';

const MADE = 'Made from `schemas/` by `npm run generate`.';

/** The pages of docs/reference/, by their paths. */
export function referencePages(catalogue: Catalogue): ReadonlyMap<string, string> {
  return new Map([
    ['docs/reference/README.md', overview(catalogue)],
    ['docs/reference/inputs.md', numberedPage('Inputs', INPUTS, catalogue.inputs, catalogue)],
    ['docs/reference/events.md', numberedPage('Events', EVENTS, catalogue.events, catalogue)],
    ['docs/reference/types.md', typesPage(catalogue)],
    ['docs/reference/codes.md', codesPage(catalogue)],
  ]);
}

const INPUTS = `What producers, executors and operators send; imperative. Each stands in the journal with its envelope, and leads to at
least one event: a refusal is \`InputRefused\`. ${MADE}`;

const EVENTS = `What the kernel decided; past tense. State is these, folded. An event doesn't repeat what stands in the input that caused
it. ${MADE}`;

function overview({ inputs, events, sets }: Catalogue): string {
  const rows = [
    ['[inputs.md](inputs.md)', `the ${inputs.length} inputs: what is sent`],
    ['[events.md](events.md)', `the ${events.length} events: what was decided`],
    ['[types.md](types.md)', 'the records that these are made of, the envelope and the turn'],
    ['[codes.md](codes.md)', `the ${sets.size} closed sets that are compared as numbers`],
    ['[../errors/](../errors/README.md)', 'every code of an error or a refusal, with what to do about it'],
    ['[../cli.md](../cli.md)', 'every command'],
    ['[../../schemas/README.md](../../schemas/README.md)', 'how all of it is encoded'],
  ];
  return ['# Reference\n', `${MADE}\n`, table(['page', 'what'], rows)].join('\n');
}

function numberedPage(title: string, about: string, all: readonly Numbered[], catalogue: Catalogue): string {
  const rows = all.map(({ name, code, topic, schema }) => [link(name), String(code), topic, schema.doc]);
  const sections = all.map(({ name, code, topic, schema }) => {
    return section(name, `Number ${code}, topic \`${topic}\`. ${schema.doc}`, schema, catalogue);
  });
  return [`# ${title}\n`, `${about}\n`, table(['name', 'number', 'topic', 'what'], rows), ...sections].join('\n');
}

function typesPage(catalogue: Catalogue): string {
  const numbered = new Set([...catalogue.inputs, ...catalogue.events].map(({ name }) => name));
  const others = catalogue.schemas.filter(({ name }) => !numbered.has(name)).sort(byName);
  const sections = others.map((schema) => section(schema.name, schema.doc, schema, catalogue));
  return [
    '# Types\n',
    `The records, enums and fixed bytes that inputs, events and turns are made of. ${MADE}\n`,
    ...sections,
  ].join('\n');
}

function codesPage({ sets }: Catalogue): string {
  const sections = [...sets].map(([name, members]) => {
    const rows = Object.entries(members).map(([member, code]) => [`\`${member}\``, String(code)]);
    return [`## ${name}\n`, table(['name', 'number'], rows)].join('\n');
  });
  return [
    '# Codes\n',
    `Closed sets that are compared as numbers. A number is never used again. Those of inputs and events stand on their own
pages. ${MADE}\n`,
    ...sections,
  ].join('\n');
}

function section(name: string, about: string, schema: Schema, catalogue: Catalogue): string {
  return [`## ${name}\n`, `${about}\n`, bodyOf(schema, catalogue)].join('\n');
}

function bodyOf(schema: Schema, catalogue: Catalogue): string {
  if (schema.type === 'enum') return `${schema.symbols.map((symbol) => `\`${symbol}\``).join(', ')}\n`;
  if (schema.type === 'fixed') return `${schema.size} bytes.\n`;
  if (schema.fields.length === 0) return 'No fields.\n';
  const rows = schema.fields.map((field) => [`\`${field.name}\``, typeText(field, catalogue), field.doc]);
  return table(['field', 'type', 'what'], rows);
}

/** A field's type, with links to the records that it names. */
function typeText({ type }: Field, catalogue: Catalogue): string {
  const text = plainType(type);
  return namesIn(type).reduce((linked, name) => {
    const isNumbered = [...catalogue.inputs, ...catalogue.events].some((one) => one.name === name);
    return isNumbered ? linked : linked.replace(name, `[${name}](types.md#${name.toLowerCase()})`);
  }, text);
}

function plainType(type: TypeRef): string {
  if (typeof type === 'string') return type.slice(type.lastIndexOf('.') + 1);
  if (Array.isArray(type)) return `${plainType(type[1] as TypeRef)} or null`;
  return `list of ${plainType((type as { readonly items: TypeRef }).items)}`;
}

function link(name: string): string {
  return `[${name}](#${name.toLowerCase()})`;
}

function byName(a: Schema, b: Schema): number {
  return a.name < b.name ? -1 : 1;
}

import type { Catalogue, Numbered } from './load.js';
import { fingerprint } from './schemas.js';
import { docComment, HEADER, quote, setName, unionType, upperSnake } from './text.js';

function constObject(name: string, doc: string, values: Readonly<Record<string, number>>): string {
  const lines = Object.entries(values).map(([key, value]) => `  ${key}: ${value},\n`);
  return `${docComment(doc)}export const ${name} = {\n${lines.join('')}} as const;\n`;
}

function namesTable(name: string, doc: string, values: Readonly<Record<string, number>>): string {
  const lines = Object.entries(values).map(([key, value]) => `  [${value}, ${quote(key)}],\n`);
  return `${docComment(doc)}export const ${name}: ReadonlyMap<number, string> = new Map([\n${lines.join('')}]);\n`;
}

function closedSet(key: string, values: Readonly<Record<string, number>>): string {
  const name = setName(key);
  return [
    constObject(name, `Numbers of ${key} in codes.json.`, values),
    `export type ${name} = (typeof ${name})[keyof typeof ${name}];\n`,
    namesTable(`${upperSnake(name)}_NAMES`, `The name of each number of ${name}.`, values),
  ].join('');
}

function byCode(all: readonly Numbered[]): Record<string, number> {
  return Object.fromEntries(all.map((one) => [one.name, one.code]));
}

function topics(all: readonly Numbered[]): string {
  const lines = all.map((one) => `  [${one.code}, ${quote(one.topic)}],\n`);
  return `const TOPICS: ReadonlyMap<number, Topic> = new Map<number, Topic>([\n${lines.join('')}]);\n`;
}

/** An array, because it is asked for every entry that is read or written. */
function inputTable(inputs: readonly Numbered[], events: readonly Numbered[]): string {
  const last = Math.max(...[...inputs, ...events].map((one) => one.code));
  const codes = inputs.map((one) => one.code);
  return (
    `const INPUTS: readonly boolean[] = Array.from({ length: ${last + 1} }, (_, code) =>\n` +
    `  [${codes.join(', ')}].includes(code),\n);\n`
  );
}

const FUNCTIONS = `/** The topic to which an entry belongs, without its namespace. Throws RangeError for an unknown number. */
export function topicOf(code: number): Topic {
  const topic = TOPICS.get(code);
  if (topic === undefined) throw new RangeError(\`no entry has the number \${code}\`);
  return topic;
}

/** Whether it is the number of an input. */
export function isInputCode(code: number): code is InputCode {
  return INPUTS[code] === true;
}

/** Whether it is the number of an event. */
export function isEventCode(code: number): code is EventCode {
  return TOPICS.has(code) && INPUTS[code] !== true;
}

/** The name of an entry's number, such as \`SubmitDag\`. Throws RangeError for an unknown number. */
export function nameOf(code: number): InputName | EventName {
  const name = CODE_NAMES.get(code);
  if (name === undefined) throw new RangeError(\`no entry has the number \${code}\`);
  return name as InputName | EventName;
}
`;

const FINGERPRINT = 'First 8 bytes of the SHA-256 of the canonical rendering of all schemas and codes, in hexadecimal.';

/** The text of codes.ts: the numbers of codes.json as constants, tables from number to name and topic, the fingerprint. */
export function codesFile(catalogue: Catalogue): string {
  const { inputs, events, sets } = catalogue;
  const all = [...inputs, ...events];
  const topicNames = [...new Set(all.map((one) => one.topic))];
  return [
    HEADER,
    "import type { EventCode, EventName, InputCode, InputName } from './types.js';\n",
    `${docComment(FINGERPRINT)}export const CATALOGUE_FINGERPRINT = ${quote(fingerprint(catalogue))};\n`,
    constObject('Code', 'Numbers of all inputs and events.', byCode(all)),
    namesTable('CODE_NAMES', 'The name of each input and event.', byCode(all)),
    docComment('Topics, without their namespace.') + unionType('Topic', topicNames.map(quote)),
    topics(all),
    inputTable(inputs, events),
    FUNCTIONS,
    ...[...sets].map(([key, values]) => closedSet(key, values)),
  ].join('\n');
}

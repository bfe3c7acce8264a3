import type { Finding, Source } from './source.js';

type Entries = Readonly<Record<string, { readonly code: number; readonly topic?: string | null }>>;

interface Codes {
  readonly inputs: Entries;
  readonly events: Entries;
}

/** Every event of codes.json has its line in the table of src/kernel/evolve: `DagAccepted: dags.dagAccepted,`. */
export function eventsWithoutApplier(sources: readonly Source[]): Finding[] {
  const evolve = joined(sources, /^src\/kernel\/evolve(\/|\.ts$)/);
  return names(sources, 'events')
    .filter((name) => !new RegExp(`^ +${name}: [\\w.]+,$`, 'm').test(evolve))
    .map((name) => `${name}: no applier in src/kernel/evolve stands for it`);
}

/** Every input of codes.json is decided upon in src/kernel/decide. */
export function inputsWithoutDecision(sources: readonly Source[]): Finding[] {
  const decide = joined(sources, /^src\/kernel\/decide(\/|\.ts$)/);
  return names(sources, 'inputs')
    .filter((name) => !new RegExp(`\\bCode\\.${name}\\b`).test(decide))
    .map((name) => `${name}: nothing in src/kernel/decide names Code.${name}`);
}

/** Every input arrives on a topic and every event is published on one; '' says that it deliberately is on none. */
export function codesWithoutTopic(sources: readonly Source[]): Finding[] {
  const codes = readCodes(sources);
  return Object.entries({ ...codes.inputs, ...codes.events })
    .filter(([, entry]) => entry.topic === undefined)
    .map(([name]) => `${name}: codes.json names no topic`);
}

/** Every input and event is named in a test outside this folder. */
export function codesWithoutTest(sources: readonly Source[]): Finding[] {
  const tests = joined(sources, /^test\/(?!architecture\/)/);
  return [...names(sources, 'inputs'), ...names(sources, 'events')]
    .filter((name) => !new RegExp(`\\b${name}\\b`).test(tests))
    .map((name) => `${name}: no test names it`);
}

function names(sources: readonly Source[], kind: keyof Codes): string[] {
  return Object.keys(readCodes(sources)[kind]).map((versioned) => codeName(versioned));
}

function readCodes(sources: readonly Source[]): Codes {
  const file = sources.find(({ path }) => path === 'schemas/codes.json');
  if (file === undefined) throw new Error('schemas/codes.json is missing');
  return JSON.parse(file.text) as Codes;
}

/** `DagAccepted@1` is `Code.DagAccepted`; a later version is `Code.DagAcceptedV2`. */
function codeName(versioned: string): string {
  const [name = '', version = '1'] = versioned.split('@');
  return version === '1' ? name : `${name}V${version}`;
}

function joined(sources: readonly Source[], path: RegExp): string {
  return sources
    .filter((source) => path.test(source.path))
    .map((source) => source.text)
    .join('\n');
}

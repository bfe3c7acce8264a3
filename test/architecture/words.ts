import { Visitor } from 'oxc-parser';
import { at, type Finding, isCode, parse, type Source } from './source.js';

/** Nouns that docs/glossary.md replaces: what to say instead. */
const REPLACED: Readonly<Record<string, string>> = {
  workflow: 'dag',
  task: 'job',
  step: 'job, or turn',
  worker: 'executor',
  queue: 'flow, inbox, or frontier',
};

/** Names that other people chose, or that mean something else than our noun; each with its reason. */
const ALLOWED_NAMES: ReadonlyMap<string, string> = new Map([
  ['createWorker', 'tesseract.js'],
  ['GlobalWorkerOptions', 'pdfjs-dist'],
  ['workerSrc', 'pdfjs-dist'],
  ['workerPath', 'tesseract.js'],
  ['workerData', 'node:worker_threads'],
  ['Worker', 'node:worker_threads and tesseract.js'],
  ['workerThreads', 'node:worker_threads'],
  ['worker_threads', 'node:worker_threads'],
  ['maxWorkers', 'vitest'],
  ['queueMicrotask', 'the language'],
  ['step', 'alone: by how much a loop or a clock moves on'],
  ['onTestModuleQueued', 'vitest'],
]);

/** Prose in which a replaced word is right; each with its reason. */
const ALLOWED_PROSE: readonly { readonly path: RegExp; readonly word: RegExp; readonly reason: string }[] = [
  { path: /^docs\/glossary\.md$/, word: /./, reason: 'says which words are not used' },
  { path: /^CONTRIBUTING\.md$/, word: /./, reason: 'says which words are not used' },
  { path: /^docs\/coming-from\.md$/, word: /./, reason: 'says what these words of other systems are here' },
  { path: /^docs\/adr\//, word: /queue|step/, reason: 'decisions compare data structures and other systems' },
  {
    path: /./,
    word: /^(queues?|steps?|queued)$/,
    reason: 'in prose these are ordinary words (a bounded queue, step by step)',
  },
];

/** Identifiers, file names and schema names that use a replaced noun. */
export function replacedNames(source: Source): Finding[] {
  const findings = wordIn(fileName(source.path)).map((word) => `${source.path}: say ${REPLACED[word]}, not ${word}`);
  if (!isCode(source) || source.path.startsWith('test/architecture/')) return findings;
  const seen = new Set<string>();
  // A test goes step by step: there it is no noun of the fabric.
  const refused = (word: string): boolean => word !== 'step' || !source.path.startsWith('test/');
  const check = (node: { name: string; start: number }): void => {
    if (seen.has(node.name) || ALLOWED_NAMES.has(node.name)) return;
    seen.add(node.name);
    for (const word of wordIn(node.name).filter(refused)) {
      findings.push(at(source, node.start, `${node.name}: say ${REPLACED[word]}, not ${word}`));
    }
  };
  new Visitor({ Identifier: check, PrivateIdentifier: check }).visit(parse(source).program);
  return findings;
}

/** Replaced nouns in what people read: Markdown outside code, and the schemas. */
export function replacedProse(source: Source): Finding[] {
  if (!/\.(md|avsc)$/.test(source.path)) return [];
  const prose = source.text.replace(/```[\s\S]*?```|`[^`\n]*`/g, (code) => code.replace(/[^\n]/g, ' '));
  const findings: Finding[] = [];
  for (const match of prose.matchAll(/\b(workflows?|tasks?|steps?|workers?|queues?|queued)\b/gi)) {
    const word = match[0].toLowerCase();
    const allowed = ALLOWED_PROSE.some((entry) => entry.path.test(source.path) && entry.word.test(word));
    const noun = word.replace(/(s|d)$/, '');
    if (!allowed) findings.push(at(source, match.index, `${match[0]}: say ${REPLACED[noun]}`));
  }
  return findings;
}

function fileName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1).replace(/\.[a-z]+$/, '');
}

/** The replaced nouns among the words of a camelCase, kebab-case or UPPER_CASE name. */
function wordIn(name: string): string[] {
  const words = name
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z]+/)
    .map((word) => word.replace(/s$/, ''));
  return words.filter((word) => Object.hasOwn(REPLACED, word));
}

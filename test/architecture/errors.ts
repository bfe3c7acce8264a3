import type { Finding, Source } from './source.js';

type Errors = Readonly<Record<string, unknown>>;

/** Where the program gives an error, a refusal or a problem its code. */
const GIVEN = [
  /\b(?:problem|say)\(\s*'([a-z-]+)'/g,
  /new CliError\(\s*Exit\.\w+,\s*'([a-z-]+)'/g,
  /new (?:Refusal|Wrong|KafkaFault|JournalError|StoreError|CatalogueError)\(\s*'([a-z-]+)'/g,
  /readonly code = '([a-z-]+)'/g,
];

/** Folders whose codes people meet; `replay/` and the commands speak in the same codes. */
const SPEAKS = /^(?:src|replay)\//;

/** Codes of errors that the program gives out and errors.json doesn't have. */
export function codesWithoutMeaning(sources: readonly Source[]): Finding[] {
  const errors = readErrors(sources);
  return sources
    .filter(({ path }) => SPEAKS.test(path) && path.endsWith('.ts'))
    .flatMap(({ path, text }) =>
      GIVEN.flatMap((form) => [...text.matchAll(form)].map((found) => found[1] as string))
        .filter((code) => !Object.hasOwn(errors, code))
        .map((code) => `${path}: ${code} isn't in schemas/errors.json`),
    );
}

/** What the check of topics says; it comes with the command that makes them. */
const COMES_WITH_KAFKA = 'kafka-unsafe';

/** Codes that nothing in the program names. */
export function codesWithoutUse(sources: readonly Source[]): Finding[] {
  const program = sources
    .filter(({ path }) => SPEAKS.test(path) && !path.startsWith('src/catalogue/generated/'))
    .map(({ text }) => text)
    .join('\n');
  return Object.keys(readErrors(sources))
    .filter((code) => code !== COMES_WITH_KAFKA && !program.includes(`'${code}'`))
    .map((code) => `${code}: nothing in the program names it`);
}

/** Every code has a page, and every page a code. */
export function codesWithoutPage(sources: readonly Source[]): Finding[] {
  const pages = sources.filter(({ path }) => /^docs\/errors\/(?!README)/.test(path)).map(({ path }) => path);
  const expected = Object.keys(readErrors(sources)).map((code) => `docs/errors/${code}.md`);
  return [
    ...expected.filter((path) => !pages.includes(path)).map((path) => `${path}: there is no such page`),
    ...pages.filter((path) => !expected.includes(path)).map((path) => `${path}: the page of no code`),
  ];
}

function readErrors(sources: readonly Source[]): Errors {
  const file = sources.find(({ path }) => path === 'schemas/errors.json');
  if (file === undefined) throw new Error('schemas/errors.json is missing');
  return JSON.parse(file.text) as Errors;
}

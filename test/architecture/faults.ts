/** The list of faults in docs/faults.md: what it names as evidence must be there. */
import { SITUATIONS } from '../simulation/met.js';
import type { Finding, Source } from './source.js';

/** Faults and invariants of the list, in order. */
export const NUMBERS: readonly string[] = [
  ...Array.from({ length: 30 }, (_, i) => String(i + 1)),
  ...Array.from({ length: 13 }, (_, i) => `I${i + 1}`),
];

/** What the page has no test for, in the order of the list. Each one more is a decision. */
export const NOT_SHOWN: readonly string[] = [];

const ROW = /^\| (I?\d+) \| .+? \| (.+) \|$/;
const EVIDENCE = /`([^`:]+): ([^`]*)`/g;

/** A row of the page: a fault or an invariant, and what shows it. */
export interface FaultRow {
  readonly number: string;
  readonly shownBy: string;
}

/** The rows of the page. */
export function rowsOf(page: string): FaultRow[] {
  return page.split('\n').flatMap((line) => {
    const row = ROW.exec(line);
    return row === null ? [] : [{ number: row[1]!, shownBy: row[2]! }];
  });
}

/** Evidence of a row that isn't there; a row without any is a finding too, unless it says that nothing shows it yet. */
export function missingEvidence({ number, shownBy }: FaultRow, sources: readonly Source[]): Finding[] {
  const named = [...shownBy.matchAll(EVIDENCE)].map((match) => ({ place: match[1]!, words: match[2]! }));
  if (named.length === 0) return shownBy.startsWith('not shown yet: ') ? [] : [`${number}: nothing shows it`];
  return named
    .filter((one) => !isThere(one, sources))
    .map(({ place, words }) => `${number}: no "${words}" in ${place}`);
}

function isThere(
  { place, words }: { readonly place: string; readonly words: string },
  sources: readonly Source[],
): boolean {
  if (place === 'simulation') return words in SITUATIONS;
  const paths = [`test/${place}.test.ts`, `test/${place}.ts`];
  return sources.some(({ path, text }) => paths.includes(path) && text.includes(words));
}

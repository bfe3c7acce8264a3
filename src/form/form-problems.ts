/** What is wrong with the form of a file that people write, in words and with places. */
import type { FormProblem } from './form-error.js';
import { type Issue, isSaid, issueText } from './issue-text.js';

/** How a place is written. */
export type WritePlace = (path: readonly PropertyKey[]) => string;

/** Problems of the form. Where a value may be one of several things, those of what it most likely was meant to be. */
export function formProblems(issues: readonly Issue[], place: WritePlace = dotted): readonly FormProblem[] {
  const problems = issues.flatMap((issue) => problemsOf(issue, place));
  // A bound that is the form's and one that is of the kind of number may be the same.
  const seen = new Set<string>();
  return problems.filter(({ path, detail }) => seen.size < seen.add(`${path} ${detail}`).size);
}

function problemsOf(issue: Issue, place: WritePlace): readonly FormProblem[] {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({ path: place([...issue.path, key]), detail: 'no such field' }));
  }
  const meant = issue.code === 'invalid_union' ? likeliest(issue.errors, isSaid(issue)) : null;
  if (meant === null) return [{ path: place(issue.path), detail: issueText(issue) }];
  return formProblems(meant, (path) => place([...issue.path, ...path]));
}

/**
 * The alternative with the fewest problems; null when nothing is known of any, or when the value is of none of their
 * kinds and the schema itself says what it has to be.
 */
function likeliest(alternatives: readonly (readonly Issue[])[], hasWords: boolean): readonly Issue[] | null {
  const inside = alternatives.filter((issues) => issues.some(({ code, path }) => path.length > 0 || code === 'custom'));
  if (inside.length === 0 && hasWords) return null;
  const candidates = inside.length > 0 ? inside : alternatives;
  return candidates.reduce<readonly Issue[] | null>(
    (best, issues) => (best === null || weightOf(issues) < weightOf(best) ? issues : best),
    null,
  );
}

function weightOf(issues: readonly Issue[]): number {
  return issues.reduce((sum, issue) => sum + (issue.code === 'unrecognized_keys' ? issue.keys.length : 1), 0);
}

/** Members joined by dots: as people write places in YAML. */
function dotted(path: readonly PropertyKey[]): string {
  return path.map(String).join('.');
}

/** A JSON pointer. */
export function slashed(path: readonly PropertyKey[]): string {
  return path.map((part) => `/${String(part)}`).join('');
}

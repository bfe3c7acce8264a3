/** What is wrong with a plan, in words and with places. */
import { type Issue, issueText } from './issue-text.js';

/** One thing that is wrong, and where: the members on the way to it, joined by dots. */
export interface PlanProblem {
  readonly path: string;
  readonly detail: string;
}

/** A plan that can't be used; every problem with its place. */
export class PlanError extends Error {
  override readonly name = 'PlanError';
  readonly code = 'plan-invalid';
  constructor(readonly problems: readonly PlanProblem[]) {
    super(problems.map(({ path, detail }) => `${path}: ${detail}`).join('; '));
  }
}

/** Problems of the form. Where a value may be one of several things, those of what it most likely was meant to be. */
export function formProblems(issues: readonly Issue[], above: readonly PropertyKey[] = []): readonly PlanProblem[] {
  return issues.flatMap((issue) => {
    const path = [...above, ...issue.path];
    if (issue.code === 'unrecognized_keys') {
      return issue.keys.map((key) => ({ path: placeOf([...path, key]), detail: 'no such field' }));
    }
    const isSaid = issue.message !== UNSAID;
    const meant = issue.code === 'invalid_union' ? likeliest(issue.errors, isSaid) : null;
    return meant === null ? [{ path: placeOf(path), detail: issueText(issue) }] : formProblems(meant, path);
  });
}

/** What an issue says when its schema has no words of its own. */
const UNSAID = 'Invalid input';

/**
 * The alternative with the fewest problems; null when nothing is known of any, or when the value is of none of their
 * kinds and the schema itself says what it has to be.
 */
function likeliest(alternatives: readonly (readonly Issue[])[], isSaid: boolean): readonly Issue[] | null {
  const inside = alternatives.filter((issues) => issues.some(({ code, path }) => path.length > 0 || code === 'custom'));
  if (inside.length === 0 && isSaid) return null;
  const candidates = inside.length > 0 ? inside : alternatives;
  return candidates.reduce<readonly Issue[] | null>(
    (best, issues) => (best === null || weightOf(issues) < weightOf(best) ? issues : best),
    null,
  );
}

function weightOf(issues: readonly Issue[]): number {
  return issues.reduce((sum, issue) => sum + (issue.code === 'unrecognized_keys' ? issue.keys.length : 1), 0);
}

function placeOf(path: readonly PropertyKey[]): string {
  return path.map(String).join('.');
}

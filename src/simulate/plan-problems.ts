/** What is wrong with a plan, in words and with places. */
import type { z } from 'zod';

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

type Issue = z.core.$ZodIssue;

/** Problems of the form. Where a value may be one of several things, those of what it most likely was meant to be. */
export function formProblems(issues: readonly Issue[], above: readonly PropertyKey[] = []): readonly PlanProblem[] {
  return issues.flatMap((issue) => {
    const path = [...above, ...issue.path];
    if (issue.code === 'unrecognized_keys') {
      return issue.keys.map((key) => ({ path: placeOf([...path, key]), detail: 'no such field' }));
    }
    const meant = issue.code === 'invalid_union' ? likeliest(issue.errors) : null;
    return meant === null ? [{ path: placeOf(path), detail: issue.message }] : formProblems(meant, path);
  });
}

/** The alternative with the fewest problems; null when nothing is known of any, or none of them is an object. */
function likeliest(alternatives: readonly (readonly Issue[])[]): readonly Issue[] | null {
  const inside = alternatives.filter((issues) => issues.some(({ code, path }) => path.length > 0 || code === 'custom'));
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

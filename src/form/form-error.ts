/** One thing that is wrong, and where: the members on the way to it. */
export interface FormProblem {
  readonly path: string;
  readonly detail: string;
  /** Line of the file that it is at, counted from 1; absent where that is not known. */
  readonly line?: number;
}

/** A problem as people read it, its place first. */
export function problemText({ path, detail, line }: FormProblem): string {
  const places = [...(line === undefined ? [] : [`line ${line}`]), ...(path === '' ? [] : [path])];
  return places.length === 0 ? detail : `${places.join(', ')}: ${detail}`;
}

/** A file of people's that can't be used; every problem with its place. */
export abstract class FormError extends Error {
  abstract readonly code: string;
  constructor(
    readonly problems: readonly FormProblem[],
    prefix = '',
  ) {
    super(prefix + problems.map(problemText).join('; '));
  }
}

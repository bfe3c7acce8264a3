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

/** Problems that are listed at most: of a large file they may be as many as its jobs. */
const LISTED = 100;

/** A file of people's that can't be used; problems with their places. */
export abstract class FormError extends Error {
  abstract readonly code: string;
  readonly problems: readonly FormProblem[];
  constructor(problems: readonly FormProblem[], prefix = '') {
    const more = problems.length - LISTED;
    const listed = more > 0 ? [...problems.slice(0, LISTED), { path: '', detail: `and ${more} more` }] : problems;
    super(prefix + listed.map(problemText).join('; '));
    this.problems = listed;
  }
}

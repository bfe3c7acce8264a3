/** One thing that is wrong, and where: the members on the way to it. */
export interface FormProblem {
  readonly path: string;
  readonly detail: string;
}

/** A file of people's that can't be used; every problem with its place. */
export abstract class FormError extends Error {
  abstract readonly code: string;
  constructor(
    readonly problems: readonly FormProblem[],
    prefix = '',
  ) {
    super(prefix + problems.map(({ path, detail }) => (path === '' ? detail : `${path}: ${detail}`)).join('; '));
  }
}

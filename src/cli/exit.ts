/** Exit codes of `marie`; they are in its help, and never change their meaning. */
export const Exit = {
  Ok: 0,
  /** What was asked for was done, and failed: the DAG failed, the replay differs. */
  Failed: 1,
  /** The command line, or a file that it names, is wrong. */
  Usage: 2,
  /** No fabric answers. */
  Unreachable: 3,
  /** The fabric refused it. */
  Refused: 4,
  /** A journal or store is damaged. */
  Damaged: 5,
  /** It can't be done now: in use by another process, no room, not ready. */
  Unavailable: 6,
  Interrupted: 130,
} as const;

/** An error for people: what happened, where, and what to do about it. */
export class CliError extends Error {
  override readonly name = 'CliError';
  constructor(
    readonly exitCode: number,
    readonly code: string,
    message: string,
    readonly hints: { readonly where?: string; readonly todo?: string; readonly problems?: readonly string[] } = {},
  ) {
    super(message);
  }
}

export const EXIT_HELP = `
Exit codes:
  0  done
  1  done, and it failed (the DAG failed, the replay differs)
  2  wrong usage, or a file that can't be used
  3  no fabric answers
  4  the fabric refused it
  5  a journal or store is damaged
  6  not possible now (in use, no room, not ready)`;

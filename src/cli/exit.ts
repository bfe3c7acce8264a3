import type { ErrorCode } from '../catalogue/generated/errors.js';

/** Exit codes of `marie`; they never change their meaning. */
export const Exit = {
  Ok: 0,
  Failed: 1,
  Usage: 2,
  Unreachable: 3,
  Refused: 4,
  Damaged: 5,
  Unavailable: 6,
  HungUp: 129,
  Interrupted: 130,
  Terminated: 143,
} as const;

/** What each exit code says, for help and the reference. */
export const EXIT_CODES: readonly { readonly code: number; readonly meaning: string }[] = [
  { code: Exit.Ok, meaning: 'done' },
  { code: Exit.Failed, meaning: 'done, and it failed: the DAG failed, the replay differs' },
  {
    code: Exit.Usage,
    meaning: 'the command line, or a file that it names, is wrong; a history does not have what is named',
  },
  { code: Exit.Unreachable, meaning: 'no fabric answers: nobody does, or somebody else' },
  { code: Exit.Refused, meaning: 'the fabric refused it, or does not have what is named' },
  { code: Exit.Damaged, meaning: 'a journal or a store is damaged' },
  { code: Exit.Unavailable, meaning: 'not possible now: in use by another process, no room, not ready' },
  { code: Exit.HungUp, meaning: 'ended by SIGHUP, as when its terminal is closed' },
  { code: Exit.Interrupted, meaning: 'ended by Ctrl-C' },
  { code: Exit.Terminated, meaning: 'ended by SIGTERM' },
];

/** What the environment sets. */
export const ENVIRONMENT: readonly { readonly name: string; readonly meaning: string }[] = [
  { name: 'MARIE_URL', meaning: 'address of the fabric, for --url' },
  {
    name: 'MARIE_HEADERS',
    meaning: 'headers of every request to the fabric, `Name: value` on a line each: credentials for a proxy before it',
  },
  { name: 'MARIE_PORT', meaning: 'port that `marie up` listens on, for --port' },
  { name: 'MARIE_LOG_LEVEL', meaning: 'what `marie up` and executors tell on stderr, for --log-level' },
  { name: 'MARIE_TENANT', meaning: 'tenant, for --tenant' },
  { name: 'NO_COLOR', meaning: 'no colours, if it is set to anything' },
];

/** An error for people: what happened, where, and what to do about it. `code` is one of schemas/errors.json. */
export class CliError extends Error {
  override readonly name = 'CliError';
  constructor(
    readonly exitCode: number,
    readonly code: ErrorCode,
    message: string,
    readonly hints: { readonly where?: string; readonly todo?: string; readonly problems?: readonly string[] } = {},
  ) {
    super(message);
  }
}

/** The command line says what no command takes. */
export function misuse(what: string, hints: CliError['hints'] = {}): CliError {
  return new CliError(Exit.Usage, 'usage', what, hints);
}

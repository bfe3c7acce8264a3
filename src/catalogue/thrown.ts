/** What was thrown, whatever it is. */

/** Its message; where it stands for several, as of a name with several addresses of which none answers, theirs. */
export function messageOf(error: unknown): string {
  if (error instanceof AggregateError && error.message === '') return error.errors.map(messageOf).join(', ');
  return error instanceof Error ? error.message : String(error);
}

/** The stable code that it carries, or null. */
export function errorCode(error: unknown): string | null {
  const code = (error as { code?: unknown } | null | undefined)?.code;
  return typeof code === 'string' ? code : null;
}

/** What Node calls an error of the system that it has no name for: a quota that is used up, on Linux and on macOS. */
const UNNAMED: ReadonlyMap<string, string> = new Map([
  ['Unknown system error -122', 'EDQUOT'],
  ['Unknown system error -69', 'EDQUOT'],
]);

/** The system's name of it (ENOENT, EIO, …), or null if it is no error of the system. */
export function errnoOf(error: unknown): string | null {
  const code = errorCode(error) ?? '';
  return UNNAMED.get(code) ?? (/^E[A-Z0-9]+$/.test(code) ? code : null);
}

/** Whether it says that something is not in the file system. */
export function isMissing(error: unknown): boolean {
  return errnoOf(error) === 'ENOENT';
}

/** What is looked for in the file system, or `none` where it is not there, or not any more. */
export async function unlessMissing<T, N>(looked: Promise<T>, none: N): Promise<T | N> {
  try {
    return await looked;
  } catch (error) {
    if (isMissing(error)) return none;
    throw error;
  }
}

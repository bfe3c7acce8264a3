/** Why a file could not be read, by the code of the system's error. */
const REASONS: ReadonlyMap<unknown, string> = new Map([
  ['ENOENT', 'there is no such file'],
  ['EISDIR', 'it is a folder'],
  ['EACCES', 'it may not be read'],
]);

/** The same in words; what isn't of the system says it itself. */
export function unreadable(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return REASONS.get('code' in error ? error.code : null) ?? error.message;
}

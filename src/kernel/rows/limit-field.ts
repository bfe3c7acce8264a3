/**
 * Limits in fields of rows. A field that nobody has set is 0, and 0 is also a limit that somebody may set: so a limit is
 * kept plus 1, and 0 means that the default is in force.
 */

/** What a field keeps of a limit; null: of the default. */
export function keptLimit(limit: number | null): number {
  return limit === null ? 0 : limit + 1;
}

/** The limit that a field keeps, or the default. */
export function limitOf<Default extends number | null>(kept: number, byDefault: Default): number | Default {
  return kept === 0 ? byDefault : kept - 1;
}

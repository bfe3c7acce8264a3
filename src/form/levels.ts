/**
 * Lists and fields inside each other that are read. What reads them takes a call for each, and some thousands would end
 * the process; nobody writes so many.
 */
export const MAX_LEVELS = 200;

/** Throws for a whole that has more of them; `partsOf` gives what stands directly in a list or in fields. */
export function checkLevels<T>(whole: T, partsOf: (part: T) => readonly T[]): void {
  // Level by level: a call for each would need the stack that this is about.
  let level: readonly T[] = [whole];
  for (let depth = 0; depth <= MAX_LEVELS; depth += 1) {
    level = level.flatMap(partsOf);
    if (level.length === 0) return;
  }
  throw new Error(`it is nested too deeply: at most ${MAX_LEVELS} levels are read`);
}

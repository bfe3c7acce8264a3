import { readFileSync } from 'node:fs';

/** How many files, connections among them, this process may have open; infinite where the system doesn't say. */
export function openFilesLimit(): number {
  try {
    const soft = /^Max open files\s+(\d+)/mu.exec(readFileSync('/proc/self/limits', 'utf8'))?.[1];
    return soft === undefined ? Number.POSITIVE_INFINITY : Number(soft);
  } catch {
    // Not Linux.
    return Number.POSITIVE_INFINITY;
  }
}

import { readFileSync } from 'node:fs';

/** Version of this program, from its package; `unknown` where that isn't beside it. */
export function programVersion(): string {
  for (const up of ['../../', '../../../']) {
    try {
      const text = readFileSync(new URL(`${up}package.json`, import.meta.url), 'utf8');
      return (JSON.parse(text) as { version: string }).version;
    } catch {
      // The other place: sources and compiled files are at different depths.
    }
  }
  return 'unknown';
}

import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** Whether nothing is to be written. */
export const isCheck = process.argv.includes('--check');

/**
 * Writes generated files, by their paths in the project, and removes what else lies in `folders`; in a check nothing is
 * written. Gives the paths that were not as they should be.
 */
export function keepFiles(files: ReadonlyMap<string, string>, folders: readonly string[]): readonly string[] {
  const stale: string[] = [];
  for (const [path, text] of files) {
    const file = join(ROOT, path);
    if (existsSync(file) && readFileSync(file, 'utf8') === text) continue;
    stale.push(path);
    if (isCheck) continue;
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
  for (const path of folders.flatMap((folder) => readdirSync(join(ROOT, folder)).map((name) => `${folder}/${name}`))) {
    if (files.has(path)) continue;
    stale.push(path);
    if (!isCheck) rmSync(join(ROOT, path));
  }
  return stale;
}

/** Keeps files and tells of it. */
export function keepAndTell(files: ReadonlyMap<string, string>, folders: readonly string[], what: string): void {
  tell(keepFiles(files, folders), what);
}

/** Tells which files were not as they should be; of a check the exit code is 1 then. */
export function tell(stale: readonly string[], what: string): void {
  for (const path of stale) console.log(`${isCheck ? 'stale' : 'written'}: ${path}`);
  if (stale.length === 0) console.log(`${what} is current`);
  else if (isCheck) process.exitCode = 1;
}

import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/**
 * Writes generated files, by their paths in the project, and removes what else lies in `folders`. With `check` nothing
 * is written. Gives the paths that were not as they should be.
 */
export function keepFiles(
  files: ReadonlyMap<string, string>,
  folders: readonly string[],
  check: boolean,
): readonly string[] {
  const stale: string[] = [];
  for (const [path, text] of files) {
    const file = join(ROOT, path);
    if (existsSync(file) && readFileSync(file, 'utf8') === text) continue;
    stale.push(path);
    if (check) continue;
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
  for (const path of folders.flatMap((folder) => readdirSync(join(ROOT, folder)).map((name) => `${folder}/${name}`))) {
    if (files.has(path)) continue;
    stale.push(path);
    if (!check) rmSync(join(ROOT, path));
  }
  return stale;
}

/** Keeps files and tells of it; with `--check` among the arguments the exit code is 1 where some were stale. */
export function keepAndTell(files: ReadonlyMap<string, string>, folders: readonly string[], what: string): void {
  const check = process.argv.includes('--check');
  const stale = keepFiles(files, folders, check);
  for (const path of stale) console.log(`${check ? 'stale' : 'written'}: ${path}`);
  if (stale.length === 0) console.log(`${what} is current`);
  else if (check) process.exitCode = 1;
}

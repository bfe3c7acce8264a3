/**
 * Writes src/catalogue/generated/, schemas/vectors/ and docs/errors/ from schemas/. With `--check` nothing is written:
 * exit code 1 if what is committed isn't what would be written.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { codecFile } from './catalogue/codec.js';
import { codesFile } from './catalogue/codes.js';
import { errorPages } from './catalogue/error-pages.js';
import { errorsFile, loadErrors, mayPassFile } from './catalogue/errors.js';
import { jsonFile } from './catalogue/json.js';
import { type Catalogue, loadCatalogue } from './catalogue/load.js';
import { schemasFile } from './catalogue/schemas.js';
import { typesFile } from './catalogue/types.js';
import { validatorsFile } from './catalogue/validators.js';

const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..');
const ERRORS = join(ROOT, 'schemas/errors.json');
const PAGES = 'docs/errors';

/** Every generated source file: path from the project's root -> text. */
function sourceFiles(catalogue: Catalogue): ReadonlyMap<string, string> {
  const folder = 'src/catalogue/generated';
  return new Map([
    [`${folder}/types.ts`, typesFile(catalogue)],
    [`${folder}/codes.ts`, codesFile(catalogue)],
    [`${folder}/codec.ts`, codecFile(catalogue)],
    [`${folder}/json.ts`, jsonFile(catalogue)],
    [`${folder}/schemas.ts`, schemasFile(catalogue)],
    [`${folder}/validators.ts`, validatorsFile(catalogue)],
    [`${folder}/errors.ts`, errorsFile(ERRORS)],
    [`${folder}/may-pass.ts`, mayPassFile(ERRORS)],
  ]);
}

/** Writes what differs unless `check`; returns the paths of what differed. */
function bring(files: ReadonlyMap<string, string>, check: boolean): string[] {
  const stale: string[] = [];
  for (const [path, text] of files) {
    const file = join(ROOT, path);
    if (existsSync(file) && readFileSync(file, 'utf8') === text) continue;
    stale.push(path);
    if (check) continue;
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
  return stale;
}

/** Removes, unless `check`, what is in a folder of generated files and no longer among them; returns those paths. */
function clear(folder: string, files: ReadonlyMap<string, string>, check: boolean): string[] {
  const place = join(ROOT, folder);
  const stray = existsSync(place) ? readdirSync(place).map((name) => `${folder}/${name}`) : [];
  const stale = stray.filter((path) => !files.has(path));
  if (!check) for (const path of stale) rmSync(join(ROOT, path));
  return stale;
}

async function main(check: boolean): Promise<void> {
  const catalogue = loadCatalogue(join(ROOT, 'schemas'));
  const pages = new Map(errorPages(loadErrors(ERRORS)).map(([name, text]) => [`${PAGES}/${name}`, text]));
  const stale = [...bring(sourceFiles(catalogue), check), ...bring(pages, check), ...clear(PAGES, pages, check)];
  // The vectors are made by the generated code, which must be written before it is loaded.
  if (!check || stale.length === 0) {
    const { vectorFiles } = await import('./catalogue/vectors.js');
    const vectors = [...vectorFiles(catalogue)].map(([name, text]) => [`schemas/vectors/${name}`, text] as const);
    stale.push(...bring(new Map(vectors), check));
  }
  for (const path of stale) console.log(`${check ? 'stale' : 'written'}: ${path}`);
  if (stale.length === 0) console.log('generated files are current');
  else if (check) process.exitCode = 1;
}

await main(process.argv.includes('--check'));

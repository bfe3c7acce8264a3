/**
 * Writes src/catalogue/generated/, schemas/vectors/ and docs/errors/ from schemas/. With `--check` nothing is written:
 * exit code 1 if what is committed isn't what would be written.
 */
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { codecFile } from './catalogue/codec.js';
import { codesFile } from './catalogue/codes.js';
import { errorPages } from './catalogue/error-pages.js';
import { errorsFile, loadErrors, mayPassFile } from './catalogue/errors.js';
import { jsonFile } from './catalogue/json.js';
import { type Catalogue, loadCatalogue } from './catalogue/load.js';
import { schemasFile } from './catalogue/schemas.js';
import { typesFile } from './catalogue/types.js';
import { isCheck, keepFiles, tell } from './lib/keep-files.js';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const ERRORS = join(ROOT, 'schemas/errors.json');
const SOURCES = 'src/catalogue/generated';
const PAGES = 'docs/errors';

/** Every generated source file: path from the project's root -> text. */
function sourceFiles(catalogue: Catalogue): ReadonlyMap<string, string> {
  return new Map([
    [`${SOURCES}/types.ts`, typesFile(catalogue)],
    [`${SOURCES}/codes.ts`, codesFile(catalogue)],
    [`${SOURCES}/codec.ts`, codecFile(catalogue)],
    [`${SOURCES}/json.ts`, jsonFile(catalogue)],
    [`${SOURCES}/schemas.ts`, schemasFile(catalogue)],
    [`${SOURCES}/errors.ts`, errorsFile(ERRORS)],
    [`${SOURCES}/may-pass.ts`, mayPassFile(ERRORS)],
  ]);
}

const catalogue = loadCatalogue(join(ROOT, 'schemas'));
const pages = new Map(errorPages(loadErrors(ERRORS)).map(([name, text]) => [`${PAGES}/${name}`, text]));
const stale = [...keepFiles(sourceFiles(catalogue), [SOURCES]), ...keepFiles(pages, [PAGES])];
// The vectors are made by the generated code, which must be written before it is loaded.
if (!isCheck || stale.length === 0) {
  const { vectorFiles } = await import('./catalogue/vectors.js');
  const vectors = [...vectorFiles(catalogue)].map(([name, text]) => [`schemas/vectors/${name}`, text] as const);
  stale.push(...keepFiles(new Map(vectors), []));
}
tell(stale, 'what is generated from the catalogue');

/**
 * Writes src/catalogue/generated/ from schemas/. With `--check` nothing is written: exit code 1 if what is committed
 * isn't what would be written.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { codecFile } from './catalogue/codec.js';
import { codesFile } from './catalogue/codes.js';
import { errorsFile } from './catalogue/errors.js';
import { jsonFile } from './catalogue/json.js';
import { loadCatalogue } from './catalogue/load.js';
import { schemasFile } from './catalogue/schemas.js';
import { typesFile } from './catalogue/types.js';
import { validatorsFile } from './catalogue/validators.js';

const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..');

/** Every generated file: path from the project's root -> text. */
export function generate(root: string): ReadonlyMap<string, string> {
  const catalogue = loadCatalogue(join(root, 'schemas'));
  const folder = 'src/catalogue/generated';
  return new Map([
    [`${folder}/types.ts`, typesFile(catalogue)],
    [`${folder}/codes.ts`, codesFile(catalogue)],
    [`${folder}/codec.ts`, codecFile(catalogue)],
    [`${folder}/json.ts`, jsonFile(catalogue)],
    [`${folder}/schemas.ts`, schemasFile(catalogue)],
    [`${folder}/validators.ts`, validatorsFile(catalogue)],
    [`${folder}/errors.ts`, errorsFile(join(root, 'schemas/errors.json'))],
  ]);
}

function main(check: boolean): void {
  const stale: string[] = [];
  for (const [path, text] of generate(ROOT)) {
    const file = join(ROOT, path);
    if (existsSync(file) && readFileSync(file, 'utf8') === text) continue;
    stale.push(path);
    if (check) continue;
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
  if (stale.length === 0) console.log('generated files are current');
  else console.log(stale.map((path) => `${check ? 'stale' : 'written'}: ${path}`).join('\n'));
  if (check && stale.length > 0) process.exitCode = 1;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) main(process.argv.includes('--check'));

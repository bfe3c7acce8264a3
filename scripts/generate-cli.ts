/**
 * Writes schemas/cli/ and docs/cli.md from the command tree. With `--check` nothing is written: exit code 1 if what is
 * committed isn't what would be written.
 */
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { referenceOf } from '../src/cli/reference.js';
import { TREE } from '../src/cli/tree.js';
import { referencePage } from './cli/reference.js';
import { schemaFiles } from './cli/schemas.js';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const SCHEMAS = 'schemas/cli';

async function main(check: boolean): Promise<void> {
  const files = new Map([...schemaFiles(), ['docs/cli.md', referencePage(referenceOf(TREE))]]);
  await mkdir(join(ROOT, SCHEMAS), { recursive: true });
  const stale: string[] = [];
  for (const [path, text] of files) {
    const file = join(ROOT, path);
    if (existsSync(file) && readFileSync(file, 'utf8') === text) continue;
    stale.push(path);
    if (!check) writeFileSync(file, text);
  }
  for (const name of readdirSync(join(ROOT, SCHEMAS))) {
    if (files.has(`${SCHEMAS}/${name}`)) continue;
    stale.push(`${SCHEMAS}/${name}`);
    if (!check) rmSync(join(ROOT, SCHEMAS, name));
  }
  for (const path of stale) console.log(`${check ? 'stale' : 'written'}: ${path}`);
  if (stale.length === 0) console.log('the command line reference is current');
  else if (check) process.exitCode = 1;
}

await main(process.argv.includes('--check'));

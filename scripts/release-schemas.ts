/**
 * Writes schemas/released/<version>.json: every input and event as the release of package.json has it, in Avro's parsing
 * canonical form. What a release wrote, every later one can read; test/spec/released-schemas.test.ts checks that. A file
 * that is there stays as it is; `--again` writes that of this release anew, which is right only before it is out.
 */
import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { wholeSchema } from '../src/catalogue/avro.js';
import { canonicalForm } from '../src/catalogue/canonical-form.js';
import { CODE_NAMES, nameOf } from '../src/catalogue/generated/codes.js';

const ROOT = join(import.meta.dirname, '..');
const FOLDER = join(ROOT, 'schemas', 'released');

const { version } = JSON.parse(await readFile(join(ROOT, 'package.json'), 'utf8')) as { version: string };
const file = join(FOLDER, `${version}.json`);
if (existsSync(file) && !process.argv.includes('--again')) {
  console.log(`${version} is there already`);
} else {
  const codes = [...CODE_NAMES.keys()].sort((a, b) => a - b);
  const lines = codes.map((code) => {
    const schema = JSON.parse(canonicalForm(wholeSchema(nameOf(code))));
    return `    ${JSON.stringify({ code, subject: `marie.v1.${nameOf(code)}`, schema })}`;
  });
  await mkdir(FOLDER, { recursive: true });
  await writeFile(file, `{\n  "release": "${version}",\n  "schemas": [\n${lines.join(',\n')}\n  ]\n}\n`);
  console.log(`written: schemas/released/${version}.json`);
}

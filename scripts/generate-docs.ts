/**
 * Writes docs/reference/ from the catalogue, and the picture of a run from its recording. With `--check` nothing is
 * written: exit code 1 if what is committed isn't what would be written.
 */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { loadCatalogue } from './catalogue/load.js';
import { referencePages } from './docs/catalogue-pages.js';
import { picture, type Run } from './docs/picture.js';
import { keepAndTell } from './lib/keep-files.js';

const catalogue = loadCatalogue(fileURLToPath(new URL('../schemas', import.meta.url)));
const recording = new URL('../docs/pictures/run.json', import.meta.url);
const run = JSON.parse(readFileSync(recording, 'utf8')) as Run;

const files = new Map([...referencePages(catalogue), ['docs/pictures/run.svg', picture(run)]]);
keepAndTell(files, ['docs/reference'], 'the reference of the catalogue');

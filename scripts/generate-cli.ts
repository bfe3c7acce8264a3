/**
 * Writes schemas/cli/ and docs/cli.md from the command tree. With `--check` nothing is written: exit code 1 if what is
 * committed isn't what would be written.
 */
import { referenceOf } from '../src/cli/reference.js';
import { TREE } from '../src/cli/tree.js';
import { referencePage } from './cli/reference.js';
import { schemaFiles } from './cli/schemas.js';
import { keepAndTell } from './lib/keep-files.js';

const files = new Map([...schemaFiles(), ['docs/cli.md', referencePage(referenceOf(TREE))]]);
keepAndTell(files, ['schemas/cli'], 'the command line reference');

/**
 * Writes src/kernel/generated/ from the tables of the kernel. With `--check` nothing is written: exit code 1 if what is
 * committed isn't what would be written.
 */
import type { Fields } from '../src/kernel/rows/table.js';
import * as T from '../src/kernel/rows/tables.js';
import { constantOf, rowsFile, type TableOfRows } from './kernel/rows.js';
import { keepAndTell } from './lib/keep-files.js';

const FOLDER = 'src/kernel/generated';

/** Tables whose keys are sequence numbers, (n, 0), counted up. */
const BY_SEQUENCE: ReadonlySet<string> = new Set<keyof typeof T.TableId>([
  'cell',
  'tenant',
  'class',
  'executor',
  'dag',
  'lease',
  'cursor',
  'remembered',
  'retired',
]);

const tables = Object.entries(T.TableId).map(([name, id]): TableOfRows => {
  const constant = constantOf(name);
  const fields = (T as unknown as Record<string, Fields>)[constant]!;
  // Jobs are found through their DAG (job-space.ts).
  const key = name === 'job' ? 'none' : BY_SEQUENCE.has(name) ? 'sequence' : 'pair';
  return { id, name, constant, fields, key };
});
keepAndTell(new Map([[`${FOLDER}/rows.ts`, rowsFile(tables)]]), [FOLDER], "the kernel's classes of rows");

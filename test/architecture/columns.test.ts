/** docs/replay.md lists the tables of an export as they are. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { type ColumnSpec, TABLES } from '../../replay/export/tables.js';
import { project } from '../support/docs/blocks.js';

const rowOf = ({ name, type, about }: ColumnSpec) => `| \`${name}\` | ${type} | ${about} |`;

it.each(Object.entries(TABLES))('the columns of %s are in docs/replay.md', (table, columns) => {
  const page = readFileSync(join(project, 'docs/replay.md'), 'utf8');
  const section = page.split(`\n### ${table}\n`)[1]?.split('\n#')[0] ?? '';
  expect(section.trim().split('\n')).toEqual(['| column | type | what |', '|---|---|---|', ...columns.map(rowOf)]);
});

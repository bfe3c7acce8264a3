/** docs/api.md lists every field of a submission: what is not there nobody finds. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { submissionSchema } from '../../src/edge/submission/schema.js';
import { project } from '../support/docs/blocks.js';

const section =
  readFileSync(join(project, 'docs/api.md'), 'utf8').split('\n## A submission\n')[1]?.split('\n## ')[0] ?? '';

/** The names in the first column of a table, in order. */
const namesIn = (table: string) =>
  table
    .split('\n')
    .filter((line) => line.startsWith('| `'))
    .flatMap((line) => [...(line.split(' | ')[0] ?? '').matchAll(/`(\w+)`/g)].map(([, name]) => name));

const [ofDag = '', ofJob = ''] = section.split('\nOf each job:\n');
const { shape } = submissionSchema;

it.each([
  ['a DAG', ofDag, shape],
  ['a job', ofJob, shape.jobs.element.shape],
])('the fields of %s are in docs/api.md', (_whose, table, fields) => {
  expect(namesIn(table).sort()).toEqual(Object.keys(fields).sort());
});

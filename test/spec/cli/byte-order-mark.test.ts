/** Editors, above all on Windows, set a byte order mark before what they save: no file of people's is wrong for it. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { readObject } from '../../../src/cli/files/data-file.js';
import { readPlan } from '../../../src/cli/files/plan-file.js';
import { readSubmission } from '../../../src/cli/files/submission-file.js';
import { jsonValueOf } from '../../../src/edge/user-json.js';
import { loadConfig } from '../../../src/main/config/config-file.js';

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'marie-mark-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function marked(name: string, text: string): Promise<string> {
  const file = join(folder, name);
  await writeFile(file, `\ufeff${text}`);
  return file;
}

const DAG = '{"jobs": [{"id": "a", "kind": "noop"}]}';

it('a submission or an instance in JSON is read, and sent, without it', async () => {
  const file = await marked('dag.json', DAG);
  expect((await readSubmission(file)).text).toBe(DAG);
  expect((await readObject(file, '')).value).toEqual(JSON.parse(DAG));
});

it('so is a submission in YAML', async () => {
  const file = await marked('dag.yaml', 'jobs:\n  - { id: a, kind: noop }\n');
  expect(JSON.parse((await readSubmission(file)).text)).toEqual(JSON.parse(DAG));
});

it.each(['yaml', 'json'])('so is a configuration, in %s', async (kind) => {
  const file = await marked(`config.${kind}`, kind === 'json' ? '{"cell": "here"}' : 'cell: here\n');
  expect(loadConfig(file).cell).toBe('here');
});

it('so is a plan, with the submission that it names', async () => {
  await marked('letter.json', '{"jobs": [{"id": "a", "executorClass": "ocr"}]}');
  const load =
    'load: [ { name: letters, dags: [ letter.json ], runs: { a: { time: 1s } }, arrivals: { perSecond: 1 } } ]\n';
  const file = await marked('plan.yaml', `seed: 7\nclasses: { ocr: { slots: 1 } }\n${load}`);
  expect((await readPlan(file, {})).plan.seed).toBe(7);
});

it('what comes over the network is refused for it, in words: a sign that nobody sees tells nothing', () => {
  expect(() => jsonValueOf('\ufeff1')).toThrow('it begins with a byte order mark, which JSON does not know');
});

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { readPlan } from '../../../src/cli/files/plan-file.js';

const folder = mkdtempSync(join(tmpdir(), 'marie-plan-'));
afterAll(() => rmSync(folder, { recursive: true }));

describe('a journal that a plan names', () => {
  const file = join(folder, 'plan.yaml');
  writeFileSync(file, 'classes: { a: { slots: 1 } }\nload: [ { journal: marie-data } ]\n');

  it.each([
    ['marie-data', join(folder, 'marie-data')],
    ['/var/lib/marie', '/var/lib/marie'],
    ['kafka://127.0.0.1:9092/main', 'kafka://127.0.0.1:9092/main'],
    ['old-turns+kafka://127.0.0.1:9092/main', `${join(folder, 'old-turns')}+kafka://127.0.0.1:9092/main`],
  ])('is looked for from where the plan is, unless it is on Kafka: %s', async (path, place) => {
    const { near } = await readPlan(file, {});
    expect(near(path)).toBe(place);
  });
});

describe('a submission that a plan names', () => {
  const file = join(folder, 'dags.yaml');
  const named = (dag: string) => {
    writeFileSync(join(folder, 'dag.json'), dag);
    const stream = '{ name: x, arrivals: { count: 1 }, dags: [dag.json] }';
    writeFileSync(file, `classes: { a: { slots: 1 } }\nload: [ ${stream} ]\n`);
    return readPlan(file, {});
  };

  it('may leave inputs to be filled in when it is submitted', async () => {
    const job = { id: 'read', executorClass: 'a', inputs: { pdf: { input: 'pdf' }, by: { value: 'page' } } };
    const { plan } = await named(JSON.stringify({ jobs: [job] }));
    const [read] = plan.streams[0]!.templates[0]!.jobs;
    expect(read!.inputs.map(({ name }) => name)).toEqual(['by', 'pdf']);
  });

  it('is refused as marie submit refuses it: with a number of more digits than are kept', async () => {
    const inputs = '{ n: { value: 12345678901234567890 } }';
    const job = `{ id: read, executorClass: a, inputs: ${inputs} }`;
    await expect(named(`jobs: [${job}]`)).rejects.toMatchObject({ code: 'plan-invalid' });
  });

  it.each(['[]', '3', 'null', ''])('is refused where it is no object: %j', async (dag) => {
    await expect(named(dag)).rejects.toMatchObject({ code: 'plan-invalid' });
  });
});

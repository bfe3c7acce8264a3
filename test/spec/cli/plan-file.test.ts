import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { readPlan } from '../../../src/cli/plan-file.js';

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

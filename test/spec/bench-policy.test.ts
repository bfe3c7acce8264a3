import { appendFile, copyFile, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { available, evaluate, shown } from '../../bench/policy/evaluate.js';
import { KeptTrials } from '../../bench/policy/kept-trials.js';
import { CLASSES, small, unlimited } from '../../bench/policy/loads.js';
import { jain, Look, mean, p99, smallP99, waitP99 } from '../../bench/policy/look.js';
import { pageOf } from '../../bench/policy/page.js';
import { realDags } from '../../bench/policy/real-dags.js';
import { REASONS } from '../../bench/policy/reasons.js';
import type { Cell, Scenario } from '../../bench/policy/scenario.js';
import { scenariosOf } from '../../bench/policy/scenarios.js';
import { valuesOf } from '../../bench/policy/trial.js';
import { checkPlan } from '../../src/simulate/load/check-plan.js';
import { runPlan } from '../../src/simulate/run-plan.js';
import { temporaryFolder } from '../support/fabric/fabric.js';

const INSTANCES = new URL('../support/wfformat/', import.meta.url);

const latency: Cell = { name: 'p99', unit: 's', of: smallP99, settled: [6, 6, 6, 6, 6, 6] };
const wait: Cell = { name: 'wait', unit: 's', of: waitP99('small'), settled: [9, 9, 9, 9, 9, 0.9] };

const SCENARIO: Scenario = {
  id: 'X',
  words: 'small load 50 % for half a minute',
  cells: [latency, wait],
  plan: {
    duration: '30s',
    classes: CLASSES,
    tenants: unlimited(),
    load: [small({ arrivals: { load: 0.5 }, deadline: { paths: [1, 9] } })],
  },
};

describe('the evaluation of the policies', async () => {
  const results = await evaluate(SCENARIO, [1, 2], async (trial) => valuesOf(trial));

  it('gives each cell under each policy, the mean of the seeds', () => {
    expect(results.map(({ cell, measured }) => [cell.name, measured.map(({ policy }) => policy)])).toEqual([
      ['p99', available],
      ['wait', available],
    ]);
    const [first] = results[0]!.measured;
    expect(first!.seeds).toHaveLength(2);
    expect(first!.value).toBeCloseTo(mean(first!.seeds), 9);
    expect(first!.value).toBeGreaterThan(3);
    expect(first!.value).toBeLessThan(9);
  });

  it('says what is outside the bar: numbers that are far off, and an order that is lost', () => {
    expect(results[0]!.outside).toEqual([]);
    expect(results[1]!.outside.join('\n')).toMatch(/settled by 0\.9\n.*order against fifo@1/);
  });

  it('writes a page with the table, the differences and the words', () => {
    const page = pageOf([SCENARIO], results, [1, 2]);
    expect(page).toContain('| scenario: metric | fifo |');
    expect(page).toMatch(/\| X p99 \/ wait \| [\d.]+ \(6\) \/ [\d.]+ \(9\) \|/);
    expect(page).toContain('- **X** wait: ');
    expect(page).toContain('- **X** small load 50 % for half a minute');
  });

  it('has scenarios that are plans', async () => {
    const all = await scenariosOf(null);
    expect(all.map(({ id }) => id)).toEqual('A B C D D0 E F G H I J K L M N O P'.split(' '));
    const cells = all.flatMap(({ id, cells: own }) => own.map(({ name }) => `${id} ${name}`));
    expect(Object.keys(REASONS).filter((cell) => !cell.startsWith('W ') && !cells.includes(cell))).toEqual([]);
    for (const { plan } of all) expect(checkPlan(plan, () => null).streams.length).toBeGreaterThan(0);
  });
});

describe('the page in docs/', async () => {
  const read = (name: string) => readFile(new URL(`../../docs/${name}.md`, import.meta.url), 'utf8');
  const [page, benchmarks] = await Promise.all([read('policy-evaluation'), read('benchmarks')]);
  const [table = '', outside = '', words = ''] = page.split(/^## .*$/m);
  const titles = [...table.matchAll(/^\| ([A-Z]0?) (.*?) \|/gm)];

  it('has every scenario, that of real DAGs too', async () => {
    const all = [...(await scenariosOf(null)).map(({ id }) => id), 'W'];
    expect(titles.map(([, id]) => id)).toEqual(all);
    expect([...words.matchAll(/^- \*\*([A-Z]0?)\*\* /gm)].map(([, id]) => id)).toEqual(all);
  });

  it('says of as many numbers as the table of benchmarks that they are outside the bar', () => {
    const cells = titles.flatMap(([, , names]) => names!.split(' / ')).length;
    const lines = outside.match(/^- \*\*/gm)?.length ?? 0;
    expect(benchmarks).toContain(`numbers, of ${cells}, outside the bar | ${lines}, each`);
  });
});

describe('an evaluation that goes on', () => {
  const trial = { scenario: SCENARIO, policy: 'fifo@1', seed: 1 } as const;

  const inFile = (use: (file: string) => Promise<void>) => use(join(temporaryFolder(), 'rows.jsonl'));

  it('finds what it had measured, a line that was cut off apart', () =>
    inFile(async (file) => {
      const kept = await KeptTrials.open(file);
      expect(kept.find(trial)).toBeUndefined();
      await kept.add(trial, [1.5, Number.NaN]);
      await appendFile(file, '\n{"code":"cut o');
      await kept.add({ ...trial, seed: 2 }, [2, 3]);
      const again = await KeptTrials.open(file);
      expect(again.find(trial)).toEqual([1.5, Number.NaN]);
      expect(again.find({ ...trial, seed: 2 })).toEqual([2, 3]);
      expect(again.find({ ...trial, policy: 'edf@1' })).toBeUndefined();
    }));

  it('runs again what other code or another load gave', () =>
    inFile(async (file) => {
      await (await KeptTrials.open(file)).add(trial, [1.5, 2]);
      const longer: Scenario = { ...SCENARIO, plan: { ...SCENARIO.plan, duration: '31s' } };
      expect((await KeptTrials.open(file)).find({ ...trial, scenario: longer })).toBeUndefined();
      const text = await readFile(file, 'utf8');
      await writeFile(file, text.replace(/"code":"\w+"/, '"code":"0123456789abcdef"'));
      expect((await KeptTrials.open(file)).find(trial)).toBeUndefined();
    }));
});

describe('the scenario of real DAGs', () => {
  // Seconds of work on a quiet machine, so more than a spec has on one that is not.
  it('is made of the instances of a folder, so that the class that is used most has its load', async () => {
    const folder = temporaryFolder();
    for (const name of ['mosaic.json', 'chain-1.4.json']) await copyFile(new URL(name, INSTANCES), join(folder, name));
    const scenario = await realDags(folder);
    const plan = checkPlan(scenario.plan, scenario.readDag!);
    expect(scenario.words).toContain('400 arrivals of 2 real DAGs');
    const [stream] = plan.streams;
    expect(stream!.templates.map(({ jobs }) => jobs.length)).toEqual([2, 14]);
    const work = ['w', 'x', 'y', 'z'].map((name) => {
      return stream!.templates.reduce((sum, { demand }) => sum + (demand.get(name) ?? 0), 0) / 2;
    });
    expect((400 * Math.max(...work)) / (8 * plan.duration)).toBeCloseTo(0.75, 3);
    const look = new Look(runPlan({ ...plan, duration: Math.round(plan.duration / 20) }));
    for (const cell of scenario.cells) expect(cell.of(look)).toBeGreaterThan(0);
  });
});

describe('the numbers of the table', () => {
  it('are what they are called', () => {
    expect(p99([3, 1, 2])).toBe(3);
    expect(p99(Array.from({ length: 100 }, (_, n) => n))).toBe(99);
    expect(mean([1, 2, 6])).toBe(3);
    expect(jain([1, 1, 1])).toBe(1);
    expect(jain([1, 0])).toBe(0.5);
  });

  it.each([
    ['%', 99.94, '99.9'],
    ['%', 17, '17'],
    ['s', 1263.4, '1,263'],
    ['s', 13.04, '13'],
    ['s', 6.27, '6.3'],
    ['', 0.512, '0.51'],
    ['s', Number.NaN, 'none'],
  ] as const)('are shown as people read them: %s %d', (unit, value, expected) => {
    expect(shown({ ...latency, unit }, value)).toBe(expected);
  });
});

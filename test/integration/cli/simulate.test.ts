/** What `marie simulate` says of a plan; its numbers are tested where they are made. */
import { describe, expect, it } from 'vitest';
import { marie } from './setup.js';

/** A DAG a second of two seconds each, on four slots. */
const plan = (more: string, load = '') => `
duration: 1min
sigma: 0
classes: { ocr: { slots: 4 } }
load:
  - { name: page, arrivals: { count: 60, every: 1s }, jobs: [ { id: ocr, executorClass: ocr, run: { time: 2s } } ]${load} }
${more}
`;

async function said(text: string): Promise<string> {
  const { stdout, stderr } = await marie(['simulate', '-'], { stdin: text });
  expect(stderr).toBe('');
  return stdout;
}

it.each([
  ['goal: { wait: 1s }', 'the plan reaches its goal'],
  ['goal: { latency: 1s }', 'the plan does not reach its goal'],
  [
    'goal: { name: page, latency: 3s }\nend: duration',
    'it is undecided whether the plan reaches its goal: what is open',
  ],
])('a plan with %j and without a curve says: %s', async (more, expected) => {
  expect(await said(plan(more))).toContain(expected);
});

it('run times that alone exceed the latency of the goal are told: no size reaches it', async () => {
  const outOfReach = 'no number of slots reaches it';
  expect(await said(plan('goal: { latency: 1s }'))).toContain(outOfReach);
  expect(await said(plan('goal: { latency: 3s }'))).not.toContain(outOfReach);
  const burst = plan('goal: { latency: 1s }\ncurve: [0.5, 30]').replace('every: 1s', 'every: 0');
  expect(await said(burst)).toContain(outOfReach);
  expect(await said(burst.replace('time: 2s', 'time: 1s'))).not.toContain(outOfReach);
});

it('a size of the curve that is given twice is shown once', async () => {
  const text = await said(plan('curve: [2, 1, 0.5, 1]'));
  expect(text.match(/^ *x\S+/gm)!.map((one) => one.trim())).toEqual(['x0.5', 'x1', 'x2']);
});

it('what is wrong with it, in plain words', async () => {
  const { code, stderr } = await marie(['simulate', '-'], { stdin: 'classes: { ocr: { slots: none } }' });
  expect(code).toBe(2);
  expect(stderr).toContain('line 1, classes.ocr.slots: must be a number');
  expect(stderr).toContain('load: missing');
  expect(stderr).not.toMatch(/received|expected/);
});

describe('what can never go on', () => {
  const asks = 'ask, kind: signal }, { id: then, executorClass: ocr, after: [ask], run: { time: 1s } } ] }';
  const load = ` }\n  - { name: form, arrivals: { count: 2, every: 1s }, jobs: [ { id: ${asks.slice(0, -2)}`;
  const end = 'can never go on: a signal that nobody answers';

  it('is told below the curve with its sizes, none of which is enough', async () => {
    const text = await said(plan('curve: [1, 2]\ngoal: { wait: 1s }', load));
    expect(text.match(/^ *x\S+ .*/gm)!.map((row) => row.slice(-2))).toEqual(['no', 'no']);
    expect(text).toContain(`on x1, x2: 2 jobs ask of form ${end}\nno size of the curve reaches the goal`);
  });

  it('is why a plan does not reach its goal, and no longer run is asked for', async () => {
    const text = await said(plan('goal: { name: form, wait: 1s }', load));
    expect(text).toContain('the plan does not reach its goal: some of its DAGs can never go on');
    expect(text).not.toContain('undecided');
  });
});

it.each([
  ['9007199254740993', 'a seed is a whole number from 0 to 2,147,483,647'],
  ['-1.5', 'a seed is a whole number from 0 to 2,147,483,647'],
])('which seeds there are: not %s', async (seed, expected) => {
  const { code, stderr } = await marie(['simulate', '-', `--seed=${seed}`], { stdin: plan('') });
  expect(code).toBe(2);
  expect(stderr).toContain(expected);
});

it.each([
  [['simulate', '.'], 'Write the plan as YAML or JSON'],
  [['import', 'wfformat', '.'], 'Name a JSON file of an instance'],
  [['submit', '.'], 'Write the DAG as JSON or YAML'],
])('what stands in the place of a folder: %j', async (words, expected) => {
  const { code, stderr } = await marie(words);
  expect(code).toBe(2);
  expect(stderr).toMatch(/^error unreadable-file: it is a folder\n {2}where: \.\n/);
  expect(stderr).toContain(`what to do: ${expected}`);
});

it.each([
  ['several documents', 'jobs: []\n---\njobs: []\n', 'it holds several documents, the second from line 2 on'],
  ['YAML that is nested too deeply', `jobs: ${'['.repeat(3_000)}`, 'it is nested too deeply: at most 200 levels'],
  [
    'JSON that is nested too deeply',
    `{"jobs": ${'['.repeat(10_000)}${']'.repeat(10_000)}}`,
    'it is nested too deeply: at most 200 levels',
  ],
])('what a submission can not be: %s', async (_what, stdin, expected) => {
  const { code, stderr } = await marie(['submit', '-'], { stdin });
  expect(code).toBe(2);
  expect(stderr).toContain(`error unreadable-file: ${expected}`);
});

it('who held DAGs, and that more slots do not help', async () => {
  const text = await said(plan('tenants: { default: { activeDags: 1 } }\ncurve: [1, 2]\ngoal: { wait: 1s }'));
  expect(text).toMatch(/^held by +tenant/m);
  expect(text).toMatch(/^activeDags 1 +default +59 /m);
  expect(text).toContain('on every size limits of tenants hold DAGs for longer than the wait of the goal');
});

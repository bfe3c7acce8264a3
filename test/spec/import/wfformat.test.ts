import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { submissionProblems } from '../../../src/edge/submission/problems.js';
import { InstanceError } from '../../../src/import/instance.js';
import { type ImportedDag, type InstanceOptions, importInstance, kindOf } from '../../../src/import/wfformat.js';
import { checkSubmission } from '../../../src/kernel/decide/check-submission.js';
import { job, submission } from '../../support/kernel/build.js';

const AS_IT_IS = { classOf: () => 'noop', scale: 1 };

function instance(name: string): unknown {
  return JSON.parse(readFileSync(new URL(`../../support/wfformat/${name}.json`, import.meta.url), 'utf8'));
}

function edges({ jobs }: ImportedDag): number {
  return jobs.reduce((sum, { after }) => sum + after.length, 0);
}

/** A small instance with what a test says of its nodes; the format's own nouns are no names here. */
function made(nodes: readonly object[], times: readonly object[] = [], name = 'x'): unknown {
  const [graph, list] = ['workflow', 'tasks'];
  return {
    name,
    schemaVersion: '1.5',
    [graph!]: { specification: { [list!]: nodes }, execution: { [list!]: times } },
  };
}

function problemsOf(value: unknown, options: InstanceOptions = AS_IT_IS): readonly string[] {
  try {
    importInstance(value, options);
  } catch (error) {
    if (error instanceof InstanceError) return error.problems.map(({ path, detail }) => `${path} ${detail}`);
    throw error;
  }
  return [];
}

describe('an instance in WfFormat', () => {
  it('becomes a submission: its graph, its run times as estimates and as input', () => {
    const dag = importInstance(instance('mosaic'), AS_IT_IS);
    expect(dag.jobs).toHaveLength(14);
    expect(edges(dag)).toBe(8 + 4 + 8 + 4);
    expect(dag).toMatchObject({ name: 'mosaic', labels: { wfformat: '1.5' } });
    expect(dag.jobs[0]).toEqual({
      id: 'project_ID0000001',
      executorClass: 'noop',
      after: [],
      estimateMs: 18_800,
      inputs: { runMs: { value: 18_800 } },
    });
    expect(submissionProblems(dag)).toEqual([]);
  });

  it('gives each kind of job a class of its own, and scales run times, never to nothing', () => {
    const dag = importInstance(instance('samples'), { classOf: (kind) => kind, scale: 0.0001 });
    expect([...new Set(dag.jobs.map(({ executorClass }) => executorClass))]).toEqual([
      'check',
      'trim',
      'align',
      'report',
    ]);
    expect(dag.jobs.map(({ estimateMs }) => estimateMs)).toEqual([1, ...[1, 1, 1, 2, 2, 2], ...[5, 5, 6, 6, 6, 6], 1]);
  });

  it('has ids that a submission may have', () => {
    const dag = importInstance(instance('samples'), AS_IT_IS);
    expect(dag.jobs.at(-1)!.id).toBe('LAB.REPORT-ALL_14');
    expect(submissionProblems(dag)).toEqual([]);
    const twins = importInstance(made([{ id: 'a/b' }, { id: 'a[b' }], [time('a/b'), time('a[b')]), AS_IT_IS);
    expect(twins.jobs.map(({ id }) => id)).toEqual(['a-b', 'a-b-2']);
  });

  it('leaves ids that are such as they are, and tells of those that are not', () => {
    const keys = ['x/1', 'x-1', 'x-1-2', 'y\0', `${'z'.repeat(300)}`, 'a[0]'];
    const said: string[] = [];
    const nodes = keys.map((id, n) => ({ id, ...(n > 0 && { parents: [keys[0]!] }) }));
    const options = { ...AS_IT_IS, onLeftOut: (what: string) => void said.push(what) };
    const dag = importInstance(made(nodes, keys.map(time)), options);
    expect(dag.jobs.map(({ id }) => id)).toEqual(['x-1-3', 'x-1', 'x-1-2', 'y-', 'z'.repeat(256), 'a-0-']);
    expect(dag.jobs[1]!.after).toEqual(['x-1-3']);
    expect(submissionProblems(dag)).toEqual([]);
    expect(said).toEqual([
      '4 of 6 jobs have another id, for theirs may be none here: ' +
        `"x/1" is "x-1-3", "y\\u0000" is "y-", "${'z'.repeat(300)}" is "${'z'.repeat(256)}" and 1 more`,
    ]);
  });

  it('is cut between its characters where a name is too long, and tells so', () => {
    const page = '\u{1f4c4}';
    const id = `${page}${'9'.repeat(255)}`;
    const said: string[] = [];
    const options = { ...AS_IT_IS, onLeftOut: (what: string) => void said.push(what) };
    const dag = importInstance(made([{ id }], [time(id)], `${'n'.repeat(255)}${page}`), options);
    expect(dag.name).toBe('n'.repeat(255));
    expect(dag.jobs[0]!.id).toBe('9'.repeat(255));
    expect(submissionProblems(dag)).toEqual([]);
    expect(said[0]).toBe('of the name only the first 256 bytes are kept');
  });

  it('may be of the schema before, with run times in the graph', () => {
    const dag = importInstance(instance('chain-1.4'), AS_IT_IS);
    expect(dag.jobs.map(({ id, after, estimateMs }) => [id, after, estimateMs])).toEqual([
      ['first_00001', [], 1_500],
      ['second_00002', ['first_00001'], 1],
    ]);
  });

  it('names an edge by either of its ends', () => {
    const times = [time('a'), time('b')];
    for (const nodes of [
      [{ id: 'a', children: ['b'] }, { id: 'b' }],
      [{ id: 'a' }, { id: 'b', parents: ['a'] }],
      [
        { id: 'a', children: ['b'] },
        { id: 'b', parents: ['a'] },
      ],
    ]) {
      expect(importInstance(made(nodes, times), AS_IT_IS).jobs[1]!.after).toEqual(['a']);
    }
  });

  it.each([
    ['no object', [], 'must be fields with their values'],
    ['no graph', JSON.parse('{"schemaVersion": "1.5", "workflow": {}}'), '/workflow it has no graph'],
    ['an empty graph', made([]), '/workflow/specification/tasks'],
    [
      'an unknown parent',
      made([{ id: 'a', parents: ['b'] }], [time('a')]),
      '/specification/tasks/0/parents/0 there is no "b"',
    ],
    [
      'an unknown child',
      made([{ id: 'a', children: ['b'] }], [time('a')]),
      '/specification/tasks/0/children/0 there is no "b"',
    ],
    [
      'an id twice',
      made([{ id: 'a' }, { id: 'a' }], [time('a')]),
      '/specification/tasks/1/id "a" is the id of another one',
    ],
    [
      'two executions of one id',
      made([{ id: 'a' }, { id: 'b' }], [time('a'), time('b'), time('a')]),
      '/workflow/execution/tasks/2/id "a" is the id of another one, too',
    ],
    ['neither id nor name', made([{}]), '/specification/tasks/0 it has neither id nor name'],
    ['no run time', made([{ id: 'a' }]), '/specification/tasks/0 it has no run time'],
    [
      'a negative run time',
      made([{ id: 'a' }], [{ id: 'a', runtimeInSeconds: -1 }]),
      '/execution/tasks/0/runtimeInSeconds',
    ],
    [
      'a cycle',
      made(
        [
          { id: 'a', parents: ['b'] },
          { id: 'b', parents: ['a'] },
        ],
        [time('a'), time('b')],
      ),
      '/workflow/specification/tasks/1 the jobs wait for one another: b -> a -> b',
    ],
    [
      'one that is its own parent',
      made([{ id: 'a' }, { id: 'b', parents: ['a', 'b'] }], [time('a'), time('b')]),
      '/specification/tasks/1/parents/1 "b" would come after itself',
    ],
    [
      'one that is its own child',
      made([{ id: 'a', children: ['a'] }], [time('a')]),
      '/specification/tasks/0/children/0 "a" would come after itself',
    ],
    [
      'two executions of one id that is in no graph',
      made([{ id: 'a' }], [time('a'), time('c'), time('c')]),
      '/workflow/execution/tasks/2/id "c" is the id of another one, too',
    ],
  ])('with %s is refused', (_name, value, expected) => {
    expect(problemsOf(value).join('\n')).toContain(expected);
  });

  it('names executions of one id beside what else is wrong', () => {
    expect(problemsOf(made([{ id: 'a' }, { id: 'a' }], [time('a'), time('a')]))).toEqual([
      '/workflow/execution/tasks/1/id "a" is the id of another one, too',
      '/workflow/specification/tasks/1/id "a" is the id of another one, too',
    ]);
  });

  it.each([
    ['9.9', 'not "9.9"'],
    ['1.3', 'not "1.3"'],
    [1.5, 'not 1.5'],
    [undefined, 'there is none'],
  ])('of schema version %j is refused', (schemaVersion, words) => {
    const value = { ...(made([{ id: 'a' }], [time('a')]) as object), schemaVersion };
    expect(problemsOf(value)).toEqual([`/schemaVersion schema versions "1.4" and "1.5" are read: ${words}`]);
  });

  it('of the schema before names its edges by names, also beside ids', () => {
    let n = 0;
    const withIds = JSON.stringify(instance('chain-1.4')).replaceAll('"name":', () => `"id":"ID${n++}","name":`);
    const dag = importInstance(JSON.parse(withIds), AS_IT_IS);
    expect(dag.jobs.map(({ id }) => id)).toEqual(['first_00001', 'second_00002']);
    expect(dag.jobs[1]!.after).toEqual(['first_00001']);
  });

  it('is refused where a run time would be longer than a job may take, and is not cut off', () => {
    const month = 30 * 24 * 3600;
    const value = made([{ id: 'a' }, { id: 'b' }], [time('a'), { id: 'b', runtimeInSeconds: month }]);
    expect(importInstance(value, AS_IT_IS).jobs[1]!.estimateMs).toBe(month * 1_000);
    expect(problemsOf(value, { ...AS_IT_IS, scale: 1.5 })).toEqual([
      expect.stringMatching(
        /^\/workflow\/specification\/tasks\/1 its run time of 2592000 s times 1.5 is more than 30 days/,
      ),
    ]);
    expect(problemsOf(value, { ...AS_IT_IS, scale: 1e12 })).toHaveLength(2);
  });

  it('is refused where a kind is too long for a class', () => {
    const value = made([{ id: 'a', name: 'x'.repeat(257) }], [time('a')]);
    expect(problemsOf(value, { classOf: (kind) => kind, scale: 1 })).toEqual([
      '/workflow/specification/tasks/0/name its kind is too long for the name of a class',
    ]);
  });

  it('gives a kind that may be no class another name, and tells so', () => {
    const ids = ['a\0/[1]', 'b\ud800', 'c'];
    const said: string[] = [];
    const onLeftOut = (what: string) => void said.push(what);
    const value = made([...ids.map((id) => ({ id })), { id: 'd', name: ids[0]! }], [...ids, 'd'].map(time));
    const dag = importInstance(value, { classOf: (kind) => kind, scale: 1, onLeftOut });
    expect(dag.jobs.map(({ executorClass }) => executorClass)).toEqual(['a-/[1]', 'b\ufffd', 'c', 'a-/[1]']);
    expect(submissionProblems(dag)).toEqual([]);
    expect(
      checkSubmission(
        submission(
          'x',
          dag.jobs.map(({ id, executorClass }) => job(id, { executorClass })),
        ),
      ),
    ).toEqual([]);
    expect(said.at(-1)).toBe(
      '2 of 3 kinds have a class of another name, for theirs may be none here: ' +
        '"a\\u0000/[1]" is "a-/[1]", "b\\ud800" is "b\ufffd"',
    );
    importInstance(value, { ...AS_IT_IS, onLeftOut });
    expect(said.at(-1)).toMatch(/jobs have another id/);
  });

  it('takes as many slots as cores where that is wanted, and tells of cores otherwise', () => {
    const nodes = ['a', 'b', 'c'].map((id) => ({ id }));
    const value = made(nodes, [
      { ...time('a'), coreCount: 8 },
      { ...time('b'), coreCount: 1.5 },
      { ...time('c'), coreCount: 1 },
    ]);
    const said: string[] = [];
    const onLeftOut = (what: string) => void said.push(what);
    const narrow = importInstance(value, { ...AS_IT_IS, onLeftOut });
    expect(narrow.jobs.map(({ slots }) => slots)).toEqual([undefined, undefined, undefined]);
    expect(said).toEqual(['2 of 3 jobs ran on more than one core, and take one slot each']);
    const wide = importInstance(value, { ...AS_IT_IS, takesCores: true, onLeftOut });
    expect(wide.jobs.map(({ slots }) => slots)).toEqual([8, 2, undefined]);
    expect(said).toHaveLength(1);
    expect(submissionProblems(wide)).toEqual([]);
    const huge = made([{ id: 'a' }], [{ ...time('a'), coreCount: 1_025 }]);
    expect(problemsOf(huge, { ...AS_IT_IS, takesCores: true })).toEqual([
      '/workflow/specification/tasks/0 it ran on 1025 cores, and a job takes at most 1024 slots',
    ]);
  });

  it('tells of what ran and is not in the graph', () => {
    const said: string[] = [];
    const times = ['a', 'v', 'w', 'x', 'y'].map(time);
    importInstance(made([{ id: 'a' }], times), { ...AS_IT_IS, onLeftOut: (what) => void said.push(what) });
    expect(said).toEqual(['what ran is not in the graph, and is left out: "v", "w", "x" and 1 more']);
  });

  it('leaves out nothing of those that ship with the tests, and tells of the one id that may be none', () => {
    const said: string[] = [];
    for (const name of ['mosaic', 'samples', 'chain-1.4']) {
      importInstance(instance(name), { ...AS_IT_IS, onLeftOut: (what) => void said.push(what) });
    }
    expect(said).toEqual([
      '1 of 14 jobs have another id, for theirs may be none here: "LAB.REPORT/ALL_14" is "LAB.REPORT-ALL_14"',
    ]);
  });

  it('is refused with everything that is wrong', () => {
    expect(problemsOf(made([{ id: 'a', parents: ['x', 'y'] }, { id: 'a' }]))).toHaveLength(5);
  });

  it.each([
    ['its form', Array.from({ length: 130 }, () => ({ id: 1 }))],
    ['its graph', Array.from({ length: 130 }, (_, i) => ({ id: `n${i}`, runtime: 1, parents: ['x'] }))],
  ])('lists a hundred problems of %s, and says how many more there are', (_, nodes) => {
    const problems = problemsOf(made(nodes));
    expect(problems).toHaveLength(101);
    expect(problems.at(-1)).toBe(' and 30 more');
  });

  it.each([
    ['NFCORE.QC.FASTQC', 'fastqc'],
    ['mProject_ID0000004', 'mproject'],
    ['cpuhog_forkjoin_00000001', 'cpuhog_forkjoin'],
    ['fasterq-dump_ID0000004', 'fasterq-dump'],
    ['123', '123'],
  ])('calls the kind of %s %s', (name, kind) => expect(kindOf(name)).toBe(kind));
});

function time(id: string): object {
  return { id, runtimeInSeconds: 1 };
}

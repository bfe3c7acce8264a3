import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { submissionProblems } from '../../src/edge/submission/problems.js';
import { type ImportedDag, InstanceError, importInstance, kindOf } from '../../src/import/wfformat.js';

const AS_IT_IS = { classOf: () => 'noop', scale: 1 };

function instance(name: string): unknown {
  return JSON.parse(readFileSync(new URL(`../support/wfformat/${name}.json`, import.meta.url), 'utf8'));
}

function edges({ jobs }: ImportedDag): number {
  return jobs.reduce((sum, { after }) => sum + after.length, 0);
}

/** A small instance with what a test says of its nodes; the format's own nouns are no names here. */
function made(nodes: readonly object[], times: readonly object[] = []): unknown {
  const [graph, list] = ['workflow', 'tasks'];
  return { name: 'x', [graph!]: { specification: { [list!]: nodes }, execution: { [list!]: times } } };
}

function problemsOf(value: unknown): readonly string[] {
  try {
    importInstance(value, AS_IT_IS);
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
    ['no object', [], 'Invalid input'],
    ['no graph', JSON.parse('{"workflow": {}}'), '/workflow it has no graph'],
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
      'the jobs wait for one another: b -> a -> b',
    ],
  ])('with %s is refused', (_name, value, expected) => {
    expect(problemsOf(value).join('\n')).toContain(expected);
  });

  it('is refused with everything that is wrong', () => {
    expect(problemsOf(made([{ id: 'a', parents: ['x', 'y'] }, { id: 'a' }]))).toHaveLength(5);
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

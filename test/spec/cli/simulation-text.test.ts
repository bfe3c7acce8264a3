import { expect, it } from 'vitest';
import { type ShownReport, simulationText } from '../../../src/cli/simulation/text.js';
import { type Io, openIo } from '../../../src/cli/terminal/io.js';
import type { RunReport } from '../../../src/simulate/index.js';
import { job, report } from '../../support/simulate/plans.js';

/** What is shown of a run; more columns than a test's terminal may have. */
function shown(of: RunReport, terminal: Partial<Io> = {}): string {
  const run = {
    policy: 'default@1',
    seed: 1,
    seconds: 0,
    curve: [],
    goal: undefined,
    enough: null,
    smallestEnough: null,
  };
  const shownReport: ShownReport = { ...of, ...run };
  return simulationText({ ...openIo({ color: false }), isTerminal: false, ...terminal }, shownReport);
}

it('gives DAGs without a name, which a journal may have, a name in the table', () => {
  const found = report([{ name: 'x', arrivals: { count: 1, every: 0 }, jobs: [job('1s')] }]);
  expect(shown(found)).toMatch(/^x +1 /m);
  expect(shown({ ...found, names: found.names.map((one) => ({ ...one, name: '' })) })).toMatch(/^\(no name\) +1 /m);
});

it('says of a simulation what there was one of as one', () => {
  const found = report([{ name: 'x', arrivals: { count: 1, every: 0 }, jobs: [job('1s')] }]);
  const refusals = [{ code: 'over-limit', count: 1, detail: 'too many' }];
  const text = shown({ ...found, refusals, assumedAttempts: 1, waiting: { jobs: 1, longestMs: 10 } });
  expect(text).toContain('of 1 DAG and 1 attempt under default@1');
  expect(text).toContain('1 job still waited');
  expect(text).toContain('1 attempt took the estimate');
  expect(text).toContain('1 input refused, over-limit: too many');
});

it('never says that all deadlines were met where one was missed', () => {
  const found = report([
    { name: 'x', arrivals: { count: 1, every: 0 }, jobs: [job('1s')], deadline: { after: '1min' } },
  ]);
  const met = (of: number) => {
    const names = found.names.map((one) => ({ ...one, deadlines: { decided: 10_000, met: of, open: 0 } }));
    return shown({ ...found, names })
      .split('\n')
      .at(-1);
  };
  expect(met(10_000)).toMatch(/ 100 %$/);
  expect(met(9_999)).toMatch(/ 99\.9 %$/);
  expect(met(0)).toMatch(/ 0 %$/);
});

it('says of a run that was given up what is stuck, not how long it waited', () => {
  const wide = { name: 'x', arrivals: { count: 3, every: 0 }, jobs: [job('1s', { slots: 2 })] };
  const text = shown(report([wide], { changes: [{ at: 0, share: 0.25 }] }));
  expect(text).toContain('3 jobs only of x can never go on: 2 slots of one executor needed, the largest of a has 1');
  expect(text).not.toContain('still waited');
});

it.each<[string, Parameters<typeof report>[1], object, RegExp]>([
  [
    'rates',
    { classes: { a: { slots: 4, rates: [{ per: 'starts', add: 1, perMs: 100_000_000 }] } } },
    {},
    /^2 jobs only of x can not go on within 24 hours: rates of a let none start until 27 h 46 min after the beginning$/,
  ],
  [
    'a pause between attempts',
    {},
    {
      retry: { maxAttempts: 2, backoff: { baseMs: 100_000_000, maxMs: 100_000_000 } },
      run: { time: '1s', fails: { attempts: 1 } },
    },
    /^3 jobs only of x can not go on within 24 hours: the first is tried again \d+ h \d+ min after the beginning$/,
  ],
])('says of a run that was given up for %s that it is not for ever', (_name, plan, more, line) => {
  const stream = { name: 'x', arrivals: { count: 3, every: 0 }, jobs: [job('1s', more)] };
  const text = shown(report([stream], plan));
  const [head, second] = text.split('\n');
  expect(head).toContain('nothing had run for 24 hours');
  expect(second).toMatch(line);
  expect(text).not.toContain('never');
});

it('breaks lines between words where a terminal ends, and only there', () => {
  const found = report([{ name: 'x', arrivals: { count: 1, every: 0 }, jobs: [{ id: 'ask', kind: 'signal' }] }]);
  const lines = (isTerminal: boolean) => shown(found, { isTerminal, columns: 60 }).split('\n');
  expect(lines(false)[1]).toBe('1 job ask of x can never go on: a signal that nobody answers');
  expect(lines(true).slice(0, 3)).toEqual([
    '0 ms of 1 DAG and 0 attempts under default@1, seed 1: it was',
    '    given up, for nothing had run for 24 hours (took 0 ms)',
    '1 job ask of x can never go on: a signal that nobody answers',
  ]);
});

it('says of a run that was given up which jobs are too wide, of those too whose DAGs ended otherwise', () => {
  const wide = { name: 'x', arrivals: { count: 3, every: 0 }, jobs: [job('1s', { slots: 2 })] };
  const found = report([wide], { changes: [{ at: 0, share: 0.25 }] });
  const tooWide = ['only', 'other'].map((id) => ({ name: 'x', job: id, executorClass: 'a', slots: 9, largest: 2 }));
  const text = shown({ ...found, tooWide });
  expect(text).toContain('other of x can never run: it needs 9 slots of one executor, and those of a have 2');
  expect(text).not.toContain('only of x can never run');
});

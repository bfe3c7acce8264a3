/** What the many jobs of a large DAG look for in one turn, by name and in outputs, is not looked for among all each time. */
import { expect, it } from 'vitest';
import type { JobSpec } from '../../../src/catalogue/generated/types.js';
import { countingBytes } from '../../support/counting-bytes.js';
import { Code, fanOut, input, job, json, KernelBench, when } from '../../support/kernel/bench.js';

/** Jobs of which somebody counts how often they are looked at. */
function counting(jobs: readonly JobSpec[]): { readonly jobs: JobSpec[]; readonly looks: () => number } {
  let looks = 0;
  const counted = jobs.map((one) =>
    Object.defineProperty({ ...one }, 'id', {
      get: () => {
        looks += 1;
        return one.id;
      },
    }),
  );
  return { jobs: counted, looks: () => looks };
}

const BENCH = { isLarge: true, isQuiet: true } as const;
const MANY = 400;
const numbers = Array.from({ length: MANY }, (_, i) => i);

it.each([
  ['/list', true],
  ['/count', false],
])('fan-outs that read %s of one output pass over it a few times', (at, over) => {
  const b = new KernelBench(BENCH);
  b.register('e1');
  const fans = numbers.map((i) => job(`f${i}`, { after: ['p'], fanOut: fanOut({ from: 'p', at, over }) }));
  b.submit('d', [job('p'), ...fans]);
  const text = json({ list: [1, 2], filler: numbers, count: 2 });
  const output = countingBytes(text);
  const lease = b.lease('d', 'p');
  b.completeLease(lease, {});
  b.cold.outputs.set(`${lease.dag}/${lease.job}/${lease.attempt}`, { json: output.bytes, isBlob: false });
  b.settle();
  expect(b.count('JobReadied')).toBe(1 + 2 * MANY);
  expect(output.reads()).toBeLessThan(20 * text.length);
});

it('jobs whose outputs are read are not looked for among all jobs each time', () => {
  const b = new KernelBench(BENCH);
  const above = numbers.map((i) => job(`p${i}`, { kind: 'noop' }));
  const fans = numbers.map((i) => job(`f${i}`, { after: [`p${i}`], fanOut: fanOut({ from: `p${i}`, over: true }) }));
  const { jobs, looks } = counting([...fans, ...above]);
  b.submit('d', jobs);
  const before = looks();
  b.settle();
  expect(b.count('JobFailed')).toBe(1);
  expect(looks() - before).toBeLessThan(20 * jobs.length);
});

it('jobs and signals that controls name are not looked for among all jobs each time', () => {
  const b = new KernelBench(BENCH);
  const name = { tenant: 'acme', dagId: 'd' };
  const { jobs, looks } = counting(numbers.map((i) => job(`s${i}`, { kind: 'signal' })));
  b.submit('d', jobs);
  b.settle();
  const before = looks();
  b.step(
    numbers.map((i) =>
      i % 2 === 0
        ? input(Code.ResolveSignal, { ...name, signal: `s${i}`, output: null })
        : input(Code.CancelJob, { ...name, job: `s${i}`, reason: '' }),
    ),
  );
  expect(b.count('SignalResolved')).toBe(MANY / 2);
  expect(looks() - before).toBeLessThan(20 * jobs.length);
});

it('conditions on many large outputs take a turn each', () => {
  const b = new KernelBench(BENCH);
  const names = numbers.slice(0, 20).map((i) => `p${i}`);
  b.register('e1', { slots: 20 });
  const tests = names.map((name) => ({ job: name, at: '/x', op: 'eq', value: 1 }));
  const readers = numbers.slice(0, 5).map((i) => job(`f${i}`, { after: names, when: when({ all: tests }) }));
  b.submit('d', [...names.map((name) => job(name)), ...readers]);
  b.settle();
  for (const name of names) b.complete('d', name, { filler: 'x'.repeat(250_000), x: 1 });
  for (const n of [1, 2, 3, 4, 5]) {
    expect(b.step().unfinished).toBe(n < 5);
    expect(b.count('JobReadied')).toBe(20 + n);
  }
});

it('conditions that wait for a turn of their own are not taken apart for each turn before it', () => {
  const b = new KernelBench(BENCH);
  const names = numbers.slice(0, 20).map((i) => `p${i}`);
  b.register('e1', { slots: 20 });
  const condition = countingBytes(when({ all: names.map((name) => ({ job: name, at: '/x', op: 'eq', value: 1 })) }));
  const readers = numbers.slice(0, 15).map((i) => job(`f${i}`, { after: names, when: condition.bytes }));
  b.submit('d', [...names.map((name) => job(name)), ...readers]);
  b.settle();
  for (const name of names) b.complete('d', name, { filler: 'x'.repeat(250_000), x: 1 });
  const before = condition.reads();
  b.step();
  const once = condition.reads() - before;
  b.settle();
  expect(b.count('JobReadied')).toBe(20 + readers.length);
  expect(condition.reads() - before).toBeLessThan(3 * once);
});

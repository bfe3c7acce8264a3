import type { Submission } from '../../../src/client/index.js';

/** A DAG of `count` jobs of one class that don't depend on each other. */
export function flatDag(executorClass: string, count: number, job: object = {}): Submission {
  const jobs = Array.from({ length: count }, (_, i) => ({ id: `j${i}`, executorClass, ...job }));
  return { name: 'flat', jobs };
}

/** A fan-out of `count` children, and a job that comes after them all. */
export function fanOutDag(executorClass: string, count: number): Submission {
  return {
    name: 'fan-out',
    jobs: [
      { id: 'each', executorClass, fanOut: { count } },
      { id: 'last', executorClass, after: ['each'], inputs: { all: { from: 'each' } } },
    ],
  };
}

/** The loads of which the scenarios are made. */
import type { PlanInput } from '../../src/simulate/plan/plan-schema.js';

type StreamInput = Extract<PlanInput['load'][number], { readonly name: string }>;
type Jobs = NonNullable<StreamInput['jobs']>;

/** A stream without what the scenario says of it. */
export type Rest = Omit<StreamInput, 'jobs' | 'dags'>;

const SMALL: Jobs = [
  { id: 'classify', executorClass: 'classifier', run: { time: '300ms' } },
  { id: 'ocr', executorClass: 'ocr', after: ['classify'], run: { time: '2s' } },
  { id: 'extract', executorClass: 'extractor', after: ['ocr'], run: { time: '1s' } },
];

/** Small DAGs: classifier 0.3 s, ocr 2 s, extractor 1 s. */
export function small(rest: Omit<Rest, 'name'> & { readonly name?: string }): StreamInput {
  return { name: 'small', ...rest, jobs: SMALL };
}

/** Giants: split on executors of their own, pages of 2 s on ocr, merge. */
export function giants(pages: number | [number, number], rest: Rest & { readonly split?: string }): StreamInput {
  const { split = '5s', ...more } = rest;
  return {
    ...more,
    fanOuts: { page: pages },
    jobs: [
      { id: 'split', executorClass: 'splitter', run: { time: split } },
      { id: 'page', executorClass: 'ocr', after: ['split'], fanOut: { count: 1 }, run: { time: '2s' } },
      { id: 'merge', executorClass: 'extractor', after: ['page'], run: { time: '5s' } },
    ],
  };
}

/** So many tenants, for a stream of which each DAG draws one. */
export function tenantsOf(count: number): readonly string[] {
  return Array.from({ length: count }, (_, index) => `tenant-${index + 1}`);
}

/** Tenants of the same weight, without limits. */
export function equals(names: readonly string[]): ReturnType<typeof unlimited> {
  return unlimited(Object.fromEntries(names.map((name) => [name, 1])));
}

/** DAGs of one job. */
export function single(name: string, job: Readonly<Record<string, unknown>>, rest: Omit<Rest, 'name'>): StreamInput {
  return { name, ...rest, jobs: [{ id: 'only', executorClass: 'ocr', ...job }] };
}

/** Two streams of giants that arrive in turn, `apart` ms one after the other. */
export function inTurn(count: number, apart: number): readonly [Rest['arrivals'], Rest['arrivals']] {
  const every = 2 * apart;
  return [
    { count: count / 2, every },
    { count: count / 2, every, from: apart },
  ];
}

/** The executors of most scenarios: ocr 32 slots, classifier 8, extractor 16; splitters enough. */
export const CLASSES: PlanInput['classes'] = {
  ocr: { executors: 4, slots: 8 },
  classifier: { executors: 2, slots: 4 },
  extractor: { executors: 4, slots: 4 },
  splitter: { slots: 64 },
};

/** 64 slots of each class. */
export const WIDE_CLASSES: PlanInput['classes'] = {
  ocr: { executors: 8, slots: 8 },
  classifier: { executors: 8, slots: 8 },
  extractor: { executors: 8, slots: 8 },
};

/** Tenants without limits: the scenarios are about order, not about admission. */
export function unlimited(
  weights: Readonly<Record<string, number>> = { default: 1 },
): NonNullable<PlanInput['tenants']> {
  const limits = { openDags: 10_000_000, activeDags: 10_000_000, runnableJobs: 100_000_000 };
  return Object.fromEntries(Object.entries(weights).map(([name, weight]) => [name, { weight, ...limits }]));
}

/** Deadlines under load, under overload, and when half of the slots go. */
import { CLASSES, giants, type Rest, small, unlimited } from './loads.js';
import { type Look, mean, ofDags, smallP99, stream } from './look.js';
import type { Scenario } from './scenario.js';

const DUE = { after: '120s' } as const;
const base = { duration: '10min', classes: CLASSES, tenants: unlimited() } as const;

/** Deadlines that are drawn between so many and so many of the DAG's paths. */
function within(low: number, high: number): { readonly paths: [number, number] } {
  return { paths: [low, high] };
}

/** Giants of 300 pages, evenly over the ten minutes. */
function moderate(count: number, rest: Partial<Rest> = {}, from = '0s') {
  return giants(300, { name: 'giant', arrivals: { count, every: Math.round(600_000 / count), from }, ...rest });
}

const met = (run: Look): number => run.met();
const metByWork = (run: Look): number => run.metByWork();

export const DEADLINES: readonly Scenario[] = [
  {
    id: 'D0',
    words:
      'small 60 % with deadlines of 1.5 to 21.5 paths, four 300-page giants due in 120 s, four without: 85 % in all',
    cells: [{ name: 'deadlines met', unit: '%', of: met, settled: [92.8, 99.9, 92.8, 99.9, 99.9, 99.9] }],
    plan: {
      ...base,
      load: [
        small({ arrivals: { load: 0.6 }, deadline: within(1.5, 21.5) }),
        moderate(4, { deadline: DUE }),
        moderate(4, {}, '75s'),
      ],
    },
  },
  {
    id: 'D',
    words: 'small 80 %, eight and six such giants: 124 % in all, 105 % with deadlines',
    cells: [
      { name: 'deadlines met', unit: '%', of: met, settled: [17, 98.6, 17, 91.3, 99.8, 99.6] },
      { name: 'by work', unit: '%', of: metByWork, settled: [24, 94, 24, 79, 84, 90] },
    ],
    plan: {
      ...base,
      load: [
        small({ arrivals: { load: 0.8 }, deadline: within(1.5, 21.5) }),
        moderate(8, { deadline: DUE }),
        moderate(6, {}, '50s'),
      ],
    },
  },
  {
    id: 'E',
    words:
      'small 110 % (80 % with deadlines of 2 to 22 paths, 20 % at priority 1), twelve 300-page giants due in 120 s: 147 % in all, two tenants',
    cells: [
      { name: 'deadlines met', unit: '%', of: met, settled: [12, 36, 27, 43, 54, 97.8] },
      { name: 'by work', unit: '%', of: metByWork, settled: [16, 32, 27, 34, 43, 78] },
    ],
    plan: {
      ...base,
      tenants: unlimited({ a: 1, b: 1 }),
      load: [
        small({ tenant: ['a', 'b'], arrivals: { load: 0.88 }, deadline: { ...within(2, 22), share: 0.8 } }),
        small({
          tenant: ['a', 'b'],
          arrivals: { load: 0.22 },
          deadline: { ...within(2, 22), share: 0.8 },
          priority: 1,
        }),
        moderate(12, { tenant: ['a', 'b'], deadline: DUE }),
      ],
    },
  },
  {
    id: 'J',
    words:
      'small 60 %, half with deadlines of 1.5 to 21.5 paths, four 300-page giants due in 120 s; half of the slots gone from 200 to 500 s',
    cells: [
      { name: 'deadlines met', unit: '%', of: met, settled: [47, 100, 47, 100, 77, 99.9] },
      { name: 'small p99', unit: 's', of: smallP99, settled: [97, 227, 97, 227, 53, 181] },
    ],
    plan: {
      ...base,
      changes: [
        { at: '200s', share: 0.5 },
        { at: '500s', share: 1 },
      ],
      load: [
        small({ arrivals: { load: 0.6 }, deadline: { ...within(1.5, 21.5), share: 0.5 } }),
        moderate(4, { deadline: DUE }),
      ],
    },
  },
  {
    id: 'M',
    words: 'small 100 % with deadlines of 2 to 20 paths, hard at 20; ten 300-page giants due in 120 s, hard at 240 s',
    cells: [
      {
        name: 'DAGs done',
        unit: '%',
        of: (run) => 100 * mean(run.dags(() => true).map(({ outcome }) => (outcome === 'succeeded' ? 1 : 0))),
        settled: [49, 75, 49, 96, 99.9, 99.9],
      },
      {
        name: 'soft deadlines met',
        unit: '%',
        of: met,
        settled: [15, 27, 15, 27, 94, 82],
      },
    ],
    plan: {
      ...base,
      load: [
        small({ arrivals: { load: 1 }, deadline: within(2, 20), hardDeadline: { paths: 20 } }),
        moderate(10, { deadline: DUE, hardDeadline: { after: '240s' } }),
      ],
    },
  },
  {
    id: 'O',
    words: 'tenant a 150 %, all with deadlines of 2 to 22 paths; b 50 %, none',
    cells: [
      {
        name: "b's slots",
        unit: '%',
        of: (run) => (100 * run.held('ocr', ofDags(stream('b')))) / run.held('ocr', () => true),
        settled: [25, 0, 25, 0, 49, 22],
      },
      {
        name: "a's deadlines",
        unit: '%',
        of: (run) => run.met(stream('a')),
        settled: [7, 13, 7, 11, 4, 51],
      },
    ],
    plan: {
      ...base,
      end: 'duration',
      tenants: unlimited({ a: 1, b: 1 }),
      load: [
        small({ name: 'a', tenant: 'a', arrivals: { load: 1.5 }, deadline: within(2, 22) }),
        small({ name: 'b', tenant: 'b', arrivals: { load: 0.5 } }),
      ],
    },
  },
];

/** Giants and small DAGs side by side, without deadlines. */
import { CLASSES, giants, inTurn, small, unlimited } from './loads.js';
import { giantsMean, ofDags, smallP99, stream } from './look.js';
import type { Scenario } from './scenario.js';

const [FAST_SPLIT, SLOW_SPLIT] = inTurn(10, 20_000);

const base = { duration: '15min', classes: CLASSES, tenants: unlimited() } as const;

export const GIANTS: readonly Scenario[] = [
  {
    id: 'A',
    words: 'one giant of 20,000 pages, small load 60 %',
    cells: [
      { name: 'small p99', unit: 's', of: smallP99, settled: [1250, 1250, 1249, 6.3, 6.3, 6.3] },
      { name: 'giant', unit: 's', of: giantsMean, settled: [1263, 1263, 1284, 1796, 1796, 1796] },
    ],
    plan: {
      ...base,
      load: [giants(20_000, { name: 'giant', arrivals: { count: 1, every: 0 } }), small({ arrivals: { load: 0.6 } })],
    },
  },
  {
    id: 'B',
    words: 'eight giants of 1,000 to 6,000 pages, 20 s apart, small load 40 %',
    cells: [
      { name: 'giants mean', unit: 's', of: giantsMean, settled: [858, 858, 859, 973, 1558, 974] },
      { name: 'small p99', unit: 's', of: smallP99, settled: [1614, 1614, 1614, 6.3, 6.5, 6.3] },
    ],
    plan: {
      ...base,
      duration: '10min',
      load: [
        giants([1_000, 6_000], { name: 'giant', arrivals: { count: 8, every: '20s' } }),
        small({ arrivals: { load: 0.4 } }),
      ],
    },
  },
  {
    id: 'C',
    words: 'a giant of 4,000 pages, then 2,000 small at once, then small 105 % for 15 min',
    cells: [
      {
        name: "giant's pages by 15 min",
        unit: '',
        of: (run) => run.doneBy(ofDags(stream('giant')), 900).filter((page) => page.executorClass === 'ocr').length,
        settled: [4000, 4000, 4000, 0, 1, 254],
      },
      { name: 'small p99', unit: 's', of: smallP99, settled: [426, 426, 426, 176, 176, 201] },
    ],
    plan: {
      ...base,
      load: [
        giants(4_000, { name: 'giant', arrivals: { count: 1, every: 0 } }),
        small({ arrivals: { count: 2_000, every: 0 } }),
        small({ arrivals: { load: 1.05 } }),
      ],
    },
  },
  {
    id: 'K',
    words: 'ten giants whose 800 to 2,400 pages become known when a splitter of 5 or 60 s ends, small 70 %',
    cells: [
      { name: 'giants mean', unit: 's', of: giantsMean, settled: [563, 563, 563, 776, 1173, 793] },
      { name: 'small p99', unit: 's', of: smallP99, settled: [977, 977, 977, 6.4, 6.6, 6.4] },
    ],
    plan: {
      ...base,
      duration: '10min',
      load: [
        giants([800, 2_400], { name: 'giant', arrivals: FAST_SPLIT }),
        giants([800, 2_400], { name: 'giant', arrivals: SLOW_SPLIT, split: '60s' }),
        small({ arrivals: { load: 0.7 } }),
      ],
    },
  },
];

/** Tenants, priorities, and jobs of different length and width on the same slots; failures. */
import { START_MS } from '../../src/simulate/cell/virtual-cell.js';
import { CLASSES, equals, giants, inTurn, single, small, tenantsOf, unlimited, WIDE_CLASSES } from './loads.js';
import { jain, type Look, longest, mean, ofDags, p99, stream, waitP99 } from './look.js';
import type { Scenario } from './scenario.js';

const ONE_CLASS = { ocr: { executors: 4, slots: 4 } } as const;

/** Loads of the tenants of G, and what max-min fairness gives each. */
const LOADS = { a: 3, b: 0.2, c: 0.2, d: 0.1 } as const;
const FAIR_SHARES = { a: 0.5, b: 0.2, c: 0.2, d: 0.1 } as const;

function fairness(run: Look): number {
  const received = Object.entries(FAIR_SHARES).map(([name, share]) => run.held('ocr', ofDags(stream(name))) / share);
  return jain(received);
}

const F_PER_SECOND = (0.9 * 16) / (0.9 * 0.5 + 0.1 * 60);
const F_TENANTS = [...tenantsOf(10)];
const NARROW_SECONDS = 4;
const WIDE_SECONDS = 7;
const I_PER_SECOND = (0.9 * 32) / (0.95 * NARROW_SECONDS + 0.05 * 4 * WIDE_SECONDS);

const P_TENANTS = [...tenantsOf(3)];
/**
 * Loads of P and the seconds that a short job takes. By the waits of
 * the other policies fewer arrive once they take longer.
 */
const P_PHASES = [
  { from: '0s', until: '20min', load: 0.5, short: 1 },
  { from: '20min', until: '25min', load: 1.15, short: 16 },
  { from: '25min', until: '60min', load: 0.75, short: 16 },
] as const;

/** A stream of P in each of its phases. */
function phases(name: string, job: Readonly<Record<string, unknown>>, share: number) {
  return P_PHASES.map(({ from, until, load, short }) => {
    const perSecond = (share * load * 16) / (0.9 * short + 0.1 * 60);
    return single(name, job, { tenant: P_TENANTS, arrivals: { from, until, perSecond } });
  });
}

/** Waits of short jobs of P that arrived in a stretch of the run, in seconds. */
function shortWaits(run: Look, fromSeconds: number, toSeconds: number): number {
  const from = START_MS + fromSeconds * 1_000;
  const to = START_MS + toSeconds * 1_000;
  return p99(run.waits((dag) => stream('short')(dag) && dag.acceptedAt >= from && dag.acceptedAt < to));
}

const [HEALTHY, POISONED] = inTurn(12, 20_000);
const RETRY = { maxAttempts: 12, backoff: { baseMs: 100, maxMs: 10_000 } } as const;

export const SHARING: readonly Scenario[] = [
  {
    id: 'F',
    words: '16 slots, 90 % jobs of 0.5 s, 10 % of 60 s, load 90 %; ten tenants',
    cells: [
      { name: 'short p99 wait', unit: 's', of: waitP99('short'), settled: [51, 51, 13, 13, 83, 1] },
      { name: 'long p99 wait', unit: 's', of: waitP99('long'), settled: [50, 50, 56, 56, 83, 152] },
    ],
    plan: {
      duration: '60min',
      classes: ONE_CLASS,
      tenants: equals(F_TENANTS),
      load: [
        single('short', { run: { time: '500ms' } }, { tenant: F_TENANTS, arrivals: { perSecond: 0.9 * F_PER_SECOND } }),
        single('long', { run: { time: '60s' } }, { tenant: F_TENANTS, arrivals: { perSecond: 0.1 * F_PER_SECOND } }),
      ],
    },
  },
  {
    id: 'G',
    words: 'tenants with loads of 300, 20, 20, 10 %',
    cells: [
      { name: 'Jain', unit: '', of: fairness, settled: [0.51, 0.51, 0.51, 0.51, 1, 1] },
      {
        name: "modest tenants' p99 wait",
        unit: 's',
        of: (run) => p99(run.waits(({ submission }) => submission.name !== 'a')),
        settled: [445, 445, 445, 445, 1.1, 1.1],
      },
    ],
    plan: {
      duration: '10min',
      end: 'duration',
      classes: WIDE_CLASSES,
      tenants: unlimited({ a: 1, b: 1, c: 1, d: 1 }),
      load: Object.entries(LOADS).map(([name, load]) => small({ name, tenant: name, arrivals: { load } })),
    },
  },
  {
    id: 'H',
    words: 'priority 10 at 105 % for 15 min, priority 0 at 3 %',
    cells: [
      {
        name: 'longest low wait',
        unit: 's',
        of: (run) => longest(run.waits(stream('low'))),
        settled: [73, 73, 938, 938, 938, 131],
      },
      {
        name: 'p99 at priority 10',
        unit: 's',
        of: (run) => p99(run.latencies(stream('high'))),
        settled: [75, 75, 49, 49, 49, 73],
      },
    ],
    plan: {
      duration: '15min',
      classes: WIDE_CLASSES,
      tenants: unlimited(),
      load: [
        small({ name: 'high', priority: 10, arrivals: { load: 1.05 } }),
        small({ name: 'low', arrivals: { load: 0.03 } }),
      ],
    },
  },
  {
    id: 'I',
    words: '8 executors of 4 slots, 5 % jobs of 4 slots, load 90 %; the narrow ones of 4 s, the wide ones of 7 s',
    cells: [
      { name: 'wide p99 wait', unit: 's', of: waitP99('wide'), settled: [30, 30, 53, 53, 22, 41] },
      { name: 'narrow p99 wait', unit: 's', of: waitP99('narrow'), settled: [6.8, 6.8, 2, 2, 10.2, 2.4] },
    ],
    plan: {
      duration: '30min',
      classes: { ocr: { executors: 8, slots: 4 } },
      tenants: unlimited(),
      load: [
        single('narrow', { run: { time: NARROW_SECONDS * 1_000 } }, { arrivals: { perSecond: 0.95 * I_PER_SECOND } }),
        single(
          'wide',
          { slots: 4, run: { time: WIDE_SECONDS * 1_000 } },
          { arrivals: { perSecond: 0.05 * I_PER_SECOND } },
        ),
      ],
    },
  },
  {
    id: 'L',
    words: 'small 50 %, a tenth fail twice; twelve 1,000-page giants, in six all pages fail every time (12 attempts)',
    cells: [
      {
        name: 'healthy giants',
        unit: 's',
        of: (run) => mean(run.latencies(stream('healthy'))),
        settled: [426, 426, 426, 600, 682, 454],
      },
      {
        name: 'lost slot-ks',
        unit: '',
        of: (run) => run.lost() / 1_000,
        settled: [18.7, 18.7, 18.7, 15.6, 3.1, 5.9],
      },
    ],
    plan: {
      duration: '10min',
      classes: CLASSES,
      tenants: unlimited(),
      load: [
        // 50 % without the attempts that fail, which are a fifth more.
        withRetry(small({ arrivals: { load: 0.6 } }), { ocr: { time: '2s', fails: { share: 0.1, attempts: 2 } } }),
        withRetry(giants(1_000, { name: 'healthy', arrivals: HEALTHY })),
        withRetry(giants(1_000, { name: 'poisoned', arrivals: POISONED }), {
          page: { time: '2s', fails: { attempts: 12 } },
        }),
      ],
    },
  },
  {
    id: 'N',
    words: 'weights 1 : 3, both at 150 %, a third tenant at 10 % with weight 1.5 (2, 6 and 3)',
    cells: [
      {
        name: 'share 3 : 1',
        unit: '',
        of: (run) => run.held('ocr', ofDags(stream('heavy'))) / run.held('ocr', ofDags(stream('light'))),
        settled: [1, 1, 1, 1, 3, 3],
      },
      {
        name: "third tenant's p99 wait",
        unit: 's',
        of: waitP99('third'),
        settled: [624, 624, 624, 624, 1.2, 1.3],
      },
    ],
    plan: {
      duration: '15min',
      end: 'duration',
      classes: CLASSES,
      tenants: unlimited({ light: 2, heavy: 6, third: 3 }),
      load: [
        small({ name: 'light', tenant: 'light', arrivals: { load: 1.5 } }),
        small({ name: 'heavy', tenant: 'heavy', arrivals: { load: 1.5 } }),
        small({ name: 'third', tenant: 'third', arrivals: { load: 0.1 } }),
      ],
    },
  },
  {
    id: 'P',
    words:
      '16 slots, long jobs of 60 s (10 %), short ones of 1 s that take 16 s from 20 min on, estimates still 1 s; load 50 %, for five minutes 115 %, then 75 %; three tenants',
    cells: [
      {
        name: 'short p99 before',
        unit: 's',
        of: (run) => shortWaits(run, 0, 1_200),
        settled: [1.2, 1.2, 0.5, 0.5, 0.7, 0.2],
      },
      {
        name: '5 min after',
        unit: 's',
        of: (run) => shortWaits(run, 1_200, 1_500),
        settled: [26, 26, 40, 40, 37, 35],
      },
      { name: 'later', unit: 's', of: (run) => shortWaits(run, 1_500, 3_600), settled: [19, 19, 17, 17, 29, 18] },
    ],
    plan: {
      duration: '60min',
      classes: ONE_CLASS,
      tenants: equals(P_TENANTS),
      load: [
        ...phases('short', { estimateMs: 1_000, run: { time: '1s', later: [{ from: '20min', time: '16s' }] } }, 0.9),
        ...phases('long', { run: { time: '60s' } }, 0.1),
      ],
    },
  },
];

/** The same stream, its jobs tried twelve times. */
function withRetry<T extends { readonly jobs?: unknown }>(stream: T, runs: Readonly<Record<string, unknown>> = {}): T {
  const jobs = (stream.jobs as readonly object[]).map((job) => ({ ...job, retry: RETRY }));
  return { ...stream, jobs, runs };
}

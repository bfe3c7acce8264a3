/** Real DAGs in WfFormat, as WfCommons publishes them. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { madeOnce } from '../../src/catalogue/made-once.js';
import { type ImportedDag, importInstance } from '../../src/import/wfformat.js';
import { unlimited } from './loads.js';
import { type Look, mean, p99 } from './look.js';
import type { Scenario } from './scenario.js';

const DAGS = 10;
const ARRIVALS = 400;
const LOAD = 0.75;
const SLOTS = 8;
const CLASSES = ['w', 'x', 'y', 'z'] as const;

/** Scenario W on the first instances of a folder and those below it, by their names. */
export async function realDags(folder: string): Promise<Scenario> {
  const names = await readdir(folder, { recursive: true });
  const files = names.filter((name) => name.endsWith('.json')).sort((a, b) => (a < b ? -1 : 1));
  const dags = new Map<string, ImportedDag>();
  for (const file of files.slice(0, DAGS)) dags.set(file, await instance(join(folder, file)));
  if (dags.size === 0) throw new Error(`no instance in WfFormat below ${folder}`);
  const classes = Object.fromEntries(CLASSES.map((name) => [name, { executors: 2, slots: SLOTS / 2 }]));
  return {
    id: 'W',
    words: `${ARRIVALS} arrivals of ${dags.size} real DAGs in WfFormat, 4 classes of ${SLOTS} slots, load ${LOAD * 100} %, half with deadlines of 2 to 8 paths, three tenants`,
    cells: CELLS,
    plan: {
      duration: durationOf([...dags.values()]),
      classes,
      tenants: unlimited({ a: 1, b: 1, c: 1 }),
      load: [
        {
          name: 'real',
          tenant: ['a', 'b', 'c'],
          arrivals: { count: ARRIVALS },
          deadline: { paths: [2, 8], share: 0.5 },
          dags: [...dags.keys()],
        },
      ],
    },
    readDag: (name) => dags.get(name),
  };
}

const CELLS: Scenario['cells'] = [
  { name: 'slowdown mean', unit: '', of: (run: Look) => mean(run.slowdowns()), settled: [7.5, 6.7, 3.9, 5.5, 4.3, 4] },
  { name: 'slowdown p99', unit: '', of: (run: Look) => p99(run.slowdowns()), settled: [72, 107, 36, 101, 44, 38] },
  {
    name: 'deadlines met',
    unit: '%',
    of: (run: Look) => run.met(),
    settled: [70, 86.7, 79, 84, 79, 86.8],
  },
];

/** Each kind of job has one of the classes, in the order in which the kinds come up. */
async function instance(file: string): Promise<ImportedDag> {
  const kinds = new Map<string, string>();
  const classOf = (kind: string) => madeOnce(kinds, kind, () => CLASSES[kinds.size % CLASSES.length]!);
  return importInstance(JSON.parse(await readFile(file, 'utf8')), { classOf, scale: 1 });
}

/** How long the arrivals take, in ms, so that the class that is used most has its load. */
function durationOf(dags: readonly ImportedDag[]): number {
  const perDag = CLASSES.map((name) => {
    const jobs = dags.flatMap((dag) => dag.jobs.filter(({ executorClass }) => executorClass === name));
    return jobs.reduce((sum, { estimateMs }) => sum + estimateMs, 0) / dags.length;
  });
  return Math.round((ARRIVALS * Math.max(...perDag)) / (SLOTS * LOAD));
}

import { DEADLINES } from './deadlines.js';
import { GIANTS } from './giants.js';
import { realDags } from './real-dags.js';
import type { Scenario } from './scenario.js';
import { SHARING } from './sharing.js';

/** Every scenario in the order of the table; that of real DAGs where there is a folder of instances. */
export async function scenariosOf(instances: string | null): Promise<readonly Scenario[]> {
  const real = instances === null ? [] : [await realDags(instances)];
  return [...GIANTS, ...DEADLINES, ...SHARING, ...real].toSorted((a, b) => (a.id < b.id ? -1 : 1));
}

/** Every policy in every scenario, under a virtual clock: how many numbers of the default are outside the bar. */
import { writeFile } from 'node:fs/promises';
import { DEADLINES } from './policy/deadlines.js';
import { available, type CellResult, evaluate } from './policy/evaluate.js';
import { GIANTS } from './policy/giants.js';
import { pageOf } from './policy/page.js';
import { realDags } from './policy/real-dags.js';
import { POLICIES } from './policy/scenario.js';
import { SHARING } from './policy/sharing.js';
import type { Bench } from './support/result.js';

const SEEDS = [1, 2, 3];
/** Where the table is written, from where the command is called: the project's folder. */
const PAGE = 'docs/policy-evaluation.md';

export const policy: Bench = {
  name: 'policy',
  summary: "the policies' scenarios under a virtual clock: numbers outside the bar",
  async run({ note, only, instances }) {
    const real = instances === null ? [] : [await realDags(instances)];
    const all = [...GIANTS, ...DEADLINES, ...SHARING, ...real].toSorted((a, b) => (a.id < b.id ? -1 : 1));
    const chosen = only.length === 0 ? all : all.filter(({ id }) => only.includes(id));
    const began = performance.now();
    const results: CellResult[] = [];
    for (const scenario of chosen) results.push(...evaluate(scenario, SEEDS, note));
    if (only.length === 0) await writeFile(PAGE, pageOf(all, results, SEEDS));
    const outside = results.filter((result) => result.outside.length > 0);
    return {
      value: outside.length,
      unit: 'cells',
      target: 0,
      better: 'lower',
      bound: `${Math.round((performance.now() - began) / 1_000)} s of one core`,
      parts: [],
      details: {
        cells: results.length,
        seeds: SEEDS,
        policies: available,
        missing: POLICIES.filter((id) => !available.includes(id)),
        outside: Object.fromEntries(
          outside.map(({ scenario, cell, outside: how }) => [`${scenario} ${cell.name}`, how]),
        ),
        because: Object.fromEntries(
          outside.map(({ scenario, cell }) => [`${scenario} ${cell.name}`, cell.because ?? null]),
        ),
        measured: Object.fromEntries(
          results.map(({ scenario, cell, measured }) => [
            `${scenario} ${cell.name}`,
            Object.fromEntries(measured.map(({ policy: id, value, settled }) => [id, [round(value), settled]])),
          ]),
        ),
      },
    };
  },
};

function round(value: number): number {
  return Math.round(value * 100) / 100;
}

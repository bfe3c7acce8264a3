/** Every policy in every scenario, under a virtual clock: how many numbers of the default are outside the bar. */
import { writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { Crew } from './policy/crew.js';
import { available, type CellResult, evaluate } from './policy/evaluate.js';
import { KeptTrials } from './policy/kept-trials.js';
import { pageOf } from './policy/page.js';
import { REASONS } from './policy/reasons.js';
import { POLICIES } from './policy/scenario.js';
import { scenariosOf } from './policy/scenarios.js';
import { type Measure, titleOf } from './policy/trial.js';
import { round } from './support/percentiles.js';
import type { Bench } from './support/result.js';

const SEEDS = [1, 2, 3];
/** Where the table is written, from where the command is called: the project's folder. */
const PAGE = 'docs/policy-evaluation.md';

export const policy: Bench = {
  name: 'policy',
  summary: "the policies' scenarios under a virtual clock: numbers outside the bar",
  async run({ note, only, instances, rows }) {
    const all = await scenariosOf(instances);
    const chosen = only.length === 0 ? all : all.filter(({ id }) => only.includes(id));
    const began = performance.now();
    const kept = await KeptTrials.open(rows);
    const crew = new Crew(availableParallelism(), instances);
    let taken = 0;
    const measure: Measure = async (trial) => {
      const known = kept.find(trial);
      if (known !== undefined) {
        taken += 1;
        return known;
      }
      const values = await crew.run(trial);
      await kept.add(trial, values);
      note(`${titleOf(trial)}: ${values.map(round).join(', ')}`);
      return values;
    };
    let results: CellResult[];
    try {
      results = (await Promise.all(chosen.map((scenario) => evaluate(scenario, SEEDS, measure)))).flat();
    } finally {
      crew.stop();
    }
    if (only.length === 0 && instances !== null) await writeFile(PAGE, pageOf(all, results, SEEDS));
    else note(`${PAGE} stays as it is: it has every scenario, that of real DAGs (--wfformat FOLDER) too`);
    const outside = results.filter((result) => result.outside.length > 0);
    return {
      value: outside.length,
      unit: 'cells',
      target: 0,
      better: 'lower',
      bound: `${Math.round((performance.now() - began) / 1_000)} s in ${availableParallelism()} processes`,
      parts: [],
      details: {
        cells: results.length,
        seeds: SEEDS,
        policies: available,
        missing: POLICIES.filter((id) => !available.includes(id)),
        /** Trials that an earlier run of the same code had kept. */
        taken,
        outside: Object.fromEntries(
          outside.map(({ scenario, cell, outside: how }) => [`${scenario} ${cell.name}`, how]),
        ),
        because: Object.fromEntries(
          outside.map(({ scenario, cell }) => [
            `${scenario} ${cell.name}`,
            REASONS[`${scenario} ${cell.name}`] ?? null,
          ]),
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

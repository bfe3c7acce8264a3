/** Small plans whose outcome can be told beforehand. */
import { checkPlan, type Plan, type RunReport, reportOf, runPlan } from '../../../src/simulate/index.js';
import type { PlanInput } from '../../../src/simulate/plan/plan-schema.js';

/** A job on class `a` that runs so long. */
export const job = (time: string, more: object = {}) => ({ id: 'only', executorClass: 'a', run: { time }, ...more });

/** A plan on four slots of class `a`, its run times exact. */
export function planOf(load: PlanInput['load'], more: Partial<PlanInput> = {}): Plan {
  const plan: PlanInput = { sigma: 0, duration: '1min', classes: { a: { executors: 2, slots: 2 } }, ...more, load };
  return checkPlan(plan, () => null);
}

/** The report of such a plan. */
export function report(load: PlanInput['load'], more: Partial<PlanInput> = {}): RunReport {
  return reportOf(runPlan(planOf(load, more)));
}

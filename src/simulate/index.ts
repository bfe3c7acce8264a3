/** Simulation of a cell under a virtual clock, as a library: what `marie simulate` and the evaluation of policies use. */

export { checkPlan } from './check-plan.js';
export { type CurvePoint, pointOf, smallestEnough } from './curve.js';
export { checkHistories, type History } from './history.js';
export { HistoryReader } from './history-reader.js';
export type { Plan } from './plan.js';
export { PlanError } from './plan-error.js';
export { type GroupReport, type RunReport, reportOf } from './report.js';
export { playPlan, runPlan } from './run-plan.js';
export { exceedsByRunTimes } from './run-times.js';
export type { Spread } from './spread.js';
export type { StuckReport } from './stuck.js';
export type { TooWide } from './too-wide.js';
export { type Verdict, verdictOf } from './verdict.js';

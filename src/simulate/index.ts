/** Simulation of a cell under a virtual clock, as a library: what `marie simulate` and the evaluation of policies use. */

export { checkHistories, type History } from './history/history.js';
export { HistoryReader } from './history/history-reader.js';
export { checkPlan } from './load/check-plan.js';
export type { Plan } from './plan/plan.js';
export { PlanError } from './plan/plan-error.js';
export { type CurvePoint, pointOf, smallestEnough } from './report/curve.js';
export { type GroupReport, type RunReport, reportOf } from './report/report.js';
export { exceedsByRunTimes } from './report/run-times.js';
export type { Spread } from './report/spread.js';
export type { StuckReport } from './report/stuck.js';
export type { TooWide } from './report/too-wide.js';
export { type Verdict, verdictOf } from './report/verdict.js';
export { playPlan, runPlan } from './run-plan.js';

import type { Plan } from './plan.js';
import { PlanWorld } from './plan-world.js';
import { Recorder } from './records.js';
import { type RunEnd, START_MS, VirtualCell } from './virtual-cell.js';
import type { World } from './world.js';

/** What a run of a plan gave. */
export interface PlanRun {
  readonly plan: Plan;
  readonly recorder: Recorder;
  readonly end: RunEnd;
  /** When it ended, in ms after the beginning. */
  readonly endMs: number;
}

/** Progress of a run: how far its clock is, in ms after the beginning. */
export type OnProgress = (atMs: number, recorder: Recorder) => void;

/** How often progress is told, in ms of the run's clock. */
const PROGRESS_MS = 10_000;

/** Runs a plan to its end. */
export function runPlan(
  plan: Plan,
  onProgress: OnProgress = () => undefined,
  world: World = new PlanWorld(plan),
): PlanRun {
  const recorder = new Recorder();
  const cell = new VirtualCell(world, recorder.watch);
  const until = plan.end === 'duration' ? START_MS + plan.duration : Number.POSITIVE_INFINITY;
  let end: RunEnd = 'until';
  for (let at = START_MS; end === 'until' && at < until; onProgress(cell.at - START_MS, recorder)) {
    at = Math.min(until, at + PROGRESS_MS);
    end = cell.run(at);
  }
  return { plan, recorder, end, endMs: Math.min(until, cell.at) - START_MS };
}

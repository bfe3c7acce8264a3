import { Kernel } from '../kernel/kernel.js';
import { type RunEnd, START_MS, VirtualCell, type VirtualTurn } from './cell/virtual-cell.js';
import type { History } from './history/history.js';
import { PlanWorld } from './load/plan-world.js';
import type { Plan } from './plan/plan.js';
import { type ClassHold, ClassHolds } from './report/class-holds.js';
import { isEndless, isEndlessJob } from './report/endless.js';
import { Recorder } from './report/records.js';
import { type StuckReport, stuckReports } from './report/stuck.js';

/** What a run of a plan gave. */
export interface PlanRun {
  readonly plan: Plan;
  readonly recorder: Recorder;
  readonly end: RunEnd;
  /** When it ended, in ms after the beginning; given up, when something happened for the last time. */
  readonly endMs: number;
  /** Attempts of journals' DAGs that took their estimate, because the journal doesn't say how they ended. */
  readonly assumed: number;
  /** What its journals tell. */
  readonly histories: readonly History[];
  /**
   * What can never go on: all that was open when it was given up; at the
   * end of its time, what no signal, slot or limit will let go.
   */
  readonly stuck: readonly StuckReport[];
  /** How long limits of the plan's classes held jobs back. */
  readonly classHolds: readonly ClassHold[];
}

/** How far a run is. */
export interface Progress {
  /** Its clock, in ms after the beginning. */
  readonly atMs: number;
  readonly recorder: Recorder;
}

/** How often a run stops to tell, in ms of its clock; where nothing happens for longer, when something does. */
const TOLD_MS = 10_000;

/**
 * Runs a plan a while at a time, so that whoever calls may show how far it is, do something else in between, or give up.
 * `histories`: what the plan's journals tell, in their order.
 */
export function* playPlan(plan: Plan, histories: readonly History[] = []): Generator<Progress, PlanRun, void> {
  const recorder = new Recorder();
  const world = new PlanWorld(plan, histories);
  const kernel = new Kernel();
  const classHolds = new ClassHolds(plan, kernel);
  const watch = (turn: VirtualTurn) => {
    recorder.watch(turn);
    classHolds.watch(turn.at, recorder.lastAt === turn.at);
  };
  const cell = new VirtualCell(world, watch, kernel);
  const until = plan.end === 'duration' ? START_MS + plan.duration : Number.POSITIVE_INFINITY;
  let end: RunEnd = 'until';
  for (let at = START_MS; end === 'until' && at < until; ) {
    at = Math.min(until, Math.max(at + TOLD_MS, cell.nextAt));
    end = cell.run(at);
    yield { atMs: cell.at - START_MS, recorder };
  }
  const last = end === 'stalled' ? Math.max(START_MS, recorder.lastAt) : cell.at;
  const endMs = (end === 'until' ? until : Math.min(until, last)) - START_MS;
  const stuck =
    end === 'drained'
      ? []
      : stuckReports(cell, recorder, {
          dag: (row) => end === 'stalled' || isEndless(cell, recorder, world, row),
          job: (row) => end === 'stalled' || isEndlessJob(kernel, row),
        });
  const holds = classHolds.reports(START_MS + endMs);
  return { plan, recorder, end, endMs, assumed: world.assumed, histories, stuck, classHolds: holds };
}

/** Runs a plan to its end. */
export function runPlan(plan: Plan, histories: readonly History[] = []): PlanRun {
  const moments = playPlan(plan, histories);
  for (;;) {
    const { done, value } = moments.next();
    if (done) return value;
  }
}

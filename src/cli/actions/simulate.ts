import { setImmediate } from 'node:timers/promises';
import { decodeTurn } from '../../catalogue/turn.js';
import {
  type CurvePoint,
  checkHistories,
  type History,
  HistoryReader,
  type Plan,
  PlanError,
  playPlan,
  pointOf,
  type RunReport,
  reportOf,
  smallestEnough,
  verdictOf,
} from '../../simulate/index.js';
import { Exit } from '../exit.js';
import { counted, duration } from '../format.js';
import type { Io } from '../io.js';
import { Meter } from '../meter.js';
import { type PlanFile, readPlan } from '../plan-file.js';
import { simulationText } from '../simulation-text.js';
import { visibleIn } from '../visible.js';
import { readJournal } from './journal-folder.js';

export interface SimulateOptions {
  readonly policy?: string;
  readonly seed?: number;
  readonly curve?: readonly number[];
}

/** `marie simulate`: runs a plan of load under a virtual clock, then the same load on the sizes of its curve. */
export async function simulate(io: Io, file: string, { policy, seed, curve }: SimulateOptions): Promise<void> {
  const began = performance.now();
  const given = Object.entries({ policy, seed, curve }).filter(([, value]) => value !== undefined);
  const read = await readPlan(file, Object.fromEntries(given));
  const { plan } = read;
  const meter = new Meter(io);
  const histories = await readHistories(read);
  const report = await run(plan, histories, meter, '');
  const points: CurvePoint[] = [];
  for (const factor of new Set(plan.curve.toSorted((a, b) => a - b))) {
    const sized = factor === 1 ? report : await run({ ...plan, scale: factor }, histories, meter, ` on x${factor}`);
    points.push(pointOf(factor, sized, plan.goal));
  }
  meter.clear();
  const seconds = Math.round(performance.now() - began) / 1_000;
  const smallest = smallestEnough(points)?.factor ?? null;
  const enough = plan.goal === undefined ? null : verdictOf(plan.goal, report);
  const result = { plan: file, policy: plan.policy, seed: plan.seed, seconds, ...report, enough, curve: points };
  if (report.end === 'stalled') process.exitCode = Exit.Failed;
  io.emit('simulation', { ...result, smallestEnough: smallest }, (shown) =>
    simulationText(io, { ...shown, goal: visibleIn(plan.goal) }),
  );
}

/** One run, shown as it comes on; in between the process can be told to end. */
async function run(plan: Plan, histories: readonly History[], meter: Meter, where: string): Promise<RunReport> {
  const moments = playPlan(plan, histories);
  for (;;) {
    const { done, value } = moments.next();
    if (done) return reportOf(value);
    const { atMs, recorder } = value;
    meter.show(
      () =>
        `simulated ${duration(atMs)}${where}: ${counted(recorder.dags.length, 'DAG')}, ${counted(recorder.attempts.length, 'attempt')}`,
    );
    await setImmediate();
  }
}

async function readHistories({ plan, near, wrong }: PlanFile): Promise<readonly History[]> {
  const histories: History[] = [];
  for (const { journal } of plan.journals) {
    const history = new HistoryReader();
    const reader = await readJournal(near(journal));
    for await (const { bytes } of reader.read(reader.firstTurn())) history.take(decodeTurn(bytes));
    histories.push(history);
  }
  try {
    checkHistories(plan, histories);
  } catch (error) {
    throw error instanceof PlanError ? wrong(error) : error;
  }
  return histories;
}

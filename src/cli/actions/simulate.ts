import { setImmediate } from 'node:timers/promises';
import { decodeTurn } from '../../catalogue/turn.js';
import {
  type CurvePoint,
  checkHistories,
  exceedsByRunTimes,
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
import { type PlanFile, readPlan } from '../files/plan-file.js';
import { given } from '../given.js';
import { simulationText } from '../simulation/text.js';
import type { Io } from '../terminal/io.js';
import { Meter } from '../terminal/meter.js';
import { counted, duration } from '../text/format.js';
import { visibleIn } from '../text/visible.js';
import { readJournal } from './journal-folder.js';

export interface SimulateOptions {
  readonly policy?: string;
  readonly seed?: number;
  readonly curve?: readonly number[];
}

/** `marie simulate`: runs a plan of load under a virtual clock, then the same load on the sizes of its curve. */
export async function simulate(io: Io, file: string, { policy, seed, curve }: SimulateOptions): Promise<void> {
  const began = performance.now();
  const read = await readPlan(file, given({ policy, seed, curve }));
  const { plan } = read;
  const meter = new Meter(io);
  const histories = await readHistories(read);
  const { report, isOutOfReach } = await run(plan, histories, meter, '');
  const points: CurvePoint[] = [];
  let isOutOfReachOfAll = isOutOfReach;
  for (const factor of new Set(plan.curve.toSorted((a, b) => a - b))) {
    if (factor === 1) {
      points.push(pointOf(factor, report, plan.goal));
      continue;
    }
    const sized = await run({ ...plan, scale: factor }, histories, meter, ` on x${factor}`);
    points.push(pointOf(factor, sized.report, plan.goal));
    isOutOfReachOfAll ||= sized.isOutOfReach;
  }
  meter.clear();
  const seconds = Math.round(performance.now() - began) / 1_000;
  const smallest = smallestEnough(points)?.factor ?? null;
  const enough = plan.goal === undefined ? null : verdictOf(plan.goal, report);
  const notes = isOutOfReachOfAll ? [...report.notes, OUT_OF_REACH] : report.notes;
  const result = { plan: file, policy: plan.policy, seed: plan.seed, seconds, ...report, notes, enough, curve: points };
  if (report.end === 'stalled') process.exitCode = Exit.Failed;
  io.emit('simulation', { ...result, smallestEnough: smallest }, (shown) =>
    simulationText(io, { ...shown, goal: visibleIn(plan.goal) }),
  );
}

/** What a curve alone would not say: whoever reads that no size is enough tries a larger one. */
const OUT_OF_REACH =
  'run times, which no slots shorten, take more than 1 in 100 DAGs past the latency of the goal: no number of slots reaches it';

interface Ran {
  readonly report: RunReport;
  /** The goal is out of reach, whatever the number of slots. */
  readonly isOutOfReach: boolean;
}

/** One run, shown as it comes on; in between the process can be told to end. */
async function run(plan: Plan, histories: readonly History[], meter: Meter, where: string): Promise<Ran> {
  const moments = playPlan(plan, histories);
  for (;;) {
    const { done, value } = moments.next();
    if (done) return { report: reportOf(value), isOutOfReach: exceedsByRunTimes(value) };
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

/**
 * Full decisions a second of the planner: ready, choose, charge, place, evidence, complete, release. What is timed is the
 * kernel's own code, event by event: the release of a slot (charges corrected, estimates learned, executor and class), the
 * job after it, if there is one, readied (job and flow rows, need and risk of its flow), and the plan that fills the
 * slot again (choice, placement, runner-up and evidence, lease, charges of tenant, lanes and DAG, all rows and indexes,
 * the undo list). What is not: decoding and checks of a callback, what an ended job means for its DAG, submissions, the
 * state hash, encoding.
 *
 * Each size is measured in a process of its own, as a scheduler is one: V8 compiles for what a process has seen, and what
 * it takes for granted of one kernel it asks for again and again where there have been two.
 */
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { boundOf, costs, functionsOf } from './support/bound.js';
import { round, spreadOf } from './support/percentiles.js';
import { PlannerScene, usOf } from './support/planner-scene.js';
import { profileSelf, summarise, within } from './support/profile.js';
import type { Bench } from './support/result.js';

const RUNNABLE = 1_000_000;
const FEW = 10_000;

export const planner: Bench = {
  name: 'planner',
  summary: 'full decisions a second of policy, frontier and placement, with a million runnable jobs',
  async run({ seconds, warmUpSeconds, scale, note }) {
    const few = Math.round(FEW * Math.min(1, scale * 10));
    note(`planner: ${few} runnable jobs`);
    const usEachWithFew = await usWith(few, Math.min(3, seconds), warmUpSeconds);
    const before = process.memoryUsage();
    const runnable = Math.round(RUNNABLE * scale);
    note(`planner: making ${runnable} runnable jobs`);
    const scene = new PlannerScene(runnable);
    scene.run(warmUpSeconds);
    note('planner: measuring');
    const measured = scene.run(seconds);
    // Turns that are timed are of another kind: what runs them is compiled anew first.
    scene.run(Math.min(1, warmUpSeconds), true);
    const timed = scene.run(Math.min(3, seconds), true);
    const after = process.memoryUsage();
    let profiled = 0;
    const profile = await profileSelf(() => {
      profiled = scene.run(Math.min(3, seconds)).decisions;
    });
    const summary = summarise(within(profile, new Set(['releaseAll', 'plan'])));
    const usEach = usOf(measured);
    const { p50, p99, max } = spreadOf(timed.eachUs);
    return {
      value: (measured.decisions * 1_000) / (measured.releaseMs + measured.planMs),
      unit: 'decisions/s',
      target: 300_000,
      better: 'higher',
      bound: boundOf('the one thread', summary),
      parts: costs(summary, profiled),
      details: {
        ...scene.counts(),
        usEach: round(usEach),
        readiedEach: round(measured.readied / measured.decisions),
        usOfRelease: round((measured.releaseMs * 1_000) / measured.decisions),
        usOfPlan: round((measured.planMs * 1_000) / measured.decisions),
        p50Us: p50,
        p99Us: p99,
        maxUs: max,
        usEachWithFew: round(usEachWithFew),
        fewRunnable: few,
        timesTheCostWithFew: round(usEach / usEachWithFew),
        lanes: { guard: measured.lanes[0], urgent: measured.lanes[1], regular: measured.lanes[2] },
        rowsAndIndexesBytes: after.arrayBuffers - before.arrayBuffers,
        heapBytes: after.heapUsed,
        residentBytes: after.rss,
        functions: functionsOf(summary, 25),
      },
    };
  },
};

/** Microseconds of a decision among so many runnable jobs, in a process of its own. */
async function usWith(runnable: number, seconds: number, warmUpSeconds: number): Promise<number> {
  const program = fileURLToPath(new URL('./support/planner-process.js', import.meta.url));
  const args = [...process.execArgv, program, `${runnable}`, `${seconds}`, `${warmUpSeconds}`];
  const { stdout } = await promisify(execFile)(process.execPath, args);
  return Number(stdout);
}

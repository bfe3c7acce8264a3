/** What is worth knowing of a run beside its numbers, as sentences for people. */
import type { JobSpec } from '../../catalogue/generated/types.js';
import { DEFAULT_ESTIMATE_MS } from '../../kernel/limits.js';
import type { PlanRun } from '../run-plan.js';

export function notesOf(run: PlanRun): readonly string[] {
  return [
    ...highLoads(run),
    ...unknownTimes(run),
    ...emptyOutputs(run),
    ...idleTenants(run),
    ...limitedClasses(run),
    ...lateChanges(run),
    ...leftSettings(run),
  ];
}

/** A load beyond this is taken for per cent: it is so many times what the slots can do. */
const MAX_LOAD = 10;

function* highLoads({ plan: { streams } }: PlanRun): Generator<string> {
  for (const { name, arrivals } of streams) {
    const { load } = arrivals;
    if (load === undefined || load <= MAX_LOAD) continue;
    yield `the load of ${name} is ${load} times what the slots can do; ${load / 100} would be ${load} per cent of it`;
  }
}

/** Jobs that are named in a note; a person reads no more. */
const NAMED = 5;

/** Jobs of each stream that are of some kind, as a list with the stream's name. */
function* jobsOf({ plan: { streams } }: PlanRun, isMeant: (job: JobSpec) => boolean): Generator<string> {
  for (const { name, templates } of streams) {
    const ids = [...new Set(templates.flatMap(({ jobs }) => jobs.filter(isMeant).map(({ id }) => id)))];
    if (ids.length === 0) continue;
    const more = ids.length > NAMED ? ` and ${ids.length - NAMED} more` : '';
    yield `${ids.slice(0, NAMED).join(', ')}${more} of ${name}`;
  }
}

/** Jobs of which neither plan nor submission says how long they take: a template has an estimate of all others. */
function* unknownTimes(run: PlanRun): Generator<string> {
  for (const listed of jobsOf(run, ({ kind, estimateMs }) => kind === 'executor' && estimateMs === null)) {
    yield `neither a run time nor an estimateMs is given for ${listed}: each takes ${DEFAULT_ESTIMATE_MS / 1_000} s`;
  }
}

/** Jobs whose `when` asks for what a plan doesn't say: mostly none of them runs, and what they would use is in no number. */
function* emptyOutputs(run: PlanRun): Generator<string> {
  for (const listed of jobsOf(run, ({ when }) => when !== null)) {
    yield `every output of a plan is null: the when of ${listed} skips it in all DAGs or in none`;
  }
}

/** Tenants of the plan without a DAG: a name that is spelt in two ways has no limits in one of them. */
function* idleTenants({ plan: { tenants, streams }, recorder }: PlanRun): Generator<string> {
  const names = new Set(streams.flatMap(({ templates }) => templates.flatMap(({ head }) => head.tenants)));
  for (const { submission } of recorder.dags) names.add(submission.tenant);
  for (const tenant of Object.keys(tenants)) {
    if (!names.has(tenant)) yield `tenants.${tenant} has no DAGs: no stream or journal names it`;
  }
}

/** A limit of a class is told of that held jobs back for so much of the run; short of it, it is none that matters. */
const TOLD_SHARE = 0.01;

/** Limits of classes that held jobs back while executors had slots for them: use of the class is low, and waits are long. */
function* limitedClasses({ classHolds, endMs }: PlanRun): Generator<string> {
  for (const { name, heldMs } of classHolds) {
    for (const limit of ['maxSlots', 'rates'] as const) {
      const share = heldMs[limit] / Math.max(1, endMs);
      if (share < TOLD_SHARE) continue;
      const percent = Math.round(share * 100);
      yield `classes.${name}.${limit} held jobs back for ${percent} % of the time, though executors had slots for them`;
    }
  }
}

/** Changes that came after everything had ended. */
function* lateChanges({ plan: { changes }, end, endMs }: PlanRun): Generator<string> {
  if (end !== 'drained') return;
  for (const [index, { at }] of changes.entries()) {
    if (at >= endMs) yield `changes.${index} changed nothing: every DAG had ended before it`;
  }
}

/** Settings of journals that are not made again: the plan says what is in force. */
function* leftSettings({ plan: { journals }, histories }: PlanRun): Generator<string> {
  for (const [index, { left }] of histories.entries()) {
    if (left.size === 0) continue;
    const listed = [...left].map(([setting, times]) => `${setting} (${times}x)`).join(', ');
    yield `set in ${journals[index]!.journal} and not here, where the plan alone says it: ${listed}`;
  }
}

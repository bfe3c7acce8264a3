/** What is wrong with the load of a plan, once its templates are read: what would never arrive, never end, or never run. */

import type { FormProblem } from '../../form/form-error.js';
import { MAX_JOBS_PER_DAG } from '../../kernel/limits.js';
import { className } from '../class-name.js';
import { missingClass } from '../plan/missing-class.js';
import type { Plan, Stream } from '../plan/plan.js';
import { attemptsOf, type Template } from '../plan/template.js';
import { expectedDags } from './arrivals.js';
import { largestByClass } from './fleet.js';

/** Attempts that a run may have: half a kilobyte each is kept for the report, so that these fit into a process. */
const MAX_ATTEMPTS = 5_000_000;

export function loadProblems(plan: Plan, placeOf: (stream: Stream) => string): readonly FormProblem[] {
  const widest = largestByClass(plan);
  const problems: FormProblem[] = [...missingClasses(plan, placeOf)];
  let attempts = 0;
  for (const stream of plan.streams) {
    const place = placeOf(stream);
    const say = (path: string, detail: string) => problems.push({ path: `${place}${path}`, detail });
    const { load, every, from, until } = stream.arrivals;
    if (load !== undefined && stream.templates.length > 0 && !takesSlots(stream, widest)) {
      say('.arrivals.load', 'its jobs take no slot time of a class, so no number of them is a load');
      continue;
    }
    const isBounded = plan.end === 'duration' || (every === undefined && until === undefined);
    if (isBounded && from >= plan.duration) {
      say('.arrivals.from', 'nothing arrives: it is not before the end of duration');
    }
    for (const { path, detail } of [...tooWide(stream, widest), ...tooLarge(stream)]) say(path, detail);
    attempts += expectedDags(stream, plan) * attemptsOfDag(stream);
  }
  if (attempts > MAX_ATTEMPTS) {
    const [about, most] = [attempts, MAX_ATTEMPTS].map((number) => Math.round(number).toLocaleString('en'));
    problems.push({
      path: 'load',
      detail: `about ${about} attempts of jobs, more than the ${most} of one run: let fewer arrive`,
    });
  }
  return problems;
}

/** Classes without executors, each at the first job that needs it. */
function* missingClasses(plan: Plan, placeOf: (stream: Stream) => string): Generator<FormProblem> {
  const told = new Set<string>();
  for (const stream of plan.streams) {
    for (const { jobs, where } of stream.templates) {
      for (const [index, { kind, group, executorClass }] of jobs.entries()) {
        const name = className(group, executorClass);
        const detail = kind === 'executor' && !told.has(name) ? missingClass(plan, group, executorClass) : null;
        if (detail === null) continue;
        told.add(name);
        yield { path: `${placeOf(stream)}${where}.jobs.${index}.executorClass`, detail };
      }
    }
  }
}

function takesSlots({ templates }: Stream, classes: ReadonlyMap<string, number>): boolean {
  return templates.some(({ demand }) => [...demand].some(([name, slotMs]) => slotMs > 0 && classes.has(name)));
}

function* tooWide({ templates }: Stream, widest: ReadonlyMap<string, number>): Generator<FormProblem> {
  for (const { where, jobs } of templates) {
    for (const [index, { id, kind, group, executorClass, slots }] of jobs.entries()) {
      const most = kind === 'executor' ? widest.get(className(group, executorClass)) : undefined;
      if (most === undefined || slots <= most) continue;
      const detail = `${id} needs ${slots} slots of one executor, and those of ${executorClass} have ${most}`;
      yield { path: `${where}.jobs.${index}.slots`, detail };
    }
  }
}

/** Templates whose DAGs would fail when they fan out: they would look quick. */
function* tooLarge({ templates }: Stream): Generator<FormProblem> {
  for (const { where, jobs, fanOuts } of templates) {
    const most = [...fanOuts.values()].reduce((sum, [, high]) => sum + high, jobs.length);
    if (most <= MAX_JOBS_PER_DAG) continue;
    const [count, limit] = [most, MAX_JOBS_PER_DAG].map((number) => number.toLocaleString('en'));
    const detail = `a DAG may come to ${count} jobs with the children of its fan-outs, more than the ${limit} of one DAG`;
    yield { path: `${where}.jobs`, detail };
  }
}

/** Attempts of the jobs of a DAG, the children of its fan-outs included, on average; of jobs without executors one each. */
function attemptsOfDag({ templates }: Stream): number {
  return templates.reduce((sum, template) => sum + attemptsOfTemplate(template), 0) / Math.max(1, templates.length);
}

function attemptsOfTemplate({ jobs, runs, fanOuts }: Template): number {
  return jobs.reduce((sum, job, index) => {
    const each = attemptsOf(job, runs[index]!);
    const children = fanOuts.get(index);
    return sum + (children === undefined ? each : 1 + (each * (children[0] + children[1])) / 2);
  }, 0);
}

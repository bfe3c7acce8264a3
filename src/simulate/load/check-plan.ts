/** Checks a simulation plan whole, and reads its templates. */

import { messageOf } from '../../catalogue/thrown.js';
import type { FormProblem } from '../../form/form-error.js';
import { formProblems } from '../../form/form-problems.js';
import { policyFactory, unknownPolicy } from '../../kernel/policy/index.js';
import type { Plan, Stream } from '../plan/plan.js';
import { PlanError } from '../plan/plan-error.js';
import { type HistoryFields, type PlanInput, planSchema, type StreamFields } from '../plan/plan-schema.js';
import { makeTemplate, type Template } from '../plan/template.js';
import { executorsOf, isChanged } from './fleet.js';
import { loadProblems } from './load-problems.js';

/** Executors that a run may have: a kilobyte and a half each is kept of them, so that these fit into a process. */
const MAX_EXECUTORS = 1_000_000;

/** Reads a file that a plan names: a submission, parsed. Throws what `detail` is to say. */
export type ReadDag = (file: string) => unknown;

/** Checks a plan and reads its templates. Throws `PlanError` with what is wrong. */
export function checkPlan(value: PlanInput | unknown, readDag: ReadDag): Plan {
  const parsed = planSchema.safeParse(value);
  if (!parsed.success) throw new PlanError(formProblems(parsed.error.issues));
  const { load, ...fields } = parsed.data;
  const problems: FormProblem[] = [];
  const streams: Stream[] = [];
  const places = new Map<Stream, string>();
  const journals: HistoryFields[] = [];
  load.forEach((one, index) => {
    if ('journal' in one) journals.push(one);
    else {
      const say = (path: string, detail: string) => problems.push({ path: placeOf(index, path), detail });
      const stream = readStream(one, fields, readDag, say);
      streams.push(stream);
      places.set(stream, `load.${index}`);
    }
  });
  const plan = { ...fields, streams, journals, scale: 1 };
  const ofLoad = loadProblems(plan, (stream) => places.get(stream)!);
  const all = [...problems, ...fleetProblems(plan), ...crossProblems(plan), ...ofLoad];
  if (all.length > 0) throw new PlanError(all);
  return plan;
}

/** Place in a plan of a place in a stream that is given as a JSON pointer. */
function placeOf(stream: number, pointer: string): string {
  return `load.${stream}${pointer.replaceAll('/', '.')}`;
}

type Say = (path: string, detail: string) => void;

function readStream(stream: StreamFields, { sigma }: { readonly sigma: number }, readDag: ReadDag, say: Say): Stream {
  const { jobs, dags, fanOuts, runs, tenant, priority, onHardDeadline, failurePolicy, ...rest } = stream;
  const templates: Template[] = [];
  const add = (submission: unknown, where: string) => {
    const settings = { where: where.replaceAll('/', '.'), sigma, fanOuts, runs, stream };
    const template = makeTemplate(submission, settings, (path, detail) => say(where + path, detail));
    if (template !== null) templates.push(template);
  };
  if (jobs !== undefined) add({ jobs }, '');
  (dags ?? []).forEach((file, index) => {
    try {
      add(readDag(file), `/dags/${index}`);
    } catch (error) {
      say(`/dags/${index}`, messageOf(error));
    }
  });
  return { ...rest, templates };
}

/** Where a plan, or a size of its curve, has more executors than one run may have. */
function* fleetProblems({ classes, curve }: Plan): Generator<FormProblem> {
  const sizes: (readonly [string, number])[] = [
    ['classes', 1],
    ...curve.map((scale, n) => [`curve.${n}`, scale] as const),
  ];
  for (const [path, scale] of sizes) {
    const count = executorsOf({ classes, scale });
    if (count <= MAX_EXECUTORS) continue;
    const [there, most] = [count, MAX_EXECUTORS].map((number) => number.toLocaleString('en'));
    yield { path, detail: `${there} executors, more than the ${most} of one run` };
  }
}

/** What is wrong between the parts of a plan. */
function crossProblems(plan: Plan): readonly FormProblem[] {
  const { policy, classes, changes, streams, journals, goal } = plan;
  const problems: FormProblem[] = [];
  if (policyFactory(policy) === null) {
    problems.push({ path: 'policy', detail: unknownPolicy(policy) });
  }
  changes.forEach((change, index) => {
    if (plan.end === 'duration' && change.at >= plan.duration) {
      problems.push({
        path: `changes.${index}.at`,
        detail: 'nothing would change: it is not before the end of duration',
      });
    }
    if (Object.keys(classes).some((name) => isChanged(classes, change.class, name))) return;
    problems.push({ path: `changes.${index}.class`, detail: `classes has no ${change.class}` });
  });
  const about = goal?.name;
  if (about !== undefined && journals.length === 0 && streams.every(({ name }) => name !== about)) {
    problems.push({ path: 'goal.name', detail: `no DAGs of load are named ${about}` });
  }
  const isDue = ({ name, deadline, hardDeadline }: Stream) =>
    (about === undefined || name === about) && (deadline ?? hardDeadline) !== undefined;
  if (goal?.deadlines !== undefined && journals.length === 0 && !streams.some(isDue)) {
    problems.push({ path: 'goal.deadlines', detail: 'the DAGs that it is about have no deadlines' });
  }
  return problems;
}

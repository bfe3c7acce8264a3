/** A simulation plan: checked whole, its templates read. */
import { policyIds } from '../kernel/policy/index.js';
import { type PlanFields, type PlanInput, planSchema, type StreamFields } from './plan-schema.js';
import { className } from './records.js';
import { makeTemplate, type Template } from './template.js';

/** A stream of DAGs that arrive. */
export interface Stream extends Omit<StreamFields, 'jobs' | 'dags' | 'fanOuts' | 'runs'> {
  /** Each DAG draws one. */
  readonly templates: readonly Template[];
}

/** A checked plan. */
export interface Plan extends Omit<PlanFields, 'load'> {
  readonly streams: readonly Stream[];
  /** Journals whose arrivals are played again. */
  readonly journals: readonly string[];
}

/** A plan that can't be used; every problem with its place. */
export class PlanError extends Error {
  override readonly name = 'PlanError';
  readonly code = 'plan-invalid';
  constructor(readonly problems: readonly { readonly path: string; readonly detail: string }[]) {
    super(problems.map(({ path, detail }) => `${path}: ${detail}`).join('; '));
  }
}

/** Reads a file that a plan names: a submission, parsed. Throws what `detail` is to say. */
export type ReadDag = (file: string) => unknown;

/** Checks a plan and reads its templates. Throws `PlanError` with everything that is wrong. */
export function checkPlan(value: PlanInput | unknown, readDag: ReadDag): Plan {
  const parsed = planSchema.safeParse(value);
  if (!parsed.success) {
    throw new PlanError(parsed.error.issues.map(({ path, message }) => ({ path: path.join('.'), detail: message })));
  }
  const { load, ...fields } = parsed.data;
  const problems: { path: string; detail: string }[] = [];
  const streams: Stream[] = [];
  const journals: string[] = [];
  load.forEach((one, index) => {
    if ('journal' in one) journals.push(one.journal);
    else {
      const say = (path: string, detail: string) => problems.push({ path: placeOf(index, path), detail });
      streams.push(readStream(one, fields, readDag, say));
    }
  });
  const plan = { ...fields, streams, journals };
  for (const problem of crossProblems(plan)) problems.push(problem);
  if (problems.length > 0) throw new PlanError(problems);
  return plan;
}

/** Place in a plan of a place in a stream that is given as a JSON pointer. */
function placeOf(stream: number, pointer: string): string {
  return `load.${stream}${pointer.replaceAll('/', '.')}`;
}

type Say = (path: string, detail: string) => void;

function readStream(stream: StreamFields, { sigma }: { readonly sigma: number }, readDag: ReadDag, say: Say): Stream {
  const { jobs, dags, fanOuts, runs, ...rest } = stream;
  const templates: Template[] = [];
  const add = (submission: unknown, where: string) => {
    const template = makeTemplate(submission, { sigma, fanOuts, runs }, (path, detail) => say(where + path, detail));
    if (template !== null) templates.push(template);
  };
  if (jobs !== undefined) add({ jobs }, '');
  (dags ?? []).forEach((file, index) => {
    try {
      add(readDag(file), `/dags/${index}`);
    } catch (error) {
      say(`/dags/${index}`, error instanceof Error ? error.message : String(error));
    }
  });
  return { ...rest, templates };
}

/** What is wrong between the parts of a plan. */
function crossProblems({ policy, classes, changes, streams }: Plan): { path: string; detail: string }[] {
  const problems: { path: string; detail: string }[] = [];
  if (!policyIds().includes(policy)) {
    problems.push({ path: 'policy', detail: `no policy ${policy}; there are ${policyIds().join(', ')}` });
  }
  const names = new Set(Object.entries(classes).map(([name, { group }]) => className(group, name)));
  changes.forEach((change, index) => {
    if (change.class === undefined || names.has(change.class)) return;
    problems.push({ path: `changes.${index}.class`, detail: `classes has no ${change.class}` });
  });
  const missing = new Set<string>();
  for (const { templates } of streams) {
    for (const { demand } of templates) for (const name of demand.keys()) if (!names.has(name)) missing.add(name);
  }
  for (const name of missing)
    problems.push({ path: 'classes', detail: `jobs need the class ${name}, which has no executors` });
  return problems;
}

/**
 * Reads instances in WfFormat (WfCommons, schema 1.4 and 1.5): a graph that ran somewhere, with its run times. What
 * the format says of files, machines and energy is left out: none of it decides when a job runs here.
 */
import { z } from 'zod';
import { graphOf, isGraph } from '../kernel/graph.js';
import { MAX_DURATION_MS, MAX_JOBS_PER_SUBMISSION, MAX_NAME_LENGTH } from '../kernel/limits.js';

/** Members of the format that are named by nouns which mean something else here. */
const GRAPH = 'workflow';
const NODES = 'tasks';

const text = z.string().min(1);
const seconds = z
  .number()
  .min(0)
  .max(MAX_DURATION_MS / 1_000);

const node = z.looseObject({
  id: text.optional(),
  name: text.optional(),
  parents: z.array(text).default([]),
  children: z.array(text).default([]),
  /** Before 1.5 run times stood here. */
  runtimeInSeconds: seconds.optional(),
  runtime: seconds.optional(),
});

const ran = z.looseObject({ id: text, runtimeInSeconds: seconds });

const graph = z.looseObject({
  specification: z.looseObject({ [NODES]: z.array(node).min(1) }).optional(),
  execution: z.looseObject({ [NODES]: z.array(ran) }).optional(),
  [NODES]: z.array(node).min(1).optional(),
});

const instance = z.looseObject({ name: text.optional(), schemaVersion: text.optional(), [GRAPH]: graph });

type Node = z.output<typeof node>;

/** What is wrong with an instance, each with a JSON pointer to its place. */
export interface InstanceProblem {
  readonly path: string;
  readonly detail: string;
}

/** A file that is no instance, or one that can't become a DAG; everything that is wrong is listed. */
export class InstanceError extends Error {
  override readonly name = 'InstanceError';
  readonly code = 'invalid-wfformat';
  constructor(readonly problems: readonly InstanceProblem[]) {
    super(problems.map(({ path, detail }) => `${path}: ${detail}`).join('; '));
  }
}

/** How an instance becomes a DAG. */
export interface InstanceOptions {
  /** The executor class of a node; `kind` is its name without numbers behind it. */
  readonly classOf: (kind: string) => string;
  /** Run times are multiplied by it. */
  readonly scale: number;
}

/** A job as it is submitted. */
export interface ImportedJob {
  readonly id: string;
  readonly executorClass: string;
  readonly after: readonly string[];
  readonly estimateMs: number;
  /** For an executor that does nothing for so long. */
  readonly inputs: { readonly runMs: { readonly value: number } };
}

/** A DAG as it is submitted. */
export interface ImportedDag {
  readonly name: string;
  readonly labels: { readonly wfformat: string };
  readonly jobs: readonly ImportedJob[];
}

/** Problems that are listed at most. */
const LISTED = 100;

/** Makes a submission of a parsed instance. Throws `InstanceError`. */
export function importInstance(value: unknown, options: InstanceOptions): ImportedDag {
  const parsed = instance.safeParse(value);
  if (!parsed.success) {
    const problems = parsed.error.issues.map(({ path, message }) => ({ path: pointer(path), detail: message }));
    throw new InstanceError(problems.slice(0, LISTED));
  }
  const { name = 'instance', schemaVersion = 'unknown' } = parsed.data;
  const { specification, execution, [NODES]: older } = parsed.data[GRAPH] as z.output<typeof graph>;
  const nodes = (specification?.[NODES] ?? older) as readonly Node[] | undefined;
  const place = `/${GRAPH}${specification === undefined ? '' : '/specification'}/${NODES}`;
  if (nodes === undefined) throw new InstanceError([{ path: `/${GRAPH}`, detail: 'it has no graph' }]);
  const times = new Map(
    (execution?.[NODES] as readonly z.output<typeof ran>[] | undefined)?.map((one) => [one.id, one]),
  );
  const problems: InstanceProblem[] = [];
  const say = (path: string, detail: string) =>
    problems.length < LISTED && problems.push({ path: place + path, detail });
  if (nodes.length > MAX_JOBS_PER_SUBMISSION) say('', `${nodes.length} jobs, more than ${MAX_JOBS_PER_SUBMISSION}`);
  const ids = idsOf(nodes, say);
  const upstreams = upstreamsOf(nodes, ids, say);
  const jobs = nodes.map((one, index): ImportedJob => {
    const time = times.get(keyOf(one))?.runtimeInSeconds ?? one.runtimeInSeconds ?? one.runtime;
    if (time === undefined) say(`/${index}`, 'it has no run time');
    const estimateMs = Math.min(MAX_DURATION_MS, Math.max(1, Math.round((time ?? 0) * 1_000 * options.scale)));
    const executorClass = options.classOf(kindOf(one.name ?? keyOf(one)));
    return {
      id: ids.get(keyOf(one))!,
      executorClass,
      after: upstreams[index]!,
      estimateMs,
      inputs: { runMs: { value: estimateMs } },
    };
  });
  if (problems.length > 0) throw new InstanceError(problems);
  const links = graphOf(jobs);
  if (!isGraph(links)) throw new InstanceError(links.map(({ detail }) => ({ path: place, detail })));
  return { name: name.slice(0, MAX_NAME_LENGTH), labels: { wfformat: schemaVersion }, jobs };
}

type Say = (path: string, detail: string) => void;

/** By what the other nodes name this one. */
function keyOf({ id, name }: Node): string {
  return id ?? name ?? '';
}

/** Ids of jobs by those of nodes: what an id may not hold is replaced, and repeats are numbered. */
function idsOf(nodes: readonly Node[], say: Say): ReadonlyMap<string, string> {
  const ids = new Map<string, string>();
  const taken = new Set<string>();
  for (const [index, one] of nodes.entries()) {
    const key = keyOf(one);
    if (key === '') say(`/${index}`, 'it has neither id nor name');
    else if (ids.has(key)) say(`/${index}/id`, `${JSON.stringify(key)} is the id of another one, too`);
    else {
      const plain = key
        .replaceAll(/[[\]/]/g, '-')
        .replaceAll('\0', '-')
        .slice(-MAX_NAME_LENGTH);
      let id = plain;
      for (let n = 2; taken.has(id); n++) id = `${plain.slice(0, MAX_NAME_LENGTH - 8)}-${n}`;
      taken.add(id);
      ids.set(key, id);
    }
  }
  return ids;
}

/** The jobs before each job. Parents and children say the same twice; either is enough. */
function upstreamsOf(nodes: readonly Node[], ids: ReadonlyMap<string, string>, say: Say): readonly string[][] {
  const upstreams = new Map<string, Set<string>>(nodes.map((one) => [keyOf(one), new Set()]));
  nodes.forEach((one, index) => {
    const key = keyOf(one);
    for (const [n, parent] of one.parents.entries()) {
      if (ids.has(parent)) upstreams.get(key)!.add(parent);
      else say(`/${index}/parents/${n}`, `there is no ${JSON.stringify(parent)}`);
    }
    for (const [n, child] of one.children.entries()) {
      if (ids.has(child)) upstreams.get(child)!.add(key);
      else say(`/${index}/children/${n}`, `there is no ${JSON.stringify(child)}`);
    }
  });
  return nodes.map((one) => [...upstreams.get(keyOf(one))!].map((key) => ids.get(key)!));
}

/** What kind of work a name stands for: its last part, without the number of the run behind it. */
export function kindOf(name: string): string {
  const last = name.slice(name.lastIndexOf('.') + 1);
  return last.replace(/[_-](ID)?\d+$/i, '').toLowerCase() || name;
}

function pointer(path: readonly PropertyKey[]): string {
  return path.map((part) => `/${String(part)}`).join('');
}

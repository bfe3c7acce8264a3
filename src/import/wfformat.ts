/**
 * Makes submissions of instances in WfFormat (WfCommons, schema 1.4 and 1.5): a graph that ran somewhere, with its run
 * times. What the format says of files, machines and energy is left out: none of it decides when a job runs here.
 */
import type { FormProblem } from '../form/form-error.js';
import { graphOf, isGraph } from '../kernel/graph.js';
import { MAX_DURATION_MS, MAX_JOB_SLOTS, MAX_JOBS_PER_SUBMISSION, MAX_NAME_LENGTH } from '../kernel/limits.js';
import { bytesOf, firstOf } from './cut.js';
import { type Instance, InstanceError, type InstanceNode, readInstance } from './instance.js';
import { classNameOf, jobIds, renamedClassesText, renamedText } from './job-ids.js';

/** How an instance becomes a DAG. */
export interface InstanceOptions {
  /** The executor class of a node; `kind` is its name without numbers behind it. */
  readonly classOf: (kind: string) => string;
  /** Run times are multiplied by it. */
  readonly scale: number;
  /** Whether a job takes as many slots as it had cores; otherwise each takes one. */
  readonly takesCores?: boolean;
  /** Told, in a sentence, of what the instance says that the DAG doesn't. */
  readonly onLeftOut?: (what: string) => void;
}

/** A job as it is submitted. */
export interface ImportedJob {
  readonly id: string;
  readonly executorClass: string;
  readonly after: readonly string[];
  readonly estimateMs: number;
  /** For an executor that does nothing for so long. */
  readonly inputs: { readonly runMs: { readonly value: number } };
  readonly slots?: number;
}

/** A DAG as it is submitted. */
export interface ImportedDag {
  readonly name: string;
  readonly labels: { readonly wfformat: string };
  readonly jobs: readonly ImportedJob[];
}

/** Executions of no job that are named; a person reads no more. */
const NAMED = 3;

/** Makes a submission of a parsed instance. Throws `InstanceError`. */
export function importInstance(value: unknown, options: InstanceOptions): ImportedDag {
  const instance = readInstance(value);
  const { name, version, place, nodes } = instance;
  const problems: FormProblem[] = [...instance.repeated];
  const say = (path: string, detail: string) => problems.push({ path: place + path, detail });
  if (nodes.length > MAX_JOBS_PER_SUBMISSION) say('', `${nodes.length} jobs, more than ${MAX_JOBS_PER_SUBMISSION}`);
  const ids = idsOf(nodes, say);
  const upstreams = upstreamsOf(nodes, ids, say);
  const classes = new Map<string, string>();
  const jobs = nodes.map((one, index): ImportedJob => {
    const estimateMs = estimateOf(one, options.scale, (detail) => say(`/${index}`, detail));
    const slots = options.takesCores === true ? slotsOf(one, (detail) => say(`/${index}`, detail)) : 1;
    const named = options.classOf(kindOf(one.name));
    const executorClass = classNameOf(named);
    classes.set(named, executorClass);
    if (bytesOf(executorClass) > MAX_NAME_LENGTH) say(`/${index}/name`, 'its kind is too long for the name of a class');
    return {
      id: ids.get(one.key)!,
      executorClass,
      after: upstreams[index]!,
      estimateMs,
      inputs: { runMs: { value: estimateMs } },
      ...(slots > 1 && { slots }),
    };
  });
  if (problems.length > 0) throw new InstanceError(problems);
  const links = graphOf(jobs);
  if (!isGraph(links)) {
    // Jobs stand in the order of their nodes.
    const placed = (path: string) => place + (/^\/jobs(\/\d+)/.exec(path)?.[1] ?? '');
    throw new InstanceError(links.map(({ path, detail }) => ({ path: placed(path), detail })));
  }
  for (const what of leftOut(instance, ids, classes, options)) options.onLeftOut?.(what);
  return { name: firstOf(name, MAX_NAME_LENGTH), labels: { wfformat: version }, jobs };
}

type Say = (path: string, detail: string) => void;

/** Never nothing, and never more than a job may take. */
function estimateOf({ seconds }: InstanceNode, scale: number, say: (detail: string) => void): number {
  if (seconds === undefined) say('it has no run time');
  const ms = Math.round((seconds ?? 0) * 1_000 * scale);
  if (ms > MAX_DURATION_MS) {
    say(`its run time of ${seconds} s times ${scale} is more than 30 days, the longest that a job may take`);
  }
  return Math.max(1, ms);
}

function slotsOf({ cores }: InstanceNode, say: (detail: string) => void): number {
  const slots = Math.ceil(cores);
  if (slots > MAX_JOB_SLOTS) say(`it ran on ${cores} cores, and a job takes at most ${MAX_JOB_SLOTS} slots`);
  return Math.max(1, slots);
}

/** What would decide when a job runs, and doesn't; and what is not found by the name or id that it had. */
function leftOut(
  { name, nodes, strangers }: Instance,
  ids: ReadonlyMap<string, string>,
  classes: ReadonlyMap<string, string>,
  { takesCores = false }: InstanceOptions,
): readonly string[] {
  const said: string[] = [];
  if (bytesOf(name) > MAX_NAME_LENGTH) said.push(`of the name only the first ${MAX_NAME_LENGTH} bytes are kept`);
  for (const renamed of [renamedText(ids), renamedClassesText(classes)]) if (renamed !== null) said.push(renamed);
  const wide = takesCores ? 0 : nodes.filter(({ cores }) => cores > 1).length;
  if (wide > 0) said.push(`${wide} of ${nodes.length} jobs ran on more than one core, and take one slot each`);
  if (strangers.length > 0) {
    const first = strangers.slice(0, NAMED).map((id) => JSON.stringify(id));
    const more = strangers.length > NAMED ? ` and ${strangers.length - NAMED} more` : '';
    said.push(`what ran is not in the graph, and is left out: ${first.join(', ')}${more}`);
  }
  return said;
}

/** Ids of jobs by the keys of nodes. */
function idsOf(nodes: readonly InstanceNode[], say: Say): ReadonlyMap<string, string> {
  const keys = new Set<string>();
  for (const [index, { key, keyMember }] of nodes.entries()) {
    if (key === '') say(`/${index}`, 'it has neither id nor name');
    else if (!keys.has(key)) keys.add(key);
    else say(`/${index}/${keyMember}`, `${JSON.stringify(key)} is the ${keyMember} of another one, too`);
  }
  return jobIds([...keys]);
}

/** The jobs before each job. Parents and children say the same twice; either is enough. */
function upstreamsOf(nodes: readonly InstanceNode[], ids: ReadonlyMap<string, string>, say: Say): readonly string[][] {
  const upstreams = new Map<string, Set<string>>(nodes.map(({ key }) => [key, new Set()]));
  const link = (from: string, to: string, named: string, path: string): void => {
    if (!ids.has(named)) say(path, `there is no ${JSON.stringify(named)}`);
    else if (from === to) say(path, `${JSON.stringify(named)} would come after itself`);
    else upstreams.get(to)!.add(from);
  };
  nodes.forEach(({ key, parents, children }, index) => {
    for (const [n, parent] of parents.entries()) link(parent, key, parent, `/${index}/parents/${n}`);
    for (const [n, child] of children.entries()) link(key, child, child, `/${index}/children/${n}`);
  });
  return nodes.map(({ key }) => [...upstreams.get(key)!].map((before) => ids.get(before)!));
}

/** What kind of work a name stands for: its last part, without the number of the run behind it. */
export function kindOf(name: string): string {
  const last = name.slice(name.lastIndexOf('.') + 1);
  return last.replace(/[_-](ID)?\d+$/i, '').toLowerCase() || name;
}

/** DAG templates of a plan: checked as submissions are, with what their attempts do. */
import type { JobSpec, Problem, SubmitDag } from '../../catalogue/generated/types.js';
import { convertSubmission } from '../../edge/submission/convert.js';
import { wirePlaces } from '../../edge/submission/places.js';
import { submissionProblems } from '../../edge/submission/problems.js';
import { formProblems, slashed } from '../../form/form-problems.js';
import { checkSubmission } from '../../kernel/decide/check-submission.js';
import { type Graph, graphOf, upwardRanks } from '../../kernel/graph.js';
import { DEFAULT_ESTIMATE_MS } from '../../kernel/limits.js';
import { className } from '../class-name.js';
import { type DagHead, headOf, type StreamHead, unmeantDeadlines } from './dag-head.js';
import { type Run, runSchema } from './plan-schema.js';

/** What the attempts of a job do. */
export interface JobRun {
  /** Mean run times, of which each DAG draws one. */
  readonly times: readonly number[];
  readonly sigma: number;
  /** Mean run times of DAGs that arrive so much later, latest first. */
  readonly later: readonly { readonly from: number; readonly time: number }[];
  readonly fails: { readonly share: number; readonly attempts: number } | null;
}

/** A DAG that arrives many times. */
export interface Template {
  /** Where in its stream it stands: empty, or `.dags.` with a number. */
  readonly where: string;
  readonly head: DagHead;
  readonly jobs: readonly JobSpec[];
  readonly runs: readonly JobRun[];
  /** Fan-outs by the index of their job. */
  readonly fanOuts: ReadonlyMap<number, readonly [number, number]>;
  /**
   * What the first child of each fan-out is called in draws, by the index of its job; the others follow it. The scheduler
   * counts children in the order in which fan-outs fan out, which policies change.
   */
  readonly firstChildren: ReadonlyMap<number, number>;
  /** Longest chain of mean run times, in ms. */
  readonly pathMs: number;
  /** Mean slot-ms by class, of attempts that fail too. */
  readonly demand: ReadonlyMap<string, number>;
}

/** What a stream says about its templates beside their jobs. */
export interface TemplateSettings {
  /** Of the template that is made of them. */
  readonly where: string;
  readonly sigma: number;
  readonly fanOuts: ReadonlyMap<string, readonly [number, number]>;
  readonly runs: Readonly<Record<string, Run>>;
  readonly stream: StreamHead;
}

type Say = (path: string, detail: string) => void;
type Fields = Record<string, unknown>;

/** Makes a template of a submission, parsed as JSON; null when `say` was told of problems. */
export function makeTemplate(submission: unknown, settings: TemplateSettings, say: Say): Template | null {
  const { plain, runs } = withoutRuns(submission, settings.runs, say);
  const shape = submissionProblems(plain);
  if (shape.length > 0) return tell(shape, say);
  const text = JSON.stringify(plain);
  const defaults = { cell: 'main', tenant: 'default', idempotencyKey: null, inputId: 'template' };
  const dag = withKnownFanOuts(convertSubmission(plain, text, defaults), settings.fanOuts, say);
  const problems = checkSubmission(dag);
  if (problems.length > 0) return tell(wirePlaces(problems, dag), say);
  for (const { path, detail } of unmeantDeadlines(settings.stream, dag)) say(path, detail);
  const jobs = dag.jobs.map((job) => ({ ...job, estimateMs: job.estimateMs ?? meanOf(runs.get(job.id)) }));
  const plays = jobs.map((job) => playOf(job, runs.get(job.id), settings.sigma));
  const fanOuts = new Map<number, readonly [number, number]>();
  jobs.forEach((job, index) => {
    if (job.fanOut === null) return;
    fanOuts.set(index, settings.fanOuts.get(job.id) ?? [job.fanOut.count ?? 0, job.fanOut.count ?? 0]);
  });
  return {
    where: settings.where,
    head: headOf(settings.stream, dag),
    jobs,
    runs: plays,
    fanOuts,
    firstChildren: firstChildrenOf(jobs.length, fanOuts),
    pathMs: pathOf(jobs, plays),
    demand: demandOf(jobs, plays, fanOuts),
  };
}

/** Children come after the jobs, each fan-out leaving room for as many as it may have. */
function firstChildrenOf(jobs: number, fanOuts: Template['fanOuts']): Template['firstChildren'] {
  const found = new Map<number, number>();
  let next = jobs;
  for (const [index, [, high]] of fanOuts) {
    found.set(index, next);
    next += high;
  }
  return found;
}

function tell(problems: readonly Problem[], say: Say): null {
  for (const { code, path, detail } of problems) say(path, `${detail} (${code})`);
  return null;
}

/** Takes `run` out of the jobs of a submission. */
function withoutRuns(submission: unknown, settings: TemplateSettings['runs'], say: Say) {
  const runs = new Map<string, Run>();
  const dag = submission as Fields | null;
  const listed =
    typeof dag === 'object' && dag !== null && Array.isArray(dag['jobs']) ? (dag['jobs'] as unknown[]) : null;
  if (dag === null || listed === null) return { plain: submission, runs };
  const jobs = listed.map((job, index) => {
    if (typeof job !== 'object' || job === null || !('run' in job)) return job;
    const { run, ...rest } = job as Fields;
    const parsed = runSchema.safeParse(run);
    if (parsed.success) runs.set(String(rest['id']), parsed.data);
    const place = (path: readonly PropertyKey[]) => slashed(['jobs', index, 'run', ...path]);
    for (const { path, detail } of formProblems(parsed.error?.issues ?? [], place)) say(path, detail);
    return rest;
  });
  for (const [id, run] of Object.entries(settings)) {
    if (jobs.some((job) => (job as Fields | null)?.['id'] === id)) runs.set(id, run);
    else say(`/runs/${id}`, 'no job has this id');
  }
  return { plain: { ...dag, jobs }, runs };
}

/** Fan-outs whose size an output would tell get it from the plan. */
function withKnownFanOuts(dag: SubmitDag, sizes: TemplateSettings['fanOuts'], say: Say): SubmitDag {
  for (const id of sizes.keys()) {
    if (!dag.jobs.some((job) => job.id === id && job.fanOut !== null)) say(`/fanOuts/${id}`, 'no fan-out has this id');
  }
  const jobs = dag.jobs.map((job, index) => {
    const { fanOut } = job;
    const size = sizes.get(job.id);
    if (fanOut === null || (fanOut.count !== null && size === undefined)) return job;
    if (size === undefined) say(`/jobs/${index}/fanOut`, `say in fanOuts how many children ${job.id} has`);
    return { ...job, fanOut: { ...fanOut, count: size?.[0] ?? 0, from: null, at: null, over: false } };
  });
  return { ...dag, jobs };
}

function meanOf(run: Run | undefined): number | null {
  const times = run?.time;
  return times === undefined ? null : Math.max(1, Math.round(average(times)));
}

function playOf(job: JobSpec, run: Run | undefined, sigma: number): JobRun {
  return {
    times: run?.time ?? [job.estimateMs ?? DEFAULT_ESTIMATE_MS],
    sigma: run?.sigma ?? sigma,
    later: (run?.later ?? []).toSorted((a, b) => b.from - a.from),
    fails: run?.fails ?? null,
  };
}

function pathOf(jobs: readonly JobSpec[], plays: readonly JobRun[]): number {
  const times = jobs.map((job, index) => (job.kind === 'executor' ? average(plays[index]!.times) : 0));
  return upwardRanks(graphOf(jobs) as Graph, times).reduce((longest, rank) => Math.max(longest, rank), 0);
}

function demandOf(
  jobs: readonly JobSpec[],
  plays: readonly JobRun[],
  fanOuts: Template['fanOuts'],
): ReadonlyMap<string, number> {
  const demand = new Map<string, number>();
  jobs.forEach((job, index) => {
    if (job.kind !== 'executor') return;
    const [low, high] = fanOuts.get(index) ?? [1, 1];
    const name = className(job.group, job.executorClass);
    const slotMs = (average(plays[index]!.times) * attemptsOf(job, plays[index]!) * job.slots * (low + high)) / 2;
    demand.set(name, (demand.get(name) ?? 0) + slotMs);
  });
  return demand;
}

/** Attempts of a job on average: those that fail are made again as often as it allows. */
export function attemptsOf({ retry }: JobSpec, { fails }: JobRun): number {
  return fails === null ? 1 : 1 + fails.share * Math.min(fails.attempts, (retry?.maxAttempts ?? 1) - 1);
}

function average(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

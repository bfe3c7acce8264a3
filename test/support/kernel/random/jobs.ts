import type { JobSpec } from '../../../../src/catalogue/generated/types.js';
import { fanOut, job, retry, when } from '../build.js';
import type { DagShape, JobShape } from './commands.js';

/** The executor classes there are. */
export const CLASSES = ['ocr', 'llm'];

/** The jobs that the shape of a random DAG stands for. */
export function jobsOf(shape: DagShape): JobSpec[] {
  const jobs = shape.jobs.map((one, i) => jobOf(one, i));
  const last = jobs[jobs.length - 1]!;
  if (shape.repeat > 0) {
    for (let n = 0; n < shape.repeat; n++)
      jobs.push(job(`r${n}`, { after: ['j0'], executorClass: last.executorClass || 'ocr' }));
    jobs.push(job('end', { after: Array.from({ length: shape.repeat }, (_, n) => `r${n}`) }));
  }
  if (shape.flaw === 'cycle') jobs[0] = { ...jobs[0]!, after: [last.id] };
  if (shape.flaw === 'unknown') jobs[0] = { ...jobs[0]!, after: ['nobody'] };
  if (shape.flaw === 'class') jobs[0] = { ...jobs[0]!, kind: 'executor', executorClass: '' };
  return jobs;
}

function jobOf(shape: JobShape, index: number): JobSpec {
  const after: string[] = [];
  for (let up = 0; up < index; up++) if ((shape.after & (1 << up)) !== 0) after.push(`j${up}`);
  const upstream = after[0];
  const isExecuted = shape.kind === 'executor';
  const cold = upstream === undefined ? {} : coldParts(shape, upstream);
  return job(`j${index}`, {
    kind: shape.kind,
    executorClass: isExecuted ? CLASSES[shape.executorClass]! : '',
    after,
    join: Math.min(shape.join, after.length),
    slots: isExecuted ? shape.slots : 1,
    units: isExecuted ? shape.units : 0,
    estimateMs: isExecuted && shape.estimateMs > 0 ? shape.estimateMs : null,
    timeoutMs: isExecuted && shape.timeoutMs > 0 ? shape.timeoutMs : null,
    retry: isExecuted && shape.attempts > 0 ? retry(shape.attempts, shape.backoffMs) : null,
    optional: shape.optional,
    fanOut: shape.fanOut === 'count' && shape.kind !== 'signal' ? fanOut(shape.count, shape.tolerate) : null,
    ...cold,
  });
}

function coldParts(shape: JobShape, upstream: string): Partial<JobSpec> {
  const parts: { when?: Uint8Array; fanOut?: JobSpec['fanOut'] } = {};
  if (shape.when === 'exists') parts.when = when({ job: upstream, at: '/n', op: 'exists' });
  if (shape.when === 'two') parts.when = when({ job: upstream, at: '/n', op: 'eq', value: 2 });
  if (shape.when === 'not-two') parts.when = when({ not: { job: upstream, at: '/n', op: 'eq', value: 2 } });
  if (shape.kind === 'signal') return parts;
  if (shape.fanOut === 'from') parts.fanOut = fanOut({ from: upstream, at: '/n' }, shape.tolerate);
  if (shape.fanOut === 'over') parts.fanOut = fanOut({ from: upstream, at: '/list', over: true }, shape.tolerate);
  return parts;
}

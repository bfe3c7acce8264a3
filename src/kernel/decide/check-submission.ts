/**
 * What a submission must be; the gateway checks it for the user's sake, and the kernel again for everybody's: what its own
 * work relies on. Other limits are the edge's alone, which inboxes ask (edge/arrived.ts): what was accepted here once must
 * be accepted again whenever an old journal is decided anew.
 */
import type { ErrorCode } from '../../catalogue/generated/errors.js';
import type { Binding, FanOut, JobSpec, Problem, RetryPolicy, SubmitDag } from '../../catalogue/generated/types.js';
import { graphOf, isGraph, note } from '../graph.js';
import { jobsOf, parsePointer, parseWhen } from '../json/index.js';
import * as L from '../limits.js';

type Say = (code: ErrorCode, path: string, detail: string) => void;

/** All that is wrong with a submission, at most `MAX_PROBLEMS`; empty when it can be accepted. */
export function checkSubmission(body: SubmitDag): readonly Problem[] {
  const problems: Problem[] = [];
  const say: Say = (code, path, detail) => note(problems, code, path, detail);
  if (body.parent !== null)
    say('parent-not-supported', '/parent', 'a DAG that a running job starts is not supported yet');
  checkHead(body, say);
  if (body.jobs.length === 0) say('empty-dag', '/jobs', 'a DAG has at least one job');
  if (body.jobs.length > L.MAX_JOBS_PER_SUBMISSION) {
    say('too-many-jobs', '/jobs', `${body.jobs.length} jobs; at most ${L.MAX_JOBS_PER_SUBMISSION}`);
    return problems;
  }
  for (let i = 0; i < body.jobs.length; i++) checkJob(body.jobs[i]!, `/jobs/${i}`, say);
  if (problems.length > 0) return [...problems, ...graphProblems(body.jobs)].slice(0, L.MAX_PROBLEMS);
  return graphProblems(body.jobs);
}

function graphProblems(jobs: readonly JobSpec[]): readonly Problem[] {
  const graph = graphOf(jobs);
  return isGraph(graph) ? [] : graph;
}

function checkHead(body: SubmitDag, say: Say): void {
  checkName(body.dagId, '', '/id', say);
  checkName(body.idempotencyKey, '', '/idempotencyKey', say);
  checkName(body.tenant, '', '/tenant', say);
  if (body.name.length > L.MAX_NAME_LENGTH) say('invalid-value', '/name', `longer than ${L.MAX_NAME_LENGTH}`);
  if (Math.abs(body.priority) > L.MAX_PRIORITY) {
    say('invalid-priority', '/priority', `${body.priority} is outside -${L.MAX_PRIORITY} to ${L.MAX_PRIORITY}`);
  }
  checkDeadline(body.deadlineAtMs, '/deadlineAtMs', say);
  checkDeadline(body.hardDeadlineAtMs, '/hardDeadlineAtMs', say);
}

/** A deadline is a positive time below 2^43 ms. */
export function checkDeadline(at: number | null, path: string, say: Say): void {
  if (at === null || (at > 0 && at <= L.MAX_DEADLINE_MS)) return;
  say('invalid-deadline', path, `${at} is no time between 1 and ${L.MAX_DEADLINE_MS} ms since 1970`);
}

/** Whether a text can be part of a key: its parts are told apart by NUL characters. */
export function isName(text: string): boolean {
  return !text.includes('\u0000');
}

/** Whose field it is, and which: the two are put together for what is wrong, not for each of a hundred thousand jobs. */
function checkName(name: string, path: string, field: string, say: Say): void {
  if (name.length === 0) say('missing-field', path + field, 'must not be empty');
  else if (name.length > L.MAX_NAME_LENGTH) {
    say('invalid-value', path + field, `longer than ${L.MAX_NAME_LENGTH} characters`);
  } else if (!isName(name)) say('invalid-value', path + field, 'a name holds no NUL character');
}

function checkJob(job: JobSpec, path: string, say: Say): void {
  checkName(job.id, path, '/id', say);
  if (/[[\]/]/.test(job.id)) say('invalid-value', `${path}/id`, 'an id holds no [ ] /: they name children and parts');
  if (job.kind === 'executor') {
    if (job.executorClass === '')
      say('invalid-class', `${path}/executorClass`, 'a job of kind executor names its class');
    else if (job.executorClass.length > L.MAX_NAME_LENGTH)
      say('invalid-class', `${path}/executorClass`, 'the name is too long');
    else if (!isName(job.executorClass) || !isName(job.group) || job.group.length > L.MAX_NAME_LENGTH) {
      say('invalid-class', `${path}/group`, 'group and class are names without a NUL character');
    }
  } else if (job.executorClass !== '') {
    say('invalid-class', `${path}/executorClass`, `a job of kind ${job.kind} runs in the scheduler and has no class`);
  }
  if (job.slots < 1 || job.slots > L.MAX_JOB_SLOTS) {
    say('invalid-slots', `${path}/slots`, `${job.slots} is outside 1 to ${L.MAX_JOB_SLOTS}`);
  }
  if (job.units < 0) say('invalid-slots', `${path}/units`, 'must not be negative');
  if (job.join < 0 || job.join > job.after.length) {
    say('invalid-join', `${path}/join`, `${job.join} of ${job.after.length} jobs before it can never be reached`);
  }
  if (!isDuration(job.estimateMs)) say('invalid-estimate', `${path}/estimateMs`, noDuration(job.estimateMs));
  if (!isDuration(job.timeoutMs)) say('invalid-timeout', `${path}/timeoutMs`, noDuration(job.timeoutMs));
  if (job.retry !== null) checkRetry(job.retry, `${path}/retry`, say);
  if (job.inputs.length > 0 || job.fanOut !== null || job.when !== null) checkReads(job, path, say);
}

/** What a job reads of the jobs before it, which may be a hundred thousand: they are not looked through for each. */
function checkReads(job: JobSpec, path: string, say: Say): void {
  const before = new Set(job.after);
  for (const [k, binding] of job.inputs.entries()) checkBinding(binding, before, `${path}/inputs/${k}`, say);
  if (job.fanOut !== null) checkFanOut(job.fanOut, job.kind, before, `${path}/fanOut`, say);
  if (job.when !== null) checkWhen(job.when, before, `${path}/when`, say);
}

function isDuration(ms: number | null): boolean {
  return ms === null || (ms >= 1 && ms <= L.MAX_DURATION_MS);
}

function noDuration(ms: number | null): string {
  return `${ms} is outside 1 to ${L.MAX_DURATION_MS} ms`;
}

function checkRetry(retry: RetryPolicy, path: string, say: Say): void {
  if (retry.maxAttempts < 1 || retry.maxAttempts > L.MAX_ATTEMPTS) {
    say('invalid-retry', `${path}/maxAttempts`, `${retry.maxAttempts} is outside 1 to ${L.MAX_ATTEMPTS}`);
  }
  if (retry.baseMs < 0 || retry.maxMs < retry.baseMs || retry.maxMs > L.MAX_DURATION_MS) {
    say('invalid-retry', `${path}/backoff`, `0 <= baseMs <= maxMs <= ${L.MAX_DURATION_MS}`);
  }
}

function checkBinding(binding: Binding, before: ReadonlySet<string>, path: string, say: Say): void {
  const sources = (binding.value === null ? 0 : 1) + (binding.uri === null ? 0 : 1) + (binding.from === null ? 0 : 1);
  if (sources !== 1) say('invalid-binding', path, 'exactly one of value, uri and from');
  if (binding.from !== null && !before.has(binding.from)) {
    say('invalid-binding', `${path}/from`, `${JSON.stringify(binding.from)} is not among the jobs that it comes after`);
  }
  checkPointer(binding.at, `${path}/at`, say);
}

function checkPointer(pointer: string | null, path: string, say: Say): void {
  if (pointer !== null && parsePointer(pointer) === null) say('invalid-pointer', path, 'not a JSON pointer (RFC 6901)');
}

function checkFanOut(fan: FanOut, kind: JobSpec['kind'], before: ReadonlySet<string>, path: string, say: Say): void {
  if (kind === 'signal') say('invalid-fan-out', path, 'one signal cannot answer many children');
  if ((fan.count === null) === (fan.from === null))
    say('invalid-fan-out', path, 'either a number of children or a job to read it from');
  if (fan.over && fan.from === null) say('invalid-fan-out', path, 'over needs the job whose output holds the array');
  if (fan.count !== null && (fan.count < 0 || fan.count > L.MAX_CHILDREN)) {
    say('invalid-fan-out', `${path}/count`, `${fan.count} is outside 0 to ${L.MAX_CHILDREN}`);
  }
  if (fan.from !== null && !before.has(fan.from)) {
    say('invalid-fan-out', `${path}/from`, `${JSON.stringify(fan.from)} is not among the jobs that it comes after`);
  }
  if (fan.tolerate < 0) say('invalid-fan-out', `${path}/tolerate`, 'must not be negative');
  checkPointer(fan.at, `${path}/at`, say);
}

function checkWhen(when: Uint8Array, before: ReadonlySet<string>, path: string, say: Say): void {
  const parsed = parseWhen(when);
  if (parsed.condition === null) {
    for (const problem of parsed.problems) say('invalid-when', `${path}${problem.path}`, problem.detail);
    return;
  }
  for (const id of jobsOf(parsed.condition)) {
    if (!before.has(id)) say('invalid-when', path, `${JSON.stringify(id)} is not among the jobs that it comes after`);
  }
}

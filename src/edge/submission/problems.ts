/** Lists everything that is wrong with a submission or another request, each with its place. */
import type { z } from 'zod';
import type { ErrorCode } from '../../catalogue/generated/errors.js';
import type { Problem } from '../../catalogue/generated/types.js';
import { type Issue, issueText } from '../../form/issue-text.js';
import { LISTED_PROBLEMS } from '../limits.js';
import { below, pointerOf } from '../pointer.js';
import { problem } from '../problems.js';
import { submissionSchema } from './schema.js';

/** Codes of values that are out of bounds, by the name of the member. */
const BOUNDS_CODES: ReadonlyMap<string, ErrorCode> = new Map<string, ErrorCode>([
  ['priority', 'invalid-priority'],
  ['deadlineAtMs', 'invalid-deadline'],
  ['hardDeadlineAtMs', 'invalid-deadline'],
  ['estimateMs', 'invalid-estimate'],
  ['timeoutMs', 'invalid-timeout'],
  ['slots', 'invalid-slots'],
  ['units', 'invalid-slots'],
  ['join', 'invalid-join'],
  ['maxAttempts', 'invalid-retry'],
  ['baseMs', 'invalid-retry'],
  ['maxMs', 'invalid-retry'],
  ['count', 'invalid-fan-out'],
  ['tolerate', 'invalid-fan-out'],
  ['executorClass', 'invalid-class'],
  ['group', 'invalid-class'],
]);

/** Everything that is wrong with a parsed submission; empty where nothing is. */
export function submissionProblems(parsed: unknown): Problem[] {
  const result = submissionSchema.safeParse(parsed);
  const problems = result.success ? [] : problemsOf(result.error, parsed);
  for (const path of hostileNames(parsed)) {
    if (problems.length < LISTED_PROBLEMS) problems.push(problem('invalid-value', path, 'this name is not taken'));
  }
  return problems;
}

/** The problems of a zod error, in the words of the catalogue; `input` is what was parsed. */
export function problemsOf(error: z.core.$ZodError, input: unknown): Problem[] {
  const problems: Problem[] = [];
  for (const issue of error.issues) {
    if (problems.length >= LISTED_PROBLEMS) break;
    addIssue(problems, issue, input);
  }
  return problems.slice(0, LISTED_PROBLEMS);
}

function addIssue(problems: Problem[], issue: Issue, input: unknown): void {
  const path = pointerOf(issue.path);
  if (issue.code === 'unrecognized_keys') {
    for (const key of issue.keys) problems.push(problem('unknown-field', below(path, key), 'no such field'));
    return;
  }
  if (isAbsent(issue, input)) {
    problems.push(problem('missing-field', path, 'this field is needed'));
    return;
  }
  problems.push(problem(codeOf(issue), path, detailOf(issue)));
}

function codeOf(issue: Issue): ErrorCode {
  if (issue.code === 'custom') {
    const given: unknown = issue.params?.['code'];
    return typeof given === 'string' ? (given as ErrorCode) : 'invalid-value';
  }
  const last = issue.path.at(-1);
  if (last === 'jobs' && issue.path.length === 1) {
    if (issue.code === 'too_small') return 'empty-dag';
    if (issue.code === 'too_big') return 'too-many-jobs';
  }
  if (issue.code !== 'too_small' && issue.code !== 'too_big' && issue.code !== 'invalid_union') return 'invalid-value';
  return (typeof last === 'string' ? BOUNDS_CODES.get(last) : undefined) ?? 'invalid-value';
}

/** In words for people; where there are several ways to give a value, what is wrong with each. */
function detailOf(issue: Issue): string {
  if (issue.code !== 'invalid_union' || issue.errors.length === 0) return issueText(issue);
  return issue.errors.map(([first]) => (first === undefined ? 'something else' : issueText(first))).join('; or: ');
}

/** Whether the issue is that nothing stands at its path. */
function isAbsent(issue: Issue, input: unknown): boolean {
  if (issue.code !== 'invalid_type' && issue.code !== 'invalid_value' && issue.code !== 'invalid_union') return false;
  let at: unknown = input;
  for (const part of issue.path) {
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, part)) return true;
    at = (at as Record<PropertyKey, unknown>)[part];
  }
  return false;
}

/** Places where a name is `__proto__`: zod passes it over in records, and some readers trip over it. */
function hostileNames(parsed: unknown): string[] {
  const paths: string[] = [];
  const look = (record: unknown, path: string): void => {
    if (isRecord(record) && Object.hasOwn(record, '__proto__')) paths.push(below(path, '__proto__'));
  };
  if (!isRecord(parsed)) return paths;
  look(parsed['labels'], '/labels');
  const jobs = parsed['jobs'];
  if (Array.isArray(jobs)) {
    jobs.forEach((job, index) => {
      if (isRecord(job)) look(job['inputs'], `/jobs/${index}/inputs`);
    });
  }
  return paths;
}

/** Whether a parsed value is an object with members. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * Takes what the schema refuses out of a submission, so that what is left can be looked at too: a sender whose jobs have
 * an unknown field and a cycle hears of both.
 */
import type { Problem, SubmitDag } from '../../catalogue/generated/types.js';
import { below, pointerOf } from '../pointer.js';
import { convertSubmission, type SubmissionDefaults } from './convert.js';
import { wirePlaces } from './places.js';
import { isRecord } from './problems.js';
import { submissionSchema } from './schema.js';

/** Says what is wrong with a submission of the right form; empty where nothing is. */
export type CheckSubmission = (submission: SubmitDag) => readonly Problem[];

/** What is taken out may show what stood behind it, but not without end. */
const ROUNDS = 4;

/** A name that no sender gives, in place of one that is missing. */
const PLACEHOLDER = '\u0001';

/**
 * What `check` finds in the rest of a submission that the schema refuses. Nothing where too little is left, and nothing
 * at a place of which a part was taken out.
 */
export function problemsOfRest(
  parsed: unknown,
  check: CheckSubmission,
  defaults: SubmissionDefaults,
): readonly Problem[] {
  const pruned = pruneAll(parsed);
  if (pruned === null) return [];
  let submission: SubmitDag;
  try {
    submission = convertSubmission(pruned.rest, JSON.stringify(pruned.rest), defaults);
  } catch {
    // What the schema takes and the reader doesn't (a hostile name, depth) is told by itself.
    return [];
  }
  return wirePlaces(check(submission), submission).filter(({ path }) => !touches(path, pruned.places));
}

interface Pruned {
  readonly rest: unknown;
  readonly places: ReadonlySet<string>;
}

function pruneAll(parsed: unknown): Pruned | null {
  const rest = copyOf(parsed);
  const places = new Set<string>();
  for (let round = 0; round < ROUNDS; round++) {
    const result = submissionSchema.safeParse(rest);
    if (result.success) return { rest, places };
    for (const issue of result.error.issues) {
      const keys = issue.code === 'unrecognized_keys' ? issue.keys : [];
      if (!prune(rest, issue.path, keys, places)) return null;
    }
  }
  return null;
}

/** A copy of what is taken out of; what lies deeper is never changed. */
function copyOf(parsed: unknown): unknown {
  if (!isRecord(parsed) || !Array.isArray(parsed['jobs'])) return isRecord(parsed) ? { ...parsed } : parsed;
  const jobs = parsed['jobs'].map((job: unknown) => {
    if (!isRecord(job)) return job;
    return Array.isArray(job['after']) ? { ...job, after: [...job['after']] } : { ...job };
  });
  return { ...parsed, jobs };
}

/** Takes out one thing; false where nothing would be left. */
function prune(rest: unknown, path: readonly PropertyKey[], keys: readonly string[], places: Set<string>): boolean {
  const [first, index, member, place] = path;
  if (!isRecord(rest)) return false;
  if (first === undefined) {
    for (const key of keys) delete rest[key];
    return keys.length > 0;
  }
  if (first !== 'jobs') {
    delete rest[String(first)];
    return true;
  }
  const { jobs } = rest;
  if (!Array.isArray(jobs) || typeof index !== 'number') return false;
  const job: unknown = jobs[index];
  if (!isRecord(job)) jobs[index] = { id: `${PLACEHOLDER}${index}`, kind: 'noop' };
  else if (member === undefined) for (const key of keys) delete job[key];
  else pruneMember(job, index, String(member), place);
  // An unknown field says nothing about what stands beside it.
  if (keys.length === 0 || path.length > 2) places.add(pointerOf(path.slice(0, 3)));
  return true;
}

function pruneMember(
  job: Record<string, unknown>,
  index: number,
  member: string,
  place: PropertyKey | undefined,
): void {
  const value = job[member];
  if (member === 'id') job[member] = `${PLACEHOLDER}${index}`;
  else if (member === 'executorClass') job[member] = PLACEHOLDER;
  else if (member === 'after' && Array.isArray(value) && typeof place === 'number') value[place] = PLACEHOLDER;
  else delete job[member];
}

/** Whether a problem may come from what was taken out: it is there, or in a job whose dependencies are not whole. */
function touches(path: string, places: ReadonlySet<string>): boolean {
  const [, jobs, index, member] = path.split('/');
  if (jobs !== 'jobs' || index === undefined) return false;
  const job = `/jobs/${index}`;
  if (places.has(job) || places.has(below(job, 'after'))) return true;
  return member !== undefined && places.has(`${job}/${member}`);
}

/**
 * Patterns of jobs (policy.md: What a job is expected to take): jobs of one class that have the same id in DAGs of the
 * same template, or the same name where there is none. What a pattern took before is what its next job is expected to
 * take.
 *
 * A class keeps 4,096 patterns, each at the place that its digest names; a new pattern takes the place of an old one
 * there.
 */
import type { JobSpec, SubmitDag } from '../catalogue/generated/types.js';
import { digestCheck, digestKey, digestString } from '../catalogue/murmur.js';
import { DEFAULT_ESTIMATE_MS, MAX_DURATION_MS } from './limits.js';
import type { State } from './rows/state.js';

/** Places of a class. */
const PLACES = 4096;
/** Samples up to which the means of a pattern are plain ones, and from which on they correct what is given. */
export const PATTERN_SAMPLES = 8;

/** The pattern of a job. */
export interface Pattern {
  /** 1 to 4,096. */
  readonly place: number;
  /** 53 bits that tell patterns at one place apart. */
  readonly key: number;
}

let lastJobs: readonly JobSpec[] | null = null;
let lastName = '';
let lastPatterns: readonly Pattern[] = [];

/** The patterns of a submission's jobs, by index. A pure function; it is asked for the same jobs several times. */
export function patternsOf({ template, name, jobs }: SubmitDag): readonly Pattern[] {
  const scope = template ?? name;
  if (jobs !== lastJobs || scope !== lastName) {
    lastPatterns = jobs.map(({ id }) => patternOf(scope, id));
    lastJobs = jobs;
    lastName = scope;
  }
  return lastPatterns;
}

/** Patterns that are kept by the names of their jobs: the same few come again and again. */
const KEPT = 4096;
const kept = new Map<string, Map<string, Pattern>>();
let keptCount = 0;

function patternOf(scope: string, id: string): Pattern {
  const known = kept.get(scope)?.get(id);
  if (known !== undefined) return known;
  digestString(`${scope}\u0000${id}`);
  const pattern = { place: (digestCheck() % PLACES) + 1, key: Math.max(1, digestKey()) };
  keep(scope, id, pattern);
  return pattern;
}

function keep(scope: string, id: string, pattern: Pattern): void {
  if (keptCount === KEPT) {
    kept.clear();
    keptCount = 0;
  }
  keptCount += 1;
  const ofScope = kept.get(scope);
  if (ofScope === undefined) kept.set(scope, new Map([[id, pattern]]));
  else ofScope.set(id, pattern);
}

/** What a job's row keeps of its pattern: the place, and three bits by which it is told from most others there. */
export function markOf({ place, key }: Pattern): number {
  return place + (key & 7) * 8192;
}

/** The row of a pattern by the mark that a job has; 0 where it is gone, or another pattern has its place. */
export function rowOfMark(state: State, classSeq: number, mark: number): number {
  const { patterns } = state;
  const row = patterns.find(classSeq, mark & 8191);
  return row !== 0 && (patterns.c.key[row]! & 7) === mark >>> 13 ? row : 0;
}

/**
 * What a job is expected to take, in ms: what is given, times what jobs of its pattern took for what was given where
 * the two are more than a factor of two apart; else the mean of its pattern, else that of its class, else a second.
 */
export function estimateOf(state: State, classSeq: number, pattern: Pattern, givenMs: number | null): number {
  const { patterns } = state;
  const row = classSeq === 0 ? 0 : patterns.find(classSeq, pattern.place);
  const { key, actual, taught, given, told } = patterns.c;
  const isKnown = row !== 0 && key[row] === pattern.key;
  if (givenMs === null) {
    const mean = isKnown && taught[row]! > 0 ? Math.floor(actual[row]! / taught[row]!) : meanOfClass(state, classSeq);
    return Math.min(MAX_DURATION_MS, Math.max(1, mean));
  }
  if (!isKnown || taught[row]! < PATTERN_SAMPLES || told[row] === 0) return givenMs;
  const meanActual = Math.max(1, Math.floor(actual[row]! / PATTERN_SAMPLES));
  const meanGiven = Math.max(1, Math.floor(given[row]! / told[row]!));
  if (meanActual <= 2 * meanGiven && meanGiven <= 2 * meanActual) return givenMs;
  const ratio = Math.min(16 * 256, Math.max(16, Math.floor((meanActual * 256) / meanGiven)));
  return Math.min(MAX_DURATION_MS, Math.max(1, Math.floor((givenMs * ratio) / 256)));
}

function meanOfClass({ classes }: State, classSeq: number): number {
  const cls = classSeq === 0 ? 0 : classes.find(classSeq);
  const count = cls === 0 ? 0 : classes.c.occupancyCount[cls]!;
  return count === 0 ? DEFAULT_ESTIMATE_MS : Math.floor(classes.c.occupancySum[cls]! / count);
}

/** What the time of a critical path went to, part by part: runs, and the waits before them. */
import { sharesOf } from '../why/holders.js';
import type { Wait, WaitReason } from '../why/wait.js';
import type { PathSegment } from './critical-path.js';
import type { AttemptStory, Rest } from './story.js';

/** What a part of a path was: a run, by how it ended, a wait, by its reason, or the time between two runs of its DAG. */
export type PartKind =
  | 'run'
  | 'slow-executor'
  | 'failed-attempt'
  | 'timed-out-attempt'
  | 'lost-executor'
  | 'returned-attempt'
  | 'dag-ended'
  | WaitReason;

/** A stretch of a segment that went to one thing. */
export interface PathPart {
  readonly kind: PartKind;
  readonly fromMs: number;
  readonly toMs: number;
  /** An executor for runs; for waits as in `WaitSpan`. */
  readonly on: string | null;
  /** For a wait for slots: the DAG that held the most of them, and its share of them, in thousandths. */
  readonly holder: number | null;
  readonly heldPermille: number | null;
}

/** Says how slow an executor is. */
export interface Speeds {
  /** How long an attempt took whose end came to be known then: where the fabric had just stood still, later than it was. */
  tookMs(attempt: AttemptStory, endedAtMs: number): number;
  /** What a run would have taken on the other executors, when this one is much slower than they are; else null. */
  usualMs(executor: number, runMs: number): number | null;
  name(executor: number): string;
}

/** The parts of a segment, in order and without a gap: they sum exactly to it. */
export function segmentParts(
  { job, fromMs, toMs }: PathSegment,
  waits: readonly Wait[],
  rests: readonly Rest[],
  speeds: Speeds,
): readonly PathPart[] {
  const parts: PathPart[] = rests.map((rest) => ({ kind: 'dag-ended', ...rest, on: null, ...HELD_BY_NOBODY }));
  for (const wait of waits) parts.push(...waitParts(wait));
  for (const attempt of job.attempts) parts.push(...runParts(attempt, toMs, speeds));
  const clipped = parts
    .map((part) => ({ ...part, fromMs: Math.max(part.fromMs, fromMs), toMs: Math.min(part.toMs, toMs) }))
    .filter((part) => part.toMs > part.fromMs)
    .sort((a, b) => a.fromMs - b.fromMs);
  return filled(clipped, fromMs, toMs);
}

/** Where it is told who held the slots, by which rules others came first isn't: whatever they were, it is one part. */
function waitParts(wait: Wait): PathPart[] {
  const [first] = sharesOf(wait);
  const parts: PathPart[] = [];
  for (const { reason: kind, on, fromMs, toMs } of wait.spans) {
    const isHeld = first !== undefined && (kind === 'no-free-slot' || kind === 'class-limit');
    const last = parts.at(-1);
    if (isHeld && last?.kind === kind) parts[parts.length - 1] = { ...last, toMs };
    else if (isHeld) parts.push({ kind, fromMs, toMs, on, holder: first.dag, heldPermille: first.permille });
    else parts.push({ kind, fromMs, toMs, on, ...HELD_BY_NOBODY });
  }
  return parts;
}

const HELD_BY_NOBODY = { holder: null, heldPermille: null };

const ENDS: Readonly<Record<NonNullable<AttemptStory['end']>, PartKind>> = {
  succeeded: 'run',
  failed: 'failed-attempt',
  'timed-out': 'timed-out-attempt',
  returned: 'returned-attempt',
  'executor-lost': 'lost-executor',
  cancelled: 'run',
};

/**
 * A run; what it took longer than elsewhere, on an executor that is slow, is a part of its own, and so is the time in which
 * it had ended, or would have been, and the fabric stood still.
 */
function runParts(attempt: AttemptStory, untilMs: number, speeds: Speeds): PathPart[] {
  const { grantedAtMs: fromMs, executor, endedAtMs } = attempt;
  const toMs = endedAtMs === null ? untilMs : fromMs + speeds.tookMs(attempt, endedAtMs);
  const unheard: PathPart = {
    kind: 'fabric-stopped',
    fromMs: toMs,
    toMs: endedAtMs ?? toMs,
    on: null,
    ...HELD_BY_NOBODY,
  };
  const kind = attempt.end === null ? 'run' : ENDS[attempt.end];
  const on = speeds.name(executor);
  const usualMs = kind === 'run' ? speeds.usualMs(executor, toMs - fromMs) : null;
  if (usualMs === null) return [{ kind, fromMs, toMs, on, ...HELD_BY_NOBODY }, unheard];
  const slowFromMs = fromMs + usualMs;
  return [
    { kind: 'run', fromMs, toMs: slowFromMs, on, ...HELD_BY_NOBODY },
    { kind: 'slow-executor', fromMs: slowFromMs, toMs, on, ...HELD_BY_NOBODY },
    unheard,
  ];
}

/** What nothing tells of, such as the turn between the end of a job and the next one's, is the fabric's. */
function filled(parts: readonly PathPart[], fromMs: number, toMs: number): readonly PathPart[] {
  const all: PathPart[] = [];
  let at = fromMs;
  for (const part of parts) {
    if (part.toMs <= at) continue;
    // A job that had ended while others of its DAG ran on is where it is until both are run again.
    const sinceMs = part.kind === 'dag-ended' ? at : Math.max(at, part.fromMs);
    if (sinceMs > at) all.push(gap(at, sinceMs));
    all.push({ ...part, fromMs: sinceMs });
    at = part.toMs;
  }
  if (at < toMs) all.push(gap(at, toMs));
  return all;
}

function gap(fromMs: number, toMs: number): PathPart {
  return { kind: 'turn-full', fromMs, toMs, on: null, ...HELD_BY_NOBODY };
}

import { madeOnce } from '../../src/catalogue/made-once.js';
import type { Blocked, JobRef } from '../../src/kernel/explain/index.js';

/**
 * Why a job wasn't dispatched: one of the closed list of policy.md (Why is it not running?), or that the fabric itself
 * stood still.
 */
export type WaitReason = Exclude<Blocked['reason'], 'lease-in-force'> | 'fabric-stopped';

/** A stretch of a wait that has one reason. */
export interface WaitSpan {
  readonly fromMs: number;
  readonly toMs: number;
  readonly reason: WaitReason;
  /** What is waited for: jobs, a limit, a rule of the order, an executor; null where the reason says it all. */
  readonly on: string | null;
}

/** All stretches of a wait with the same reason. */
export interface WaitPart {
  readonly reason: WaitReason;
  readonly on: string | null;
  readonly ms: number;
}

/** A DAG whose jobs held slots that a job waited for. */
export interface Holder {
  readonly dag: number;
  /** How many of its jobs. */
  readonly jobs: number;
  /** Slot-ms that they held while the job waited for a slot. */
  readonly slotMs: number;
}

/** Jobs of a DAG that were dispatched before a job that was ready as well, all by the same field of the key. */
export interface Overtaking {
  readonly dag: number;
  readonly jobs: number;
  /**
   * The field of the key in which they won, a number of codes.json evidenceFields; none: there was room for them alone.
   */
  readonly field: number;
  /** The first of them, its value in that field, and the value that the job itself had. */
  readonly first: JobRef & { readonly atMs: number; readonly value: number; readonly own: number };
}

/** What a wait began with. */
export type WaitStart = 'dag-accepted' | 'child-made' | 'attempt-ended' | 'reopened';

/** The wait before one attempt of a job. Its parts sum exactly to it. */
export interface Wait {
  readonly job: JobRef;
  readonly attempt: number;
  readonly from: { readonly turn: number; readonly atMs: number; readonly what: WaitStart };
  /** The dispatch; null when it didn't come to one. */
  readonly to: { readonly turn: number; readonly atMs: number; readonly token: number } | null;
  /** Up to when it was looked at: the dispatch, the job's end, or the end of the history. */
  readonly untilMs: number;
  readonly spans: readonly WaitSpan[];
  readonly holders: readonly Holder[];
  /** Slot-ms that all of them held, those that aren't told of too. */
  readonly heldMs: number;
  readonly overtakings: readonly Overtaking[];
}

/** The parts of a wait, the longest first. */
export function partsOf(spans: readonly WaitSpan[]): readonly WaitPart[] {
  const parts = new Map<string, { reason: WaitReason; on: string | null; ms: number }>();
  for (const { reason, on, fromMs, toMs } of spans) {
    const key = `${reason} ${on ?? ''}`;
    madeOnce(parts, key, () => ({ reason, on, ms: 0 })).ms += toMs - fromMs;
  }
  return [...parts.values()].sort((a, b) => b.ms - a.ms);
}

/** When a job whose attempt failed is tried again (policy.md: Retries). */

import { DagState } from '../../catalogue/generated/codes.js';
import type { LeaseRef, RetryPolicy } from '../../catalogue/generated/types.js';
import { highWord, lowWord, scramble } from '../../catalogue/murmur.js';
import type { OpenTurn } from '../open-turn.js';
import { specOf } from './spec.js';

/** Journal time at which the job is tried again after a failure of this attempt; -1: it is not. */
export function retryAt(t: OpenTurn, dag: number, job: number, ref: LeaseRef, code: string): number {
  const { dags, jobs } = t.state;
  if (dags.c.state[dag] !== DagState.open) return -1;
  const { retry } = specOf(t, ref.dag, job);
  if (retry === null || retry.nonRetryable.includes(code)) return -1;
  const failures = jobs.c.failures[job]! + 1;
  return failures >= retry.maxAttempts ? -1 : t.at + delayOf(ref, failures, retry);
}

/** The delay before the next attempt, in ms, after so many failures: it doubles, with a jitter below a quarter of it. */
function delayOf(ref: LeaseRef, failures: number, { baseMs, maxMs }: RetryPolicy): number {
  const delayMs = Math.min(maxMs, baseMs * 2 ** Math.min(failures - 1, 20));
  return delayMs + jitter(ref.dag, ref.job, ref.attempt, Math.floor(delayMs / 4));
}

/**
 * Jitter of a retry's delay, 0 <= result < max(1, spanMs): with f = MurmurHash3's 32-bit
 * finaliser, f(f(f(a) ^ job) ^ attempt) as an unsigned number modulo the span. `a` is the low 32 bits of the DAG's
 * sequence number, XORed with f of its high bits; f(0) = 0, so below 2^32 it is the sequence number itself.
 */
export function jitter(dagSeq: number, job: number, attempt: number, spanMs: number): number {
  const a = lowWord(dagSeq) ^ scramble(highWord(dagSeq));
  const h = scramble(scramble(scramble(a) ^ job) ^ attempt) >>> 0;
  return spanMs > 1 ? h % spanMs : 0;
}

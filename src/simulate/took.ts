/**
 * How long an attempt took whose end was told of so long after its dispatch, where the fabric stood still for a part of it:
 * nobody heard when it ended meanwhile, so it took what is expected of it, as far as that can be.
 */
export function tookMs({ afterMs, stillMs }: Heard, estimateMs: number): number {
  return Math.min(afterMs, Math.max(1, afterMs - stillMs, estimateMs));
}

/** When the end of an attempt was told of. */
export interface Heard {
  /** How long after its dispatch, in ms. */
  readonly afterMs: number;
  /** For how long of it the fabric stood still: it was stopped, or stalled. */
  readonly stillMs: number;
}

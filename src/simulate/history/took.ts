/**
 * How long an attempt took whose end was told of so long after its dispatch, where the fabric had just stood still for a
 * part of it: nobody heard when it ended meanwhile, so it took what is expected of it, as far as that can be.
 */
export function tookMs({ afterMs, unheardMs }: Heard, estimateMs: number): number {
  return Math.min(afterMs, Math.max(1, afterMs - unheardMs, estimateMs));
}

/** When the end of an attempt was told of. */
export interface Heard {
  /** How long after its dispatch, in ms. */
  readonly afterMs: number;
  /** For how long of it the fabric had stood still, since when its executor may not have been heard. */
  readonly unheardMs: number;
}

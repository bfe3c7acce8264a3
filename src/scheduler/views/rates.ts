import type { RateView } from '../../answers/types.js';
import { levelAt } from '../../kernel/buckets.js';
import type { State } from '../../kernel/rows/state.js';

/** The rates of a class, with the tokens that each bucket has at this moment of journal time. */
export function ratesOf(state: State, classSeq: number, at: number): readonly RateView[] {
  const { buckets, classes } = state;
  const count = classes.c.buckets[classes.find(classSeq)]!;
  return Array.from({ length: count }, (_, i) => {
    const bucket = buckets.find(classSeq, i);
    const { isUnits, add, perMs, burst, filledAtMs } = buckets.c;
    const level = levelAt(state, bucket, Math.max(at, filledAtMs[bucket]!));
    return {
      per: isUnits[bucket] === 0 ? 'starts' : 'units',
      add: add[bucket]!,
      perMs: perMs[bucket]!,
      burst: burst[bucket]!,
      tokens: Math.floor(level / perMs[bucket]!),
    };
  });
}

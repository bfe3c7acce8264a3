import type { InputRange } from '../catalogue/generated/types.js';
import type { LostInputs, Pending } from '../inbox/port.js';
import { positionKey } from '../journal/rule.js';

/** Where inputs stand that get their positions when they enter a turn. */
const COUNTED = { source: 'embedded', partition: 0 };

type Growing = { -readonly [K in keyof InputRange]: InputRange[K] };

/**
 * The ranges of positions that a turn takes: each goes on where the last one of its partition ended (`positions`, or 0).
 * `taken` are its inputs in order, `lost` what it passes over.
 */
export function rangesOf(
  positions: ReadonlyMap<string, number>,
  taken: readonly Pending[],
  lost: readonly LostInputs[],
): readonly InputRange[] {
  const ranges: Growing[] = [];
  let last: Growing | undefined;
  const rangeOf = (source: string, partition: number): Growing => {
    // Neighbours are mostly of one partition.
    if (last?.source === source && last.partition === partition) return last;
    last = ranges.find((one) => one.source === source && one.partition === partition);
    if (last !== undefined) return last;
    const from = positions.get(positionKey(source, partition)) ?? 0;
    last = { source, partition, from, to: from };
    ranges.push(last);
    return last;
  };
  for (const { source, partition, to } of lost) rangeOf(source, partition).to = to;
  for (const { place } of taken) {
    if (place === null) rangeOf(COUNTED.source, COUNTED.partition).to += 1;
    else rangeOf(place.source, place.partition).to = place.next;
  }
  return ranges;
}

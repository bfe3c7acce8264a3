import type { Arrival } from '../cell/world.js';

/** Merges arrivals that are each in order into one order; at the same place earlier sources come first. */
export function* merge(sources: readonly Iterator<Arrival>[]): Generator<Arrival, void, void> {
  const heads = sources.map((source) => ({ source, head: source.next() }));
  for (;;) {
    let first: (typeof heads)[number] | null = null;
    for (const candidate of heads) {
      if (candidate.head.done) continue;
      if (first === null || comesBefore(candidate.head.value, first.head.value as Arrival)) first = candidate;
    }
    if (first === null) return;
    yield first.head.value as Arrival;
    first.head = first.source.next();
  }
}

function comesBefore(a: Arrival, b: Arrival): boolean {
  return a.at === b.at ? a.order < b.order : a.at < b.at;
}

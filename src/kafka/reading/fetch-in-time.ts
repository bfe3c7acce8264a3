import { setTimeout as sleep } from 'node:timers/promises';
import type { Broker } from 'kafkajs/src/cluster/index.js';
import { type Link, LONGEST_ANSWER_MS } from '../links/link.js';
import { type FetchedPartition, type FetchOptions, type FetchPlace, fetch } from '../protocol/fetch.js';

/** How much later than it should a timer may fire before the connection is given up, in ms. */
const LATE_MS = 10_000;

/**
 * What partitions have from positions on; a slow line may take long for it. Whoever has had more than a quota allows waits
 * for as long as the broker says, and asks again by the same connection: a new one would be let in at once, and get no
 * further.
 */
export async function fetchInTime(
  link: Link,
  broker: Broker,
  places: readonly FetchPlace[],
  options: FetchOptions,
): Promise<readonly FetchedPartition[]> {
  for (;;) {
    const answer = await link.longAnswer(fetch(broker, places, options, LONGEST_ANSWER_MS), broker);
    if (!('throttledMs' in answer)) return answer;
    const { throttledMs } = answer;
    await link.answer(sleep(throttledMs, undefined, { ref: false }), throttledMs + LATE_MS);
  }
}

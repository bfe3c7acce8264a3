/** Settings of a cell's topics that were changed while it runs: told when they are seen, and when all is well again. */
import type { KafkaConnection } from '../../kafka/links/connection.js';
import { systemTimers } from '../adapters/system.js';
import type { ServingFabric } from '../serving.js';
import type { FabricLog } from '../telemetry.js';
import { lookAtTopics } from './topics.js';

/** How often the process that leads looks, in ms. */
const LOOK_MS = 60_000;
const WHAT_HELPS = 'Set it right: no process of the cell starts with it.';

/**
 * Looks at the topics again and again, as each start does once, and tells of what a start would be refused for. Brokers that
 * are out of reach are told of by who needs them. The result ends it.
 */
export function watchTopics(
  fabric: Pick<ServingFabric, 'role'>,
  connection: KafkaConnection,
  {
    cell,
    log,
    everyMs = LOOK_MS,
  }: { readonly cell: string; readonly log: Pick<FabricLog, 'warn'>; readonly everyMs?: number },
): () => void {
  const over = new AbortController();
  let told: readonly string[] = [];
  let isLooking = false;
  const look = async (): Promise<void> => {
    const found = await lookAtTopics(connection, cell, over.signal).catch(() => null);
    if (found === null || over.signal.aborted) return;
    const { refused, areAll } = found;
    for (const problem of refused) {
      if (!told.includes(problem)) log.warn({ problem, todo: WHAT_HELPS }, 'a topic is not as the cell needs it');
    }
    // Of one that is not seen nothing is known.
    const now = areAll ? refused : [...new Set([...told, ...refused])];
    if (told.length > 0 && now.length === 0) log.warn({}, 'the topics are as the cell needs them again');
    told = now;
  };
  const end = systemTimers.every(everyMs, () => {
    if (isLooking || fabric.role !== 'leader') return;
    isLooking = true;
    void look().finally(() => {
      isLooking = false;
    });
  });
  return () => {
    end();
    over.abort();
  };
}

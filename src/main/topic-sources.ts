/** What published records say beyond the events: names of DAGs, and dispatches with their inputs. */
import { Code } from '../catalogue/generated/codes.js';
import { decodeTurn } from '../catalogue/turn.js';
import { dispatchLine } from '../edge/dispatch-lines.js';
import { NameCache } from '../edge/lifecycle/names.js';
import type { Framing } from '../kafka/framing.js';
import type { ResolvedDispatch } from '../outbox/kafka/project.js';
import { recordsOf } from '../outbox/kafka/project.js';
import type { TopicPublisherParts } from '../outbox/kafka/publisher.js';
import type { AcceptedTurn } from '../outbox/port.js';
import type { TopicReads } from './shared-parts.js';

/** Projects turns with what the fold knows, and reads those from the journal that are not in memory any more. */
export function topicSources(
  cell: string,
  framing: Framing,
  { views, journal }: TopicReads,
): Pick<TopicPublisherParts, 'project' | 'read'> {
  const names = new NameCache(views);
  return {
    async project(turn) {
      await names.learn(turn.entries);
      const dispatches = await dispatchesOf(turn, views);
      return recordsOf(turn, { framing, nameOfDag: (dag) => names.get(dag), dispatches });
    },
    async *read(fromTurn) {
      for await (const { bytes } of journal.read(fromTurn)) {
        const { turn, epoch, at: atMs, entries } = decodeTurn(bytes);
        yield { cell, epoch, turn, atMs, entries };
      }
    },
  };
}

/** The dispatches of a turn whose leases are still in force. */
async function dispatchesOf(
  { entries }: AcceptedTurn,
  views: TopicReads['views'],
): Promise<ReadonlyMap<number, ResolvedDispatch>> {
  const owners = new Map<number, number>();
  const tokens: number[] = [];
  for (const entry of entries) {
    if (entry.code === Code.LeaseGranted) owners.set(entry.body.token, entry.body.executor);
    if (entry.code === Code.JobDispatched) tokens.push(entry.body.token);
  }
  const found = new Map<number, ResolvedDispatch>();
  if (tokens.length === 0) return found;
  const resolved = await views.dispatches(tokens);
  tokens.forEach((token, index) => {
    const view = resolved[index];
    const executor = views.idOfExecutor(owners.get(token) ?? 0);
    if (view !== null && view !== undefined && executor !== null) {
      found.set(token, { executor, json: dispatchLine(view) });
    }
  });
  return found;
}

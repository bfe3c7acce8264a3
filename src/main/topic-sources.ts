/** What published records say beyond the events: names of DAGs, and dispatches with their inputs. */
import { Code } from '../catalogue/generated/codes.js';
import { decodeTurn } from '../catalogue/turn.js';
import { dispatchLine } from '../edge/dispatch-lines.js';
import { NameCache } from '../edge/lifecycle/names.js';
import type { Framing } from '../kafka/framing.js';
import type { NameOfDag, ResolvedDispatch } from '../outbox/kafka/project.js';
import { recordsOf } from '../outbox/kafka/project.js';
import type { TopicPublisherParts } from '../outbox/kafka/publisher.js';
import type { AcceptedTurn } from '../outbox/port.js';
import type { TopicReads } from './shared-parts.js';

/** Dispatches of one turn that are in memory with their inputs, of which each may have megabytes, at most. */
const DISPATCHES_AT_ONCE = 32;

/** Projects turns with what the fold knows, and reads those from the journal that are not in memory any more. */
export function topicSources(
  cell: string,
  framing: Framing,
  { views, journal }: TopicReads,
): Pick<TopicPublisherParts, 'project' | 'read'> {
  const names = new NameCache(views);
  return {
    async *project(turn) {
      await names.learn(turn.entries);
      const owners = ownersIn(turn);
      const nameOfDag: NameOfDag = (dag) => names.get(dag);
      for (let from = 0; from < turn.entries.length; ) {
        const { to, tokens } = partFrom(turn, from);
        const dispatches = await dispatchesOf(tokens, owners, views);
        yield recordsOf(turn, { framing, nameOfDag, dispatches }, from, to);
        from = to;
      }
    },
    async *read(fromTurn) {
      for await (const { bytes, hash } of journal.read(fromTurn)) {
        const { turn, epoch, at: atMs, entries } = decodeTurn(bytes);
        yield { cell, epoch, turn, hash, atMs, entries };
      }
    },
  };
}

/** Which executor each lease that a turn grants is for. */
function ownersIn({ entries }: AcceptedTurn): ReadonlyMap<number, number> {
  const owners = new Map<number, number>();
  for (const { code, body } of entries) if (code === Code.LeaseGranted) owners.set(body.token, body.executor);
  return owners;
}

/** The entries from one on up to where enough are dispatched, and the tokens of these. */
function partFrom(
  { entries }: AcceptedTurn,
  from: number,
): { readonly to: number; readonly tokens: readonly number[] } {
  const tokens: number[] = [];
  let to = from;
  for (; to < entries.length && tokens.length < DISPATCHES_AT_ONCE; to++) {
    const entry = entries[to]!;
    if (entry.code === Code.JobDispatched) tokens.push(entry.body.token);
  }
  return { to, tokens };
}

/** Those of the dispatches whose leases are still in force. */
async function dispatchesOf(
  tokens: readonly number[],
  owners: ReadonlyMap<number, number>,
  views: TopicReads['views'],
): Promise<ReadonlyMap<number, ResolvedDispatch>> {
  const found = new Map<number, ResolvedDispatch>();
  if (tokens.length === 0) return found;
  const resolved = await views.dispatches(tokens);
  tokens.forEach((token, index) => {
    const view = resolved[index];
    const executor = views.idOfExecutor(owners.get(token) ?? 0);
    if (view !== null && view !== undefined && executor !== null) {
      found.set(token, { executor, json: dispatchLine(view, null) });
    }
  });
  return found;
}

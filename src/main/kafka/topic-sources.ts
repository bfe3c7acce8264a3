/** What published records say beyond the events: names of DAGs, and dispatches with their inputs. */
import { Code } from '../../catalogue/generated/codes.js';
import { decodeTurn } from '../../catalogue/turn.js';
import { dispatchLine } from '../../edge/dispatch-lines.js';
import { NameCache } from '../../edge/lifecycle/names.js';
import type { Framing } from '../../kafka/framing.js';
import { type NameOfDag, type ResolvedDispatch, recordsOf } from '../../outbox/kafka/project.js';
import type { TopicPublisherParts } from '../../outbox/kafka/publisher.js';
import type { AcceptedTurn } from '../../outbox/port.js';
import type { TopicReads } from '../shared/parts.js';

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
        const part = partFrom(turn, from);
        const { resolved, dispatches } = await dispatchesOf(part.tokens, owners, views);
        const to = resolved < part.tokens.length ? part.ends[resolved - 1]! : part.to;
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

/** Some entries of a turn, from one on. */
interface Part {
  readonly to: number;
  /** Of what is dispatched among them. */
  readonly tokens: readonly number[];
  /** The place after each of these. */
  readonly ends: readonly number[];
}

/** The entries from one on up to where enough are dispatched. */
function partFrom({ entries }: AcceptedTurn, from: number): Part {
  const tokens: number[] = [];
  const ends: number[] = [];
  let to = from;
  while (to < entries.length && tokens.length < DISPATCHES_AT_ONCE) {
    const entry = entries[to++]!;
    if (entry.code !== Code.JobDispatched) continue;
    tokens.push(entry.body.token);
    ends.push(to);
  }
  return { to, tokens, ends };
}

/** How many of the dispatches could be resolved at once, and those among them whose leases are still in force. */
async function dispatchesOf(
  tokens: readonly number[],
  owners: ReadonlyMap<number, number>,
  views: TopicReads['views'],
): Promise<{ readonly resolved: number; readonly dispatches: ReadonlyMap<number, ResolvedDispatch> }> {
  const dispatches = new Map<number, ResolvedDispatch>();
  if (tokens.length === 0) return { resolved: 0, dispatches };
  const resolved = await views.dispatches(tokens);
  for (const [index, view] of resolved.entries()) {
    const token = tokens[index]!;
    const executor = views.idOfExecutor(owners.get(token) ?? 0);
    if (view !== null && executor !== null) dispatches.set(token, { executor, json: dispatchLine(view, null) });
  }
  return { resolved: resolved.length, dispatches };
}

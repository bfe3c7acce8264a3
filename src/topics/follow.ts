import { Code, type Topic } from '../catalogue/generated/codes.js';
import type { AnyEntry, TurnRecord } from '../catalogue/generated/types.js';
import { toJson } from '../catalogue/json.js';
import type { LifecycleEvent } from '../client/types.js';
import { dagOf, nameAsText, namedIn, wants } from '../edge/lifecycle/filter.js';
import { nameIn } from '../edge/lifecycle/names.js';
import type { DagName } from '../edge/ports.js';
import type { Turns } from './turns.js';

export interface FollowOptions {
  /**
   * Only this DAG, of the tenant of the topics; from its submission on unless `afterTurn` says otherwise. Submissions and
   * controls come by the names in them.
   */
  readonly dag?: string;
  /**
   * Only this tenant's DAGs; of all tenants where neither is given. An event of a DAG that nobody can name any more, since
   * its submission is in an archive, comes without `tenant` and `dagId`; a callback about it doesn't come.
   */
  readonly tenant?: string;
  /** Some of lifecycle, leases, slots, dispatches, refusals, submissions, callbacks, controls; `lifecycle` unless given. */
  readonly topics?: readonly Topic[];
  /** Goes on after this turn; 0 is from the beginning. From now on unless given. */
  readonly afterTurn?: number;
  readonly signal?: AbortSignal;
}

/** How a DAG has ended. */
export interface Ended {
  readonly dagId: string;
  readonly dag: number;
  readonly state: 'succeeded' | 'failed' | 'cancelled';
  readonly turn: number;
  readonly atMs: number;
}

/** What is followed. */
type Followable = Pick<Turns, 'bounds' | 'from'>;

/** What events say of the end of a DAG; null where it has not ended by them: it was opened again, or its id used again. */
const STATES = new Map<number, Ended['state'] | null>([
  [Code.DagSucceeded, 'succeeded'],
  [Code.DagFailed, 'failed'],
  [Code.DagCancelled, 'cancelled'],
  [Code.DagReopened, null],
  [Code.DagAccepted, null],
]);

/** Who the DAGs are that events name by their numbers: their submissions say it. */
class Names {
  readonly #names = new Map<number, DagName>();

  learn({ entries }: TurnRecord): void {
    for (const entry of entries) {
      const accepted = nameIn(entry, entries);
      if (accepted !== null) this.#names.set(accepted.dag, accepted.name);
    }
  }

  /** Lets go of those of whom nothing comes behind this turn: it, and the steps before it, are told under their names. */
  forget({ entries }: TurnRecord): void {
    for (const entry of entries) {
      if (entry.code === Code.DagForgotten && entry.body.last) this.#names.delete(entry.body.dag);
    }
  }

  of(entry: AnyEntry): DagName | null {
    const dag = dagOf(entry);
    return dag === null ? null : (this.#names.get(dag) ?? null);
  }
}

/**
 * What happens in a cell, event by event in the journal's order, none missing and none twice. Names of DAGs stand in the
 * turns of their submissions, so it reads from the first turn that is there, or from the one that `accepted` the only DAG
 * that is asked for, and gives what comes after `afterTurn`.
 */
export async function* follow(
  turns: Followable,
  own: string,
  options: FollowOptions,
  accepted?: number,
): AsyncGenerator<LifecycleEvent> {
  const { first, last } = await turns.bounds();
  const after = options.afterTurn ?? (options.dag === undefined ? last : 0);
  const { signal = new AbortController().signal, dag } = options;
  const tenant = options.tenant ?? (dag === undefined ? null : own);
  const filter = { topics: new Set<Topic>(options.topics ?? ['lifecycle']), dag: null, tenant };
  const wanted = dag === undefined ? null : nameAsText({ tenant: options.tenant ?? own, dagId: dag });
  const names = new Names();
  for await (const turn of turns.from(Math.max(first, accepted ?? first), signal)) {
    names.learn(turn);
    for (const [index, entry] of turn.turn <= after ? [] : turn.entries.entries()) {
      const name = names.of(entry);
      if (!wants(filter, entry, dagOf(entry), name)) continue;
      if (wanted !== null && wanted !== (name === null ? namedIn(entry) : nameAsText(name))) continue;
      const json = toJson(entry, { cell: turn.cell, turn: turn.turn, index, at: turn.at });
      yield { ...(JSON.parse(json) as LifecycleEvent), ...name };
    }
    names.forget(turn);
  }
}

/** Resolves when a DAG has ended, by what the journal says now: one that was opened again has not. Reads as `follow`. */
export async function untilEnded(
  turns: Followable,
  own: string,
  dagId: string,
  signal: AbortSignal,
  accepted?: number,
): Promise<Ended> {
  const { first, last } = await turns.bounds();
  const names = new Names();
  let ended: Ended | null = null;
  for await (const turn of turns.from(Math.max(first, accepted ?? first), signal)) {
    names.learn(turn);
    for (const entry of turn.entries) {
      const state = STATES.get(entry.code);
      const name = state === undefined ? null : names.of(entry);
      if (state === undefined || name?.dagId !== dagId || name.tenant !== own) continue;
      ended = state === null ? null : { dagId, dag: dagOf(entry) ?? -1, state, turn: turn.turn, atMs: turn.at };
    }
    names.forget(turn);
    if (ended !== null && turn.turn >= last) return ended;
  }
  throw signal.reason;
}

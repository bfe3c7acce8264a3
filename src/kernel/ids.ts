/** Names: a row of the table of ids for each id that something is found by, under 85 bits of a digest. */
import { digestCheck, digestKey, digestString } from './hash.js';
import type { State } from './state.js';

/** Kinds of names; each is a first part of a key in the table of ids. */
export const IdKind = { dag: 1, idempotency: 2, class: 3, tenant: 4, executor: 5, input: 6 } as const;

/** Numbers of kinds are below this one: a row's `target` is a sequence number times it, and a kind. */
const KINDS = 8;

/** Gives a name to what has this sequence number; gives the name's row. */
export function nameIt(state: State, kind: number, scope: string, id: string, seq: number): number {
  digestString(`${kind}\u0000${scope}\u0000${id}`);
  const row = state.row(state.ids, digestKey(), digestCheck());
  state.set(state.ids, row, state.ids.f.target, seq * KINDS + kind);
  return row;
}

/** The row of a name, 0 when it is unknown. */
export function idOf(state: State, kind: number, scope: string, id: string): number {
  digestString(`${kind}\u0000${scope}\u0000${id}`);
  return state.ids.find(digestKey(), digestCheck());
}

/** The sequence number of what the name stands for, 0 when it is unknown. */
export function seqOf(state: State, kind: number, scope: string, id: string): number {
  return seqOfId(state.ids.c.target[idOf(state, kind, scope, id)]!);
}

/** The sequence number of what a row's `target` says. */
export function seqOfId(target: number): number {
  return (target - kindOf(target)) / KINDS;
}

/** The kind of what a row's `target` says. */
export function kindOf(target: number): number {
  return target % KINDS;
}

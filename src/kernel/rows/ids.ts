/** Names: a row of the table of ids for each id that something is found by, under 85 bits of a digest. */

import { digestCheck, digestJoined, digestKey } from '../../catalogue/murmur.js';
import { KINDS, seqOfTarget, targetOf } from './id-target.js';
import type { State } from './state.js';

export { IdKind } from './id-target.js';

/** The name of a kind that was digested last, and its digest: one input asks for the same names again and again. */
interface Digested {
  scope: string;
  id: string;
  key: number;
  check: number;
}

const lastOf: readonly Digested[] = Array.from({ length: KINDS }, () => ({ scope: '', id: '', key: -1, check: 0 }));

function digested(kind: number, scope: string, id: string): Digested {
  const last = lastOf[kind]!;
  if (last.key >= 0 && last.id === id && last.scope === scope) return last;
  digestJoined(String(kind), scope, id);
  last.scope = scope;
  last.id = id;
  last.key = digestKey();
  last.check = digestCheck();
  return last;
}

/** Gives a name to what has this sequence number; gives the name's row. */
export function nameIt(state: State, kind: number, scope: string, id: string, seq: number): number {
  const { key, check } = digested(kind, scope, id);
  const row = state.ids.row(key, check);
  state.ids.set.target(row, targetOf(kind, seq));
  return row;
}

/** The row of a name, 0 when it is unknown. */
export function idOf(state: State, kind: number, scope: string, id: string): number {
  const { key, check } = digested(kind, scope, id);
  return state.ids.find(key, check);
}

/** The sequence number of what the name stands for, 0 when it is unknown. */
export function seqOf(state: State, kind: number, scope: string, id: string): number {
  return seqOfTarget(state.ids.c.target[idOf(state, kind, scope, id)]!);
}

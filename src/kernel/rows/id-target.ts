/** What a row of the table of ids names: a kind and a sequence number, in one number. */

/** Kinds of names; each is a first part of a key in the table of ids. */
export const IdKind = { dag: 1, idempotency: 2, class: 3, tenant: 4, executor: 5, input: 6 } as const;

/** Numbers of kinds are below this one. */
export const KINDS = 8;

/** The number of a kind and a sequence number; 0 names nothing. */
export function targetOf(kind: number, seq: number): number {
  return seq * KINDS + kind;
}

/** The kind of a target. */
export function kindOf(target: number): number {
  return target % KINDS;
}

/** The sequence number of a target. */
export function seqOfTarget(target: number): number {
  return Math.floor(target / KINDS);
}

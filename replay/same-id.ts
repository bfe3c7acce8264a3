/** An id may be used again once its DAG is forgotten: which of those that had it is meant. */
import { counted } from '../src/cli/text/format.js';
import { JournalError } from '../src/journal/errors.js';

/** A DAG by its id, which several may have had one after the other. */
export interface WhichDag {
  readonly tenant: string;
  readonly dag: string;
  /** Which of them, by their acceptance, from 1; without it the last. */
  readonly nth?: number;
}

/** A DAG's place among those that had its id. */
export interface AmongSame {
  /** From 1, by their acceptance. */
  readonly nth: number;
  /** How many there were. */
  readonly of: number;
}

/** Which of the `of` DAGs that had an id is meant. Throws `JournalError` `not-found`, with `since`, when there is none. */
export function amongSame(of: number, { tenant, dag, nth = of }: WhichDag, since = ''): AmongSame {
  const detail = of === 0 ? `there is no DAG ${dag} of tenant ${tenant}` : `${counted(of, 'DAG')} had the id ${dag}`;
  if (nth < 1 || nth > of) throw new JournalError('not-found', `${detail}${since}`);
  return { nth, of };
}

/** A DAG's id, with its place where others had it too. */
export function nameAmongSame({ dag, nth, of }: { readonly dag: string } & AmongSame): string {
  return of === 1 ? dag : `${dag} (${nth} of ${of})`;
}

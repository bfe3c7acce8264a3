/** The words of refusals in an anonymised turn: what the kernel says of the anonymised inputs. */
import type { TurnRecord } from '../../src/catalogue/generated/types.js';
import { encodeTurn } from '../../src/catalogue/turn.js';
import type { TurnResult } from '../../src/kernel/kernel.js';
import { requestOf } from '../decide-again.js';
import type { ScratchFold } from '../scratch-fold.js';
import { isRefusal, withoutDetails } from './scrub.js';

/**
 * Goes on with a turn whose entries are scrubbed. What was wrong with an input may quote it, and goes; in its place comes
 * what the kernel says when it decides the scrubbed turn: nothing is in it that isn't in the scrubbed journal, and who
 * decides that one again comes to the same. Where the turn comes out otherwise than by its words, they stay empty: estimates
 * are learned by name in a bounded number of places, and other names displace each other there than in the original.
 */
export function retold(fold: ScratchFold, record: TurnRecord): Promise<Pick<TurnResult, 'entries' | 'stateHash'>> {
  const isSame = ({ entries, full, policy }: TurnResult): boolean =>
    encodeTurn({ ...record, entries: entries.map(withoutDetails), full, policy }).equals(encodeTurn(record));
  return fold.retell(record, requestOf(record), record.entries.some(isRefusal) ? isSame : null);
}

import { errnoOf, messageOf } from '../../catalogue/thrown.js';
import { StoreCorrupt, StoreError } from '../errors.js';

/** What a message of RocksDB or of the file system means for us; the first that fits counts. */
const MEANINGS = [
  { code: 'disk-full', says: /No space left|ENOSPC|Disk quota exceeded|EDQUOT/i },
  {
    code: 'store-locked',
    says: /\bLOCK\b.*(temporarily unavailable|No locks available)|lock hold by current process/i,
  },
  {
    code: 'store-corrupt',
    says: /^Corruption|No such file|ENOENT|EEXIST|truncated|Bad table magic|checksum mismatch/i,
  },
] as const;

/**
 * The fault behind an error of RocksDB or of the file system about what is in the folder `dir`; what is not known is
 * `store-unavailable`.
 */
export function faultOf(error: unknown, doing: string, dir: string): StoreError {
  if (error instanceof StoreError) return error;
  const message = messageOf(error);
  const text = `${doing}: ${message}`;
  const meant = withoutPath(message, dir);
  const code = MEANINGS.find(({ says }) => says.test(meant))?.code ?? 'store-unavailable';
  if (code === 'store-locked') return new StoreError(code, 'another process has the store open', { cause: error });
  return code === 'store-corrupt'
    ? new StoreCorrupt(text, { cause: error })
    : new StoreError(code, text, { cause: error });
}

/**
 * Whether opening failed because of the machine, not because of the store: nothing is set aside then. So is whatever the
 * system refuses, such as memory, or a file of another machine; that something is missing, or is no folder, is damage.
 */
export function isOfTheMachine({ code, cause }: StoreError): boolean {
  if (code === 'disk-full' || code === 'store-locked') return true;
  return code === 'store-unavailable' && (errnoOf(cause) !== null || REFUSED.test(messageOf(cause)));
}

/** A refusal of the system, as RocksDB tells of it, also within what it says itself. Before any path, which may say all. */
const REFUSED = /^[^/]*\bIO error: /;

/** What is said, without the folder's own name: that may hold any of the words that are looked for, as `/srv/meio` does. */
function withoutPath(message: string, dir: string): string {
  return message.replaceAll(dir, '');
}

import { messageOf } from '../../catalogue/thrown.js';
import { StoreCorrupt, StoreError } from '../errors.js';

/** What a message of RocksDB or of the file system means for us; the first that fits counts. */
const MEANINGS = [
  { code: 'disk-full', says: /No space left|ENOSPC|Disk quota exceeded|EDQUOT/i },
  {
    code: 'store-locked',
    says: /\bLOCK\b.*(temporarily unavailable|No locks available)|lock hold by current process/i,
  },
  { code: 'store-corrupt', says: /^Corruption|No such file|ENOENT|truncated|Bad table magic|checksum mismatch/i },
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

/** Whether opening failed because of the machine, not because of the store: nothing is set aside then. */
export function isOfTheMachine(error: StoreError, dir: string): boolean {
  if (error.code === 'disk-full' || error.code === 'store-locked') return true;
  return /while open a file for lock|Permission denied|EACCES|Read-only file system|EROFS|Too many open files|EMFILE|Input\/output error|EIO/i.test(
    withoutPath(error.message, dir),
  );
}

/** What is said, without the folder's own name: that may hold any of the words that are looked for, as `/srv/meio` does. */
function withoutPath(message: string, dir: string): string {
  return message.replaceAll(dir, '');
}

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

/** The fault behind an error of RocksDB or of the file system; what is not known is `store-unavailable`. */
export function faultOf(error: unknown, doing: string): StoreError {
  if (error instanceof StoreError) return error;
  const message = messageOf(error);
  const text = `${doing}: ${message}`;
  const code = MEANINGS.find(({ says }) => says.test(message))?.code ?? 'store-unavailable';
  if (code === 'store-locked') return new StoreError(code, 'another process has the store open', { cause: error });
  return code === 'store-corrupt'
    ? new StoreCorrupt(text, { cause: error })
    : new StoreError(code, text, { cause: error });
}

/** Whether opening failed because of the machine, not because of the store: nothing is set aside then. */
export function isOfTheMachine(error: StoreError): boolean {
  if (error.code === 'disk-full' || error.code === 'store-locked') return true;
  return /while open a file for lock|Permission denied|EACCES|Read-only file system|EROFS|Too many open files|EMFILE|Input\/output error|EIO/i.test(
    error.message,
  );
}

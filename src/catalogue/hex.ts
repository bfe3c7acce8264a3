import { asBuffer } from './wire/buffer.js';

/** Bytes in hexadecimal. */
export function hex(bytes: Uint8Array): string {
  return asBuffer(bytes).toString('hex');
}

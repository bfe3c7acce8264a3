/**
 * User JSON as whoever reads it gets it. Earlier releases took some with a byte order mark before it, which is no JSON.
 * Decisions go on reading the bytes as they are in the journal, so that they stay what they were; readers get what was
 * meant.
 */

import { inOneLine } from '../../catalogue/wire/json.js';

const MARK = [0xef, 0xbb, 0xbf] as const;

/** The bytes without a byte order mark. */
export function withoutMark(bytes: Uint8Array): Uint8Array {
  const isMarked = bytes[0] === MARK[0] && bytes[1] === MARK[1] && bytes[2] === MARK[2];
  return isMarked ? bytes.subarray(MARK.length) : bytes;
}

/** The same in one line: what is sent to executors is lines. */
export function lineOfUserJson(bytes: Uint8Array): string {
  return inOneLine(textOfUserJson(bytes));
}

/** The text of the bytes, without a byte order mark. */
export function textOfUserJson(bytes: Uint8Array): string {
  const { buffer, byteOffset, length } = withoutMark(bytes);
  return Buffer.from(buffer, byteOffset, length).toString();
}

import { readFile } from 'node:fs/promises';

/** The bytes of a file. */
export function bytesOfFile(path: string): Promise<Uint8Array> {
  return readFile(path);
}

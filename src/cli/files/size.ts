import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { unlessMissing } from '../../catalogue/thrown.js';

/** Bytes of all files in a folder and those in it; of one that isn't there, or a file that goes meanwhile, none. */
export async function sizeOf(folder: string): Promise<number> {
  let sum = 0;
  for (const entry of await unlessMissing(readdir(folder, { withFileTypes: true }), [])) {
    const path = join(folder, entry.name);
    sum += entry.isDirectory() ? await sizeOf(path) : await unlessMissing(bytesOf(path), 0);
  }
  return sum;
}

async function bytesOf(path: string): Promise<number> {
  return (await stat(path)).size;
}

import { readdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

/** Files that aren't compiled stand beside this one as it is written, and in the package beside what is compiled. */
const PLACES = ['./', '../../replay/'];

/** A folder of replay/ with files that aren't compiled. */
export async function assetFolder(name: string): Promise<string> {
  for (const place of PLACES) {
    const folder = fileURLToPath(new URL(`${place}${name}/`, import.meta.url));
    const files = await readdir(folder).catch(() => []);
    if (files.some((file) => /\.(sql|html)$/.test(file))) return folder;
  }
  throw new Error(`assertion failed: the package has no ${name}`);
}

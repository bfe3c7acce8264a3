import { copyFile, mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { assetFolder } from '../assets.js';

/** Puts the ready queries beside the tables that they read; gives their names. */
export async function copyQueries(folder: string): Promise<readonly string[]> {
  const from = await assetFolder('export/sql');
  const names = (await readdir(from)).filter((name) => name.endsWith('.sql')).sort();
  await mkdir(join(folder, 'sql'), { recursive: true });
  for (const name of names) await copyFile(join(from, name), join(folder, 'sql', name));
  return names;
}

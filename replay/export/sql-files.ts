import { copyFile, mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Beside this file as it is written, and where the package has it beside what is compiled. */
const PLACES = ['./sql/', '../../../replay/export/sql/'].map((place) => fileURLToPath(new URL(place, import.meta.url)));

/** The folder with the ready queries. */
export async function sqlFolder(): Promise<string> {
  for (const place of PLACES) {
    const names = await readdir(place).catch(() => []);
    if (names.some((name) => name.endsWith('.sql'))) return place;
  }
  throw new Error('assertion failed: the package has no queries');
}

/** Puts the ready queries beside the tables that they read; gives their names. */
export async function copyQueries(folder: string): Promise<readonly string[]> {
  const from = await sqlFolder();
  const names = (await readdir(from)).filter((name) => name.endsWith('.sql')).sort();
  await mkdir(join(folder, 'sql'), { recursive: true });
  for (const name of names) await copyFile(join(from, name), join(folder, 'sql', name));
  return names;
}

import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder of package.json, from dist/bench/support. */
export const PROJECT = fileURLToPath(new URL('../../../', import.meta.url));

/** Runs with a new folder inside the project's own, which stands on a real disk as /tmp may not; removes it afterwards. */
export async function withFolder<T>(run: (folder: string) => Promise<T>): Promise<T> {
  const base = process.env['MARIE_BENCH_DIR'] ?? join(PROJECT, '.marie');
  await mkdir(base, { recursive: true });
  const folder = await mkdtemp(join(base, 'bench-'));
  try {
    return await run(folder);
  } finally {
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

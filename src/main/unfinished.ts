/** What processes left unfinished when they were killed: nobody else removes it, and it may be gigabytes. */
import { lstat, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { isMissing, messageOf } from '../catalogue/thrown.js';
import type { FabricLog } from './telemetry.js';

/** A folder that others may write to at the same time, and which names in it are of files that are being written. */
export interface WrittenFolder {
  readonly folder: string;
  isUnfinished(name: string): boolean;
}

/** Hears of files that are removed. */
type Log = Pick<FabricLog, 'info' | 'warn'> | null;

/** Who still writes a file does so all the time: nobody writes one that has been left alone for so long, in ms. */
const ABANDONED_MS = 3_600_000;

/** Removes unfinished files that nobody writes any more. What can't be removed is told, and stays. */
export async function removeUnfinished(folders: readonly WrittenFolder[], nowMs: number, log: Log): Promise<void> {
  for (const { folder, isUnfinished } of folders) {
    for (const name of (await namesIn(folder, log)).filter(isUnfinished)) {
      const file = join(folder, name);
      await removeAbandoned(file, nowMs, log).catch((error: unknown) => {
        if (!isMissing(error)) log?.warn({ file, error: messageOf(error) }, 'an unfinished file could not be removed');
      });
    }
  }
}

async function removeAbandoned(file: string, nowMs: number, log: Log): Promise<void> {
  const status = await lstat(file);
  if (!status.isFile() || nowMs - status.mtimeMs < ABANDONED_MS) return;
  await rm(file);
  log?.info({ file, bytes: status.size }, 'removed what was left unfinished');
}

async function namesIn(folder: string, log: Log): Promise<readonly string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (!isMissing(error)) log?.warn({ folder, error: messageOf(error) }, 'unfinished files could not be looked for');
    return [];
  }
}

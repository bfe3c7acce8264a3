/** A disk of its own for a broker, so small that it can be filled: memory under a mount point, which needs root. */
import { execFile } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, rmdirSync, rmSync, symlinkSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const MEBIBYTE = 1024 * 1024;

export class SmallDisk {
  private constructor(private readonly folder: string) {}

  /** Makes one and puts it under a path. Rejects where nothing can be mounted. */
  static async at(path: string, mebibytes: number): Promise<SmallDisk> {
    const folder = mkdtempSync(join(tmpdir(), 'marie-disk-'));
    try {
      await run('mount', ['-t', 'tmpfs', '-o', `size=${mebibytes}m`, 'marie-disk', folder]);
    } catch (error) {
      rmdirSync(folder);
      throw error;
    }
    symlinkSync(folder, path);
    return new SmallDisk(folder);
  }

  /** Takes all the room that is left. */
  fill(): void {
    const file = openSync(this.#filler, 'a');
    try {
      for (let bytes = MEBIBYTE; bytes >= 1; bytes = bytes >> 1) {
        while (fits(file, bytes)) {
          // There was room.
        }
      }
    } finally {
      closeSync(file);
    }
  }

  /** Gives the room back. */
  free(): void {
    rmSync(this.#filler, { force: true });
  }

  /** Takes it away with all that is on it. */
  async remove(): Promise<void> {
    await run('umount', ['-l', this.folder]);
    rmdirSync(this.folder);
  }

  get #filler(): string {
    return join(this.folder, 'filler');
  }
}

function fits(file: number, bytes: number): boolean {
  try {
    return writeSync(file, Buffer.alloc(bytes)) > 0;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOSPC') return false;
    throw error;
  }
}

/** Why no disk can be made here, or null. */
export async function whyNoDisk(): Promise<string | null> {
  const folder = mkdtempSync(join(tmpdir(), 'marie-disk-'));
  try {
    const disk = await SmallDisk.at(join(folder, 'disk'), 1);
    await disk.remove();
    return null;
  } catch (error) {
    return `no disk can be mounted: ${error instanceof Error ? error.message : String(error)}`;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

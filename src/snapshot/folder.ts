import type { Disk, DiskFile } from '../journal/files/disk.js';
import { pathIn } from '../journal/files/disk.js';
import { SnapshotError } from './errors.js';
import { isSnapshotName } from './names.js';
import type { SnapshotSink, SnapshotSource, SnapshotStorage } from './port.js';

/** What has this at its end is being written, or was left by a writer that did not come to its end. */
const UNFINISHED = '.new';

/** Whether a name in a folder of snapshots is of one that is not whole. */
export function isUnfinishedSnapshot(name: string): boolean {
  return name.endsWith(UNFINISHED) && isSnapshotName(name.slice(0, -UNFINISHED.length));
}

/**
 * So many bytes are written before they are forced to the disk: one large sync at the end would hold up those of the
 * journal beside it.
 */
const SYNC_BYTES = 8 * 1024 * 1024;

/** Snapshots in a folder, which is made when the first is. */
export class SnapshotFolder implements SnapshotStorage {
  constructor(
    private readonly disk: Disk,
    readonly folder: string,
  ) {}

  async list(): Promise<readonly string[]> {
    return (await this.disk.list(this.folder)).filter((name) => !name.endsWith(UNFINISHED));
  }

  async open(name: string): Promise<SnapshotSource> {
    const file = await this.disk.open(pathIn(this.folder, name), 'read');
    return {
      size: file.status().size,
      read: (into, position) => file.read(into, position),
      close: () => file.close(),
    };
  }

  async create(name: string): Promise<SnapshotSink> {
    const { disk, folder } = this;
    await disk.makeFolder(folder);
    const unfinished = pathIn(folder, name + UNFINISHED);
    const removeUnfinished = async (): Promise<void> => {
      if ((await disk.list(folder)).includes(name + UNFINISHED)) await disk.remove(unfinished);
    };
    await removeUnfinished();
    const file = await disk.open(unfinished, 'create');
    return new FileSink(name, file, {
      commit: async () => {
        await disk.rename(unfinished, pathIn(folder, name));
        await disk.syncFolder(folder);
      },
      abort: removeUnfinished,
    });
  }

  async remove(name: string): Promise<void> {
    await this.disk.remove(pathIn(this.folder, name));
    await this.disk.syncFolder(this.folder);
  }
}

interface Ends {
  readonly commit: () => Promise<void>;
  readonly abort: () => Promise<void>;
}

class FileSink implements SnapshotSink {
  #at = 0;
  #synced = 0;
  #isOpen = true;
  /** Whether the file had its name when it was closed: another writer of the same snapshot takes that for its own. */
  #isNamed = true;

  constructor(
    private readonly name: string,
    private readonly file: DiskFile,
    private readonly ends: Ends,
  ) {}

  async write(bytes: Uint8Array): Promise<void> {
    await this.file.write(bytes, this.#at);
    this.#at += bytes.length;
    if (this.#at - this.#synced < SYNC_BYTES) return;
    await this.file.sync();
    this.#synced = this.#at;
  }

  async commit(): Promise<void> {
    await this.file.sync();
    await this.#close();
    if (!this.#isNamed) throw new SnapshotError('target-not-empty', this.name, 'another process writes it, too');
    await this.ends.commit();
  }

  async abort(): Promise<void> {
    await this.#close();
    if (this.#isNamed) await this.ends.abort();
  }

  async #close(): Promise<void> {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.#isNamed = this.file.status().links > 0;
    await this.file.close();
  }
}

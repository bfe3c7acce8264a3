import { type Disk, pathIn } from '../journal/files/disk.js';
import { isSnapshotName } from './names.js';
import type { SnapshotSink, SnapshotSource, SnapshotStorage } from './port.js';

/** What has this at its end is being written, or was left by a writer that did not come to its end. */
const UNFINISHED = '.new';
/**
 * After the snapshot's name comes one of the writer's own: two may write the same snapshot at once, and neither touches
 * what the other has begun. Earlier versions had none.
 */
const UNFINISHED_NAME = /^(.+\.snapshot)(?:\.[\w-]+)?\.new$/;

/** Whether a name in a folder of snapshots is of one that is not whole. */
export function isUnfinishedSnapshot(name: string): boolean {
  return isSnapshotName(UNFINISHED_NAME.exec(name)?.[1] ?? '');
}

/**
 * So many bytes are written before they are forced to the disk: one large sync at the end would hold up those of the
 * journal beside it.
 */
const SYNC_BYTES = 8 * 1024 * 1024;

/** What is left alone of a disk: who appends to a journal there must not meet a disk that a snapshot has filled. */
export interface KeptFree {
  readonly bytes: number;
  /** How many bytes are free where a folder is. */
  freeAt(folder: string): Promise<number>;
}

/**
 * Snapshots in a folder, which is made when the first is. `uniqueName` gives names that no other writer of it uses. With
 * `keptFree`, one that would leave less is given up: `create` and `write` reject.
 */
export class SnapshotFolder implements SnapshotStorage {
  constructor(
    private readonly disk: Disk,
    readonly folder: string,
    private readonly uniqueName: () => string,
    readonly keptFree: KeptFree | null = null,
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
    await this.#mustHaveRoom();
    const ownName = `${name}.${this.uniqueName()}${UNFINISHED}`;
    const unfinished = pathIn(folder, ownName);
    const file = await disk.open(unfinished, 'create');
    let at = 0;
    let synced = 0;
    let isOpen = true;
    const close = async (): Promise<void> => {
      if (!isOpen) return;
      isOpen = false;
      await file.close();
    };
    return {
      write: async (bytes) => {
        await file.write(bytes, at);
        at += bytes.length;
        if (at - synced < SYNC_BYTES) return;
        await file.sync();
        synced = at;
        await this.#mustHaveRoom();
      },
      commit: async () => {
        await file.sync();
        await close();
        await disk.rename(unfinished, pathIn(folder, name));
        await disk.syncFolder(folder);
      },
      abort: async () => {
        await close();
        if ((await disk.list(folder)).includes(ownName)) await disk.remove(unfinished);
      },
    };
  }

  async remove(name: string): Promise<void> {
    await this.disk.remove(pathIn(this.folder, name));
    await this.disk.syncFolder(this.folder);
  }

  async #mustHaveRoom(): Promise<void> {
    if (this.keptFree === null) return;
    const { bytes, freeAt } = this.keptFree;
    const free = await freeAt(this.folder);
    if (free < bytes) throw new Error(`${free} bytes are free, and it leaves ${bytes} to others (${this.folder})`);
  }
}

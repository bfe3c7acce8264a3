/** For `vi.mock` of node:fs/promises: a disk that tells what reaches it. It imports nothing of what it stands for. */

type Disk = typeof import('node:fs/promises');

/** Is told of what reaches the disk, in order. */
export interface DiskWatcher {
  /** Comes before a file or a folder is synced. */
  readonly beforeSync?: (path: string) => Promise<void>;
  readonly synced: (path: string) => void;
  readonly renamed: (from: string, to: string) => void;
}

/** The module with the calls told by which something is made durable. */
export function watchedDisk(real: Disk, watcher: DiskWatcher): object {
  return {
    ...real,
    rename: async (from: string, to: string) => {
      await real.rename(from, to);
      watcher.renamed(from, to);
    },
    open: async (path: string, flags: string) => {
      const file = await real.open(path, flags);
      const sync = file.sync.bind(file);
      file.sync = async () => {
        await watcher.beforeSync?.(path);
        await sync();
        watcher.synced(path);
      };
      return file;
    },
  };
}

/**
 * What the file journal asks of a disk. The real one is `node-disk.ts`; tests put one in its place that loses what was
 * not synced, tears writes, fails and flips bytes.
 *
 * Failures are errors with the system's name in `code` (ENOSPC, EIO, EROFS, ENOENT, …).
 */

/** What the system says of an open file. */
export interface FileStatus {
  /** Length in bytes. */
  readonly size: number;
}

/** An open file. Positions and lengths are bytes from its beginning. */
export interface DiskFile {
  /** Fills `into` from `position`; returns how many bytes there were, less than its length at the file's end only. */
  read(into: Uint8Array, position: number): Promise<number>;
  /** Writes all of `bytes`; after a failure any part of them may be there. */
  write(bytes: Uint8Array, position: number): Promise<void>;
  /** Forces the contents, and the length that is needed to read them, to the disk (fdatasync). */
  sync(): Promise<void>;
  /** Cuts the file; the cut is durable after `sync`. */
  truncate(length: number): Promise<void>;
  /** Answered from memory, without the disk. */
  status(): FileStatus;
  /** Whether the path leads to this file: not once it was removed, or it or a folder above it moved. From memory, too. */
  isAt(path: string): boolean;
  close(): Promise<void>;
}

/**
 * How a file is opened: to read; to read and write; the same, but so that what is written is on the disk, as after `sync`,
 * when the write resolves; or new (which fails with EEXIST where there is one).
 */
export type OpenMode = 'read' | 'write' | 'write-through' | 'create';

export interface Disk {
  /** The names in a folder, in no order; none if there is no such folder. */
  list(folder: string): Promise<string[]>;
  /** Makes a folder and those above it, durably. Does nothing where it exists. */
  makeFolder(folder: string): Promise<void>;
  open(path: string, mode: OpenMode): Promise<DiskFile>;
  /** Gives a file another name, in place of a file of that name; durable after `syncFolder`. */
  rename(from: string, to: string): Promise<void>;
  /** Removes a file; durable after `syncFolder`. */
  remove(path: string): Promise<void>;
  /** Forces a folder's names to the disk. */
  syncFolder(folder: string): Promise<void>;
  /**
   * Takes an exclusive lock that ends with the process, however it ends. Returns its release. Throws `JournalError`
   * (`journal-locked`) if somebody has it, in this process or another.
   */
  lock(path: string): Promise<() => Promise<void>>;
}

/** Timers for syncing at intervals. */
export interface Timers {
  /** Runs `run` once after `delayMs`; returns what cancels it. */
  after(delayMs: number, run: () => void): () => void;
}

/** The path of a name in a folder. */
export function pathIn(folder: string, name: string): string {
  return `${folder}/${name}`;
}

/** Opens a file to read it, and closes it however that ends. */
export async function withFile<T>(disk: Disk, path: string, use: (file: DiskFile) => Promise<T>): Promise<T> {
  const file = await disk.open(path, 'read');
  try {
    return await use(file);
  } finally {
    await file.close();
  }
}

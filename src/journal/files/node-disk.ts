import fs from 'node:fs';
import { dirname, resolve } from 'node:path';
import { promisify } from 'node:util';
import { errnoOf, isMissing, unlessMissing } from '../../catalogue/thrown.js';
import type { Disk, DiskFile, FileStatus, OpenMode } from './disk.js';
import { lockFile } from './lock.js';

const readAt = promisify(fs.read);
const writeAt = promisify(fs.write);
const fdatasync = promisify(fs.fdatasync);
const ftruncate = promisify(fs.ftruncate);

/**
 * Up to this many bytes that nobody waits for are written without leaving the thread: it is a copy into the page cache,
 * which takes a fraction of what a thread of the pool and back take.
 */
const WRITE_AT_ONCE_BYTES = 1024 * 1024;

const { O_RDWR, O_DSYNC } = fs.constants;
const FLAGS: Readonly<Record<OpenMode, string | number>> = {
  read: 'r',
  write: 'r+',
  // Writing and forcing to the disk is one call then, and one way to the pool and back.
  'write-through': O_RDWR | O_DSYNC,
  create: 'wx+',
};

class NodeFile implements DiskFile {
  readonly #path: string;
  readonly #fd: number;
  readonly #writeAtOnceBytes: number;
  /** Which file it is: the same as long as it is open. */
  #identity: Pick<fs.Stats, 'dev' | 'ino'> | null = null;

  constructor(path: string, mode: OpenMode) {
    this.#path = path;
    this.#fd = fs.openSync(path, FLAGS[mode]);
    this.#writeAtOnceBytes = mode === 'write-through' ? 0 : WRITE_AT_ONCE_BYTES;
  }

  async read(into: Uint8Array, position: number): Promise<number> {
    let done = 0;
    while (done < into.length) {
      const { bytesRead } = await readAt(this.#fd, into, done, into.length - done, position + done).catch(
        (error: unknown) => {
          // The system doesn't say of which file it can't read.
          throw Object.assign(Object(error), { path: this.#path });
        },
      );
      if (bytesRead === 0) break;
      done += bytesRead;
    }
    return done;
  }

  async write(bytes: Uint8Array, position: number): Promise<void> {
    let done = 0;
    while (done < bytes.length) {
      const rest = bytes.length - done;
      done +=
        rest <= this.#writeAtOnceBytes
          ? fs.writeSync(this.#fd, bytes, done, rest, position + done)
          : (await writeAt(this.#fd, bytes, done, rest, position + done)).bytesWritten;
    }
  }

  async sync(): Promise<void> {
    await fdatasync(this.#fd);
  }

  async truncate(length: number): Promise<void> {
    await ftruncate(this.#fd, length);
  }

  status(): FileStatus {
    const { size } = fs.fstatSync(this.#fd);
    return { size };
  }

  isAt(path: string): boolean {
    const there = fs.statSync(path, { throwIfNoEntry: false });
    this.#identity ??= fs.fstatSync(this.#fd);
    const { dev, ino } = this.#identity;
    return there !== undefined && there.dev === dev && there.ino === ino;
  }

  async close(): Promise<void> {
    fs.closeSync(this.#fd);
  }
}

/** The machine's file system. */
export const nodeDisk: Disk = {
  list: (folder) => unlessMissing(fs.promises.readdir(folder), []),
  async makeFolder(folder) {
    // One by one: told to make those above it too, Node never ends where nobody may make one, as in /proc.
    const missing: string[] = [];
    for (let path = resolve(folder); !(await isFolder(path)); path = dirname(path)) missing.push(path);
    for (const path of missing.reverse()) await makeOne(path);
  },
  async open(path, mode) {
    return new NodeFile(path, mode);
  },
  rename: (from, to) => fs.promises.rename(from, to),
  remove: (path) => fs.promises.unlink(path),
  syncFolder,
  async lock(path) {
    return lockFile(path);
  },
};

/**
 * Whether it is there, be it one that may not be listed: that may hold what is wanted all the same. Throws if it is
 * something else than a folder, or stands in something else, or where nobody may look.
 */
async function isFolder(path: string): Promise<boolean> {
  try {
    if ((await fs.promises.stat(path)).isDirectory()) return true;
    // Only to throw as the machine does.
    await fs.promises.opendir(path);
    return true;
  } catch (error) {
    if (isMissing(error)) return false;
    throw error;
  }
}

/** Its name is made durable in the folder above it. Another process may be quicker. */
async function makeOne(path: string): Promise<void> {
  try {
    await fs.promises.mkdir(path);
  } catch (error) {
    if (errnoOf(error) !== 'EEXIST') throw error;
    // A link may be there that leads nowhere, as to a disk that is not mounted: of that the machine says so.
    await fs.promises.stat(path);
  }
  await syncFolder(dirname(path));
}

async function syncFolder(folder: string): Promise<void> {
  const handle = await fs.promises.open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

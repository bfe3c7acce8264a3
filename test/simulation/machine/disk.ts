import { CHECKPOINT_NAME } from '../../../src/journal/files/checkpoint.js';
import type { Disk, DiskFile, OpenMode } from '../../../src/journal/files/disk.js';
import { type FaultyDisk, writingThrough } from '../../contract/journal-support/faulty-disk.js';
import { type Host, never } from './host.js';

/** What is wrong with a disk for a while. */
export interface DiskTrouble {
  /** No file grows. */
  isFull: boolean;
  /** The next sync fails. */
  failsSync: boolean;
  /** The next sync takes so long, in ms. */
  slowSyncMs: number;
}

/** A write or sync that has begun and is not answered yet. */
export interface UnderWay {
  readonly file: DiskFile;
  readonly write: { readonly bytes: Uint8Array; readonly position: number } | null;
}

/** The machine's disk as one process uses it: it takes time, fails, and ends with the process. */
export class HostDisk implements Disk {
  /** What a loss of power or a kill meets. */
  underWay: UnderWay | null = null;

  constructor(
    private readonly host: Host,
    private readonly disk: FaultyDisk,
    private readonly trouble: DiskTrouble,
  ) {}

  list(folder: string): Promise<string[]> {
    return this.#alive(() => this.disk.list(folder));
  }

  makeFolder(): Promise<void> {
    return this.#alive(() => this.disk.makeFolder());
  }

  rename(from: string, to: string): Promise<void> {
    return this.#alive(() => this.disk.rename(from, to));
  }

  remove(path: string): Promise<void> {
    return this.#alive(() => this.disk.remove(path));
  }

  syncFolder(): Promise<void> {
    return this.#alive(() => this.disk.syncFolder());
  }

  lock(path: string): Promise<() => Promise<void>> {
    return this.#alive(() => this.disk.lock(path));
  }

  async open(path: string, mode: OpenMode): Promise<DiskFile> {
    const isThrough = mode === 'write-through';
    const file = await this.#alive(() => this.disk.open(path, isThrough ? 'write' : mode));
    const hosted: DiskFile = {
      read: (into, position) => this.#alive(() => file.read(into, position)),
      write: (bytes, position) =>
        path.includes(CHECKPOINT_NAME) ? this.#hint(file, bytes, position) : this.#write(file, bytes, position),
      sync: () => this.#sync(file),
      truncate: (length) => this.#alive(() => file.truncate(length)),
      status: () => file.status(),
      isAt: (at) => file.isAt(at),
      close: () => this.#alive(() => file.close()),
    };
    return isThrough ? writingThrough(hosted) : hosted;
  }

  async #write(file: DiskFile, bytes: Uint8Array, position: number): Promise<void> {
    const { host } = this;
    if (!host.pass('before the write')) return never();
    await this.#checkRoom(file, bytes, position);
    if (!host.pass('inside the write')) {
      await file.write(bytes.subarray(0, host.chance.below(bytes.length)), position);
      return never();
    }
    await this.#during({ file, write: { bytes: bytes.slice(), position } }, host.chance.between(0.01, 0.1));
    await file.write(bytes, position);
  }

  /** A checkpoint is written beside the turns: what becomes of a turn that is under way then is another matter. */
  async #hint(file: DiskFile, bytes: Uint8Array, position: number): Promise<void> {
    await this.#checkRoom(file, bytes, position);
    await this.host.delay(this.host.chance.wait(1));
    if (!this.host.alive) return never();
    await file.write(bytes, position);
  }

  async #checkRoom(file: DiskFile, bytes: Uint8Array, position: number): Promise<void> {
    if (!this.trouble.isFull || position + bytes.length <= file.status().size) return;
    await file.write(bytes.subarray(0, this.host.chance.below(bytes.length)), position);
    throw Object.assign(new Error('ENOSPC: no space left on device'), { code: 'ENOSPC' });
  }

  async #sync(file: DiskFile): Promise<void> {
    const { host, trouble } = this;
    if (!host.pass('before the sync')) return never();
    const ms = trouble.slowSyncMs > 0 ? trouble.slowSyncMs : host.chance.wait(0.8) + 0.2;
    trouble.slowSyncMs = 0;
    await this.#during({ file, write: null }, ms);
    if (trouble.failsSync) {
      trouble.failsSync = false;
      this.disk.failNext('sync', { errno: 'EIO' });
    }
    await file.sync();
    if (!host.pass('after the sync')) return never();
  }

  async #during(underWay: UnderWay, ms: number): Promise<void> {
    this.underWay = underWay;
    await this.host.delay(ms);
    this.underWay = null;
  }

  #alive<T>(action: () => Promise<T>): Promise<T> {
    return this.host.alive ? action() : never();
  }
}

/**
 * A disk in memory that keeps apart what was written and what is durable. It can lose power (each unsynced sector,
 * and the file's length, is then there or not), die at any operation, fail with an error of the system, and flip bytes.
 */
import { JournalError } from '../../../src/journal/errors.js';
import type { Disk, DiskFile, OpenMode } from '../../../src/journal/files/disk.js';

const SECTOR = 512;

/** The operations that change something, in the order in which they are counted. */
export type Operation = 'write' | 'sync' | 'truncate' | 'create' | 'rename' | 'remove' | 'syncFolder';

/** The process that used the disk has died at one of its operations. */
export class Died extends Error {}

/** What an operation is to do instead. */
export type Fault =
  /** Nothing, and fail; a write does the first `bytes` of it before. */
  | { readonly errno: string; readonly bytes?: number }
  /** The process dies; a write does the first `bytes` of it before. */
  | { readonly die: true; readonly bytes?: number };

class Inode {
  bytes = Buffer.alloc(0);
  durable = Buffer.alloc(0);
  /** Sectors that the system knows to differ from the disk. */
  dirty = new Set<number>();
  /** Sectors of a sync that failed: the system takes them for written. */
  dropped = new Set<number>();

  resize(length: number): void {
    const grown = Buffer.alloc(length);
    this.bytes.copy(grown);
    this.bytes = grown;
  }

  sync(): void {
    const durable = Buffer.alloc(this.bytes.length);
    this.durable.copy(durable);
    for (let sector = 0; sector * SECTOR < durable.length; sector++) {
      if (this.dirty.has(sector)) copySector(this.bytes, durable, sector);
    }
    this.durable = durable;
    this.dirty.clear();
  }
}

function copySector(from: Buffer, to: Buffer, sector: number): void {
  from.copy(to, sector * SECTOR, sector * SECTOR, Math.min(from.length, (sector + 1) * SECTOR));
}

export class FaultyDisk implements Disk {
  readonly #names = new Map<string, Inode>();
  #durableNames = new Map<string, Inode>();
  readonly #locks = new Set<string>();
  readonly #faults = new Map<number, Fault>();
  #dead = false;
  /** How many operations there were. */
  operations = 0;
  /** What each of them was. */
  readonly trace: Operation[] = [];

  /** Lets the operation with this number, counted from 0, go wrong. */
  failAt(operation: number, fault: Fault): void {
    this.#faults.set(operation, fault);
  }

  /** Lets the next operation of a kind, or the one after `skip` of them, go wrong. */
  failNext(kind: Operation, fault: Fault, skip = 0): void {
    this.#next = { kind, fault, skip };
  }

  /** Calls this as each operation begins. */
  onOperation: (kind: Operation) => void = () => undefined;

  /** Lets the next sync wait until the function that is returned is called. */
  holdNextSync(): () => void {
    let release = (): void => undefined;
    this.#held = new Promise((resolve) => {
      release = resolve;
    });
    return release;
  }
  #held: Promise<void> | null = null;
  #next: { kind: Operation; fault: Fault; skip: number } | null = null;

  /** The disk as another process finds it after this one was killed. */
  afterKill(): FaultyDisk {
    const disk = new FaultyDisk();
    for (const [name, inode] of this.#names) disk.#names.set(name, inode);
    disk.#durableNames = this.#durableNames;
    return disk;
  }

  /** The disk after a loss of power. `chance` gives numbers from 0 to below its argument. */
  afterPowerLoss(chance: (below: number) => number): FaultyDisk {
    const disk = new FaultyDisk();
    const all = chance(2) === 0;
    // A name that was not synced is there or not; what it stands for is the same.
    const names = new Map(this.#durableNames);
    for (const [name, inode] of this.#names) if (all || names.has(name)) names.set(name, inode);
    if (all) for (const name of this.#durableNames.keys()) if (!this.#names.has(name)) names.delete(name);
    for (const [name, inode] of names) {
      const left = new Inode();
      left.bytes = Buffer.from(remains(inode, chance));
      left.durable = Buffer.from(left.bytes);
      disk.#names.set(name, left);
      disk.#durableNames.set(name, left);
    }
    return disk;
  }

  /** The bytes of a file, to look at or to change. */
  contents(path: string): Buffer {
    return this.#inode(path).bytes;
  }

  /** Puts other bytes in place of a file's, durably. */
  replace(path: string, bytes: Uint8Array): void {
    const inode = this.#names.get(path) ?? new Inode();
    inode.bytes = Buffer.from(bytes);
    inode.durable = Buffer.from(bytes);
    this.#names.set(path, inode);
    this.#durableNames.set(path, inode);
  }

  /** A disk with the same files that shares nothing. */
  copy(): FaultyDisk {
    const disk = new FaultyDisk();
    for (const [name, inode] of this.#names) disk.replace(name, inode.bytes);
    return disk;
  }

  async list(folder: string): Promise<string[]> {
    const prefix = `${folder}/`;
    return [...this.#names.keys()].filter((name) => name.startsWith(prefix)).map((name) => name.slice(prefix.length));
  }

  async makeFolder(): Promise<void> {}

  async open(path: string, mode: OpenMode): Promise<DiskFile> {
    if (mode === 'create') {
      this.#step('create');
      if (this.#names.has(path)) throw systemError('EEXIST', path);
      this.#names.set(path, new Inode());
    }
    const file = this.#file(this.#inode(path));
    return mode === 'write-through' ? writingThrough(file) : file;
  }

  async rename(from: string, to: string): Promise<void> {
    this.#step('rename');
    const inode = this.#inode(from);
    this.#names.delete(from);
    this.#names.set(to, inode);
  }

  async remove(path: string): Promise<void> {
    this.#step('remove');
    this.#inode(path);
    this.#names.delete(path);
  }

  async syncFolder(): Promise<void> {
    this.#step('syncFolder');
    this.#durableNames = new Map(this.#names);
  }

  async lock(path: string): Promise<() => Promise<void>> {
    if (this.#locks.has(path)) throw new JournalError('journal-locked', path);
    this.#locks.add(path);
    return async () => {
      this.#locks.delete(path);
    };
  }

  #inode(path: string): Inode {
    const inode = this.#names.get(path);
    if (inode === undefined) throw systemError('ENOENT', path);
    return inode;
  }

  /** Counts an operation; throws if it is to go wrong. `part` does the first bytes of a write. */
  #step(kind: Operation, part: (bytes: number) => void = () => undefined): void {
    if (this.#dead) throw new Died();
    this.trace.push(kind);
    this.onOperation(kind);
    let fault = this.#faults.get(this.operations++);
    if (this.#next?.kind === kind && this.#next.skip-- === 0) {
      fault = this.#next.fault;
      this.#next = null;
    }
    if (fault === undefined) return;
    part(fault.bytes ?? 0);
    if ('errno' in fault) throw systemError(fault.errno, kind);
    this.#dead = true;
    throw new Died();
  }

  #file(inode: Inode): DiskFile {
    let closed = false;
    return {
      read: async (into, position) => inode.bytes.copy(into, 0, Math.min(position, inode.bytes.length)),
      write: async (bytes, position) => {
        if (closed) throw systemError('EBADF', 'write');
        this.#step('write', (length) => writeInto(inode, bytes.subarray(0, length), position));
        writeInto(inode, bytes, position);
      },
      sync: async () => {
        try {
          this.#step('sync');
        } catch (error) {
          // What a failed sync leaves: pages that the system takes for clean and the disk never got.
          if (!(error instanceof Died)) inode.dirty.clear();
          throw error;
        }
        const held = this.#held;
        this.#held = null;
        await held;
        if (closed) throw systemError('EBADF', 'sync');
        inode.sync();
      },
      truncate: async (length) => {
        this.#step('truncate');
        inode.resize(length);
      },
      status: () => ({ size: inode.bytes.length }),
      isAt: (path) => this.#names.get(path) === inode,
      close: async () => {
        // A descriptor that is closed already may be another file's by now.
        if (closed) throw systemError('EBADF', 'close');
        closed = true;
      },
    };
  }
}

/** The same file, of which each write is followed by a sync: what happens to either may happen to such a write. */
export function writingThrough(file: DiskFile): DiskFile {
  return {
    ...file,
    write: async (bytes, position) => {
      await file.write(bytes, position);
      await file.sync();
    },
  };
}

function writeInto(inode: Inode, bytes: Uint8Array, position: number): void {
  if (bytes.length === 0) return;
  if (position + bytes.length > inode.bytes.length) inode.resize(position + bytes.length);
  inode.bytes.set(bytes, position);
  const last = Math.floor((position + bytes.length - 1) / SECTOR);
  for (let sector = Math.floor(position / SECTOR); sector <= last; sector++) inode.dirty.add(sector);
}

/** What the disk has of a file: the durable part, any of the unsynced sectors, and any length in between. */
function remains(inode: Inode, chance: (below: number) => number): Buffer {
  const { bytes, durable, dirty } = inode;
  const [low, high] = [Math.min(bytes.length, durable.length), Math.max(bytes.length, durable.length)];
  const length = chance(3) === 0 ? high : low + chance(high - low + 1);
  const left = Buffer.alloc(length);
  durable.copy(left);
  const few = chance(3) === 0;
  for (const sector of dirty) {
    const written = few ? chance(8) !== 0 : chance(2) === 0;
    if (written && sector * SECTOR < length) copySector(bytes, left, sector);
  }
  return left;
}

function systemError(errno: string, what: string): Error {
  return Object.assign(new Error(`${errno}: ${what}`), { code: errno });
}

/** Numbers from a seed: the same seed, the same numbers (mulberry32). */
export function chanceOf(seed: number): (below: number) => number {
  let state = seed | 0;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let x = Math.imul(state ^ (state >>> 15), 1 | state);
    x = (x + Math.imul(x ^ (x >>> 7), 61 | x)) ^ x;
    return ((x ^ (x >>> 14)) >>> 0) % below;
  };
}

import type { SnapshotSink, SnapshotSource, SnapshotStorage } from '../../../src/snapshot/index.js';

/** Snapshots in memory, which a test may damage. */
export class MemorySnapshots implements SnapshotStorage {
  readonly files = new Map<string, Buffer>();

  async list(): Promise<readonly string[]> {
    return [...this.files.keys()];
  }

  async open(name: string): Promise<SnapshotSource> {
    const bytes = this.files.get(name);
    if (bytes === undefined) throw new Error(`there is no ${name}`);
    return {
      size: bytes.length,
      read: async (into, position) => bytes.copy(into, 0, position, position + into.length),
      close: async () => undefined,
    };
  }

  async create(name: string): Promise<SnapshotSink> {
    const parts: Buffer[] = [];
    return {
      write: async (bytes) => void parts.push(Buffer.from(bytes)),
      commit: async () => void this.files.set(name, Buffer.concat(parts)),
      abort: async () => undefined,
    };
  }

  async remove(name: string): Promise<void> {
    this.files.delete(name);
  }
}

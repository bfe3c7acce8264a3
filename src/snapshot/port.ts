import type { StorePosition } from '../store/port.js';

/**
 * The place of snapshots: large pieces of bytes under names, written once from beginning to end, read in parts. A folder
 * does it (`folder.ts`), and so does any store of objects that takes an upload in parts and gives ranges.
 *
 * Ownership: a snapshot is never changed. Durability: when `commit` resolves it survives a loss of power; before, it has
 * no name, and whatever ends the writer leaves nothing under it. Names sort as the turns do that they begin with.
 */
export interface SnapshotStorage {
  /** The names that are there, in no order. What was not committed isn't among them. */
  list(): Promise<readonly string[]>;
  /** Opens one for reading. Rejects if there is none. */
  open(name: string): Promise<SnapshotSource>;
  /** Begins one. Its name gets it with `commit`, in the place of one that has it already. */
  create(name: string): Promise<SnapshotSink>;
  remove(name: string): Promise<void>;
}

/** The bytes of a snapshot. */
export interface SnapshotSource {
  readonly size: number;
  /** Fills `into` from `position`; gives how many bytes there were, less than its length at the end only. */
  read(into: Uint8Array, position: number): Promise<number>;
  close(): Promise<void>;
}

/** A snapshot that is being written. It ends with `commit` or `abort`; with both where `commit` rejects. */
export interface SnapshotSink {
  /** Adds bytes; they may be used again when it resolves. */
  write(bytes: Uint8Array): Promise<void>;
  commit(): Promise<void>;
  abort(): Promise<void>;
}

/** What a snapshot stands for. Only a program with the same layout of rows can read it. */
export interface SnapshotHead extends StorePosition {
  /** Journal time of its turn, in ms. */
  readonly atMs: number;
}

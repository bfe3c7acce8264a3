import { hex } from '../catalogue/hex.js';
import type { SnapshotHead, SnapshotStorage } from './port.js';

const NAME = /^(\d{16})-([\da-f]{16})\.snapshot$/;
const TURN_DIGITS = 16;
const HASH_BYTES = 8;

/** A snapshot as its name tells it. */
export interface NamedSnapshot {
  readonly name: string;
  readonly turn: number;
}

/** The name of a snapshot: its turn, and the beginning of that turn's hash, so that two histories don't share one. */
export function snapshotName({ turn, hash }: Pick<SnapshotHead, 'turn' | 'hash'>): string {
  const digits = String(turn).padStart(TURN_DIGITS, '0');
  return `${digits}-${hex(hash.subarray(0, HASH_BYTES))}.snapshot`;
}

/** Whether a name is of the kind that snapshots have. */
export function isSnapshotName(name: string): boolean {
  return NAME.test(name);
}

/** The snapshots of a place, the newest first. What has another kind of name is none. */
export async function listSnapshots(storage: SnapshotStorage): Promise<NamedSnapshot[]> {
  const found: NamedSnapshot[] = [];
  for (const name of await storage.list()) {
    const digits = NAME.exec(name)?.[1];
    if (digits !== undefined) found.push({ name, turn: Number(digits) });
  }
  return found.sort((a, b) => b.turn - a.turn || (a.name < b.name ? 1 : -1));
}

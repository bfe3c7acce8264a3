import type { StoreEntry } from '../store/index.js';
import { snapshotName } from './names.js';
import type { SnapshotHead, SnapshotStorage } from './port.js';
import { type WrittenSnapshot, writeSnapshot } from './writer.js';

/** Puts the rows of a store into a place as a snapshot. When it rejects, nothing of it is left there. */
export async function putSnapshot(
  storage: SnapshotStorage,
  head: SnapshotHead,
  entries: AsyncIterable<readonly StoreEntry[]>,
): Promise<WrittenSnapshot & { readonly name: string }> {
  const name = snapshotName(head);
  const sink = await storage.create(name);
  try {
    const written = await writeSnapshot(sink, head, entries);
    await sink.commit();
    return { name, ...written };
  } catch (error) {
    await sink.abort();
    throw error;
  }
}

/** Snapshots as their users see them. Which place they are in, only the composition knows. */

export { SnapshotError } from './errors.js';
export { LayeredStore } from './layered-store.js';
export { listSnapshots, type NamedSnapshot, snapshotName } from './names.js';
export type * from './port.js';
export { SnapshotReader } from './reader.js';
export { putSnapshot, type WrittenSnapshot, writeSnapshot } from './writer.js';

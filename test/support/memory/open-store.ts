import { StoreCorrupt, StoreError } from '../../../src/store/errors.js';
import type { OpenedStore, StoreIdentity, StorePosition } from '../../../src/store/port.js';
import { Unusable, usablePosition } from '../../../src/store/usable.js';
import { MemoryMedium } from './medium.js';
import { MemoryStore } from './store.js';

export interface MemoryStoreOptions extends StoreIdentity {
  /** Where the rows are kept; a new, empty medium if not given. */
  readonly medium?: MemoryMedium;
}

/** Opens the store of a medium. One that cannot be used is set aside, as a folder would be. */
export async function openMemoryStore(options: MemoryStoreOptions): Promise<OpenedStore> {
  const { medium = new MemoryMedium() } = options;
  if (medium.owner !== null) throw new StoreError('store-locked', 'the store is open already');
  try {
    const position = inspect(medium, options);
    return { store: new MemoryStore(medium, options, position), setAside: null };
  } catch (error) {
    const reason = error instanceof Unusable ? error.reason : error instanceof StoreCorrupt ? 'corrupt' : null;
    if (reason === null || !(error instanceof Error)) throw error;
    const setAside = { reason, detail: error.message, place: medium.setAside() };
    return { store: new MemoryStore(medium, options, null), setAside };
  }
}

function inspect(medium: MemoryMedium, identity: StoreIdentity): StorePosition | null {
  const { position, rows, condemned } = medium.contents;
  if (condemned !== null) throw new Unusable('corrupt', condemned);
  if (position !== null) return usablePosition(position, identity);
  if (rows.size > 0) throw new StoreCorrupt('the store has rows and no position');
  return null;
}

import type { StorePosition } from '../port.js';
import type { BatchRecords } from './batches.js';
import type { Database } from './database.js';
import type { Tables } from './tables.js';

/** An open database, and what was found in it. */
export interface Opened {
  readonly db: Database;
  readonly tables: Tables;
  readonly records: BatchRecords;
  readonly position: StorePosition | null;
}

import { type OutgoingRecord, sizeOfRecord } from '../protocol/record-batch.js';

/** How large the batches of a topic may be, in bytes of records, about: less once it has refused one as too large. */
export class BatchLimit {
  #bytes: number;

  constructor(bytes = Number.POSITIVE_INFINITY) {
    this.#bytes = bytes;
  }

  /** How many of these records, from the first on, have room in a batch: at least one, however large it is. */
  countOf(records: Iterable<OutgoingRecord>): number {
    let bytes = 0;
    let count = 0;
    for (const record of records) {
      bytes += sizeOfRecord(record);
      if (bytes > this.#bytes && count > 0) break;
      count += 1;
    }
    return count;
  }

  /** A batch of these was refused: none is larger than half of it from now on. That is at least half of what is taken. */
  refused(records: readonly OutgoingRecord[]): void {
    const bytes = records.reduce((sum, record) => sum + sizeOfRecord(record), 0);
    this.#bytes = Math.min(this.#bytes, Math.floor(bytes / 2));
  }
}

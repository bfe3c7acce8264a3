/** The part of rocksdb 5.2.1 that the adapter uses; the published types are of an older interface. */
declare module 'rocksdb' {
  export type Done = (error: Error | null | undefined) => void;

  export interface OpenOptions {
    readonly createIfMissing: boolean;
    readonly errorIfExists?: boolean;
    readonly compression?: boolean;
    readonly cacheSize?: number;
    readonly writeBufferSize?: number;
    readonly blockSize?: number;
    readonly maxOpenFiles?: number;
  }

  export interface IteratorOptions {
    readonly gte: Buffer;
    readonly lt: Buffer;
    readonly fillCache: boolean;
    /** Bytes that one hop to the thread pool may bring, at most 1,000 entries. */
    readonly highWaterMark: number;
  }

  export interface RocksIterator {
    /** What the last hop brought and `next` has not given out yet: value, key, …, the next entry at the end. */
    cache: Buffer[] | null;
    next(callback: (error: Error | null | undefined, key?: Buffer, value?: Buffer) => void): void;
    end(callback: Done): void;
  }

  export interface RocksBatch {
    put(key: Buffer, value: Buffer): void;
    del(key: Buffer): void;
    write(options: { readonly sync: boolean }, callback: Done): void;
  }

  class RocksDb {
    constructor(location: string);
    open(options: OpenOptions, callback: Done): void;
    close(callback: Done): void;
    getMany(
      keys: readonly Buffer[],
      options: { readonly fillCache: boolean },
      callback: (error: Error | null | undefined, values: (Buffer | undefined)[]) => void,
    ): void;
    batch(): RocksBatch;
    iterator(options: IteratorOptions): RocksIterator;
    compactRange(from: Buffer, to: Buffer, callback: Done): void;
    getProperty(name: string): string;
  }

  export default RocksDb;
}

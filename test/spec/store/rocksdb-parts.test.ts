import { describe, expect, it } from 'vitest';
import { StoreCorrupt } from '../../../src/store/errors.js';
import { BatchRecords, batchKey, batchRecord, readRecords } from '../../../src/store/rocksdb/batches.js';
import { faultOf, isOfTheMachine } from '../../../src/store/rocksdb/faults.js';
import { tablesOf } from '../../../src/store/rocksdb/manifest.js';

/** Writes so many batches, each removing what it may; returns what every one of them removed. */
function write(records: BatchRecords, batches: number, limit = 64): number[] {
  return Array.from({ length: batches }, () => {
    const removed = records.removable(limit).length;
    records.written(removed);
    return removed;
  });
}

describe('records of batches', () => {
  const found = (numbers: number[], oldest: number) =>
    numbers.map((batch) => ({ key: batchKey(batch), value: batchRecord(oldest, Uint8Array.of(batch)) }));

  it('tell oldest, newest and the position of the newest', () => {
    const large = 2 ** 40;
    const { oldest, newest, position } = readRecords(found([large, large + 1, large + 2], large));
    expect([oldest, newest, [...position]]).toEqual([large, large + 2, [2]]);
  });

  it('show that a batch is missing in the middle or at the beginning', () => {
    expect(() => readRecords(found([4, 5, 7, 8], 4))).toThrow('batch 6 is missing');
    expect(() => readRecords(found([5, 6, 7], 4))).toThrow('batch 4 is missing');
    expect(() => readRecords(found([7], 4))).toThrow(StoreCorrupt);
    expect(() => readRecords(found([3, 4, 5], 4))).toThrow(StoreCorrupt);
  });

  it('stay while a batch after them may be in the log only', () => {
    const records = new BatchRecords(1, 0);
    records.observe({ oldestLog: 5, waiting: 0 });
    expect(write(records, 10)).toEqual([0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
    records.observe({ oldestLog: 5, waiting: 0 });
    expect(write(records, 1)).toEqual([0]);
    expect(records.count).toBe(11);
  });

  it('go when a table holds all that was written when the log was looked at, but for the newest of those', () => {
    const records = new BatchRecords(1, 0);
    write(records, 10);
    records.observe({ oldestLog: 5, waiting: 0 });
    write(records, 10);
    // Now log 5 is not needed any more, so batches up to 10 are in tables; the record of batch 10 stays.
    records.observe({ oldestLog: 8, waiting: 1 });
    expect(records.removable(64)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(records.oldestAfter(9)).toBe(10);
    expect(write(records, 3, 4)).toEqual([4, 4, 1]);
    expect(records.count).toBe(14);
  });

  it('do not take a log for one that is being written while memory waits to become a table', () => {
    const records = new BatchRecords(1, 0);
    write(records, 10);
    records.observe({ oldestLog: 5, waiting: 1 });
    write(records, 10);
    records.observe({ oldestLog: 8, waiting: 1 });
    expect(records.removable(64)).toEqual([]);
  });

  it('of an earlier opening go, but for the newest', () => {
    const records = new BatchRecords(20, 25);
    expect(records.next).toBe(26);
    expect(records.removable(64)).toEqual([20, 21, 22, 23, 24]);
    write(records, 1);
    expect(records.removable(64)).toEqual([]);
  });
});

describe('list of tables', () => {
  /** As RocksDB 6.17 wrote it: a new store, then one table of 486,107 bytes, number 8. */
  const manifest = Buffer.from(
    '56f9b8f81c0001011a6c6576656c64622e4279746577697365436f6d70617261746f7298af58a60200010200d2' +
      'c73c95060001090003040400636a320f5a000102070900030904c0b802670008dbd51d15010000000000000000' +
      '00000000010100000000000015010000000000004e1f0000000001204e000000000001a09c010505edc396d806' +
      '0605eec396d80607000807556e6b6e6f776e01',
    'hex',
  );

  it('names the tables with their sizes', () => {
    expect(tablesOf(manifest)).toEqual([{ number: 8, bytes: 486_107 }]);
  });

  it('ends at a record that is cut off, as it does for RocksDB', () => {
    expect(tablesOf(manifest.subarray(0, -1))).toEqual([]);
    expect(tablesOf(Buffer.alloc(0))).toEqual([]);
  });

  it('is not understood when a bit of it was changed', () => {
    // Lengths may also say that a record is cut off; then it names fewer tables, and RocksDB judges.
    for (let bit = 0; bit < manifest.length * 8; bit++) {
      const damaged = Buffer.from(manifest);
      damaged[bit >> 3]! ^= 1 << (bit & 7);
      expect(tablesOf(damaged) ?? []).toEqual([]);
    }
  });
});

describe('faults', () => {
  const cases = [
    ['IO error: No space left on device: While appending to file', 'disk-full', true],
    ['IO error: While lock file: store/LOCK: Resource temporarily unavailable', 'store-locked', true],
    [
      'IO error: lock hold by current process, acquire time 1 acquiring thread 2: store/LOCK: No locks available',
      'store-locked',
      true,
    ],
    ['IO error: while open a file for lock: store/LOCK: Is a directory', 'store-unavailable', true],
    ['Corruption: block checksum mismatch: expected 1, got 2', 'store-corrupt', false],
    ['IO error: No such file or directory: while stat a file for size: store/000008.sst', 'store-corrupt', false],
    ['IO error: While opening a file for sequentially reading: Permission denied', 'store-unavailable', true],
    ['IO error: While appending to file: Read-only file system', 'store-unavailable', true],
    [
      'Invalid argument: Found options incompatible with filesystem: IO error: While open a file: CURRENT: Permission denied',
      'store-unavailable',
      true,
    ],
    ['IO error: While pread: Input/output error', 'store-unavailable', true],
    ['IO error: While appending to file: store/000011.sst: File too large', 'store-unavailable', true],
    ['IO error: While mkdir if missing: Stale file handle', 'store-unavailable', true],
    ['Invalid argument: something new', 'store-unavailable', false],
  ] as const;

  it.each(cases)('%s', (message, code, machine) => {
    const fault = faultOf(new Error(message), 'open', '/data/store');
    expect(fault.code).toBe(code);
    expect(isOfTheMachine(fault)).toBe(machine);
    expect(fault instanceof StoreCorrupt).toBe(code === 'store-corrupt');
    expect(faultOf(fault, 'again', '/data/store')).toBe(fault);
  });

  it('are not read from the name of the folder', () => {
    const dir = '/srv/IO error: EIO/Too many open files, truncated/store';
    const fault = faultOf(new Error(`Invalid argument: ${dir}: exists (error_if_exists is true)`), 'open', dir);
    expect(fault.code).toBe('store-unavailable');
    expect(isOfTheMachine(fault)).toBe(false);
    expect(fault.message).toContain(dir);
  });
});

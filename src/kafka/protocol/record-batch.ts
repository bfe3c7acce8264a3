/**
 * Record batches of version 2 as brokers store and send them, written and read in place. The client makes several
 * buffers of each record and each header, which took five times as long as all that the fabric does for it
 * (docs/adr/0012-record-batches.md).
 */
import { crc32c } from '../../catalogue/crc32c.js';
import { uncompressed } from './codecs.js';
import { MAX_VARINT_BYTES, type Scratch } from './scratch.js';

/** A record as it is written. */
export interface OutgoingRecord {
  readonly key: string | null;
  readonly value: Uint8Array | null;
  readonly headers: Readonly<Record<string, string>>;
}

/** Bytes of a batch before its first record. */
const HEAD_BYTES = 61;
/** Where in it stand the number of bytes that follow it, the checksum, and the first byte that it is of. */
const LENGTH_AT = 8;
const CRC_AT = 17;
const SUMMED_AT = 21;
/** Where stands how far its last position is behind its first. */
const LAST_AT = 23;
const MAGIC = 2;
/** Bytes of a record beside its key, value and headers, at most. */
const RECORD_BYTES = 40;
/** Bytes of a header beside its name and value, of usual lengths. */
const HEADER_BYTES = 3;
/** The size of most records needs so many bytes, as a varint. */
const USUAL_SIZE_BYTES = 2;

/** Bytes of a record in its batch, about and at most, as far as its texts are ASCII. */
export function sizeOfRecord({ key, value, headers }: OutgoingRecord): number {
  let size = RECORD_BYTES + (key?.length ?? 0) + (value?.length ?? 0);
  for (const name in headers) size += HEADER_BYTES + name.length + headers[name]!.length;
  return size;
}

/** Appends one batch. All its records have one time, in ms; where the broker's counts it is replaced. */
export function writeBatch(out: Scratch, records: readonly OutgoingRecord[], timeMs: number): void {
  out.reserve(HEAD_BYTES);
  const start = out.at;
  out.int64(0); // the offset of its first record, which the broker gives
  out.int32(0); // its length
  out.int32(-1); // the epoch of the partition's leader, which the broker knows
  out.int8(MAGIC);
  out.int32(0); // its checksum
  out.int16(0); // neither compressed nor part of a transaction
  out.int32(records.length - 1);
  out.int64(timeMs);
  out.int64(timeMs);
  out.int64(-1); // no idempotent producer:
  out.int16(-1); // no epoch of it
  out.int32(-1); // and no sequence number
  out.int32(records.length);
  for (let index = 0; index < records.length; index++) writeRecord(out, records[index]!, index);
  out.bytes.writeInt32BE(out.at - start - LENGTH_AT - 4, start + LENGTH_AT);
  out.bytes.writeUInt32BE(crc32c(out.bytes, start + SUMMED_AT, out.at), start + CRC_AT);
}

function writeRecord(out: Scratch, { key, value, headers }: OutgoingRecord, index: number): void {
  out.reserve(RECORD_BYTES + (value?.length ?? 0));
  const start = out.at;
  out.at += USUAL_SIZE_BYTES;
  out.int8(0); // no attributes
  out.varint(0); // later than the batch's first time
  out.varint(index);
  if (key === null) out.varint(-1);
  else out.text(key);
  if (value === null) out.varint(-1);
  else {
    out.reserve(MAX_VARINT_BYTES + value.length);
    out.varint(value.length);
    out.raw(value);
  }
  const names = Object.keys(headers);
  out.reserve(MAX_VARINT_BYTES);
  out.varint(names.length);
  for (const name of names) {
    out.text(name);
    out.text(headers[name]!);
  }
  writeSize(out, start);
}

/** Writes a record's size in front of it, for which room was left; moves the record if that is not the right size. */
function writeSize(out: Scratch, start: number): void {
  const body = start + USUAL_SIZE_BYTES;
  const size = out.at - body;
  out.reserve(MAX_VARINT_BYTES);
  const end = out.at;
  out.at = start;
  const needed = varintBytes(size);
  if (needed !== USUAL_SIZE_BYTES) out.bytes.copyWithin(start + needed, body, end);
  out.varint(size);
  out.at = start + needed + size;
}

function varintBytes(value: number): number {
  let bytes = 1;
  for (let rest = value * 2; rest > 0x7f; rest = Math.floor(rest / 128)) bytes += 1;
  return bytes;
}

/** A record as it was stored. */
export interface StoredRecord {
  readonly offset: number;
  /** The broker's or the producer's clock in ms, as the topic says. */
  readonly timestampMs: number;
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly headers: Headers;
  readonly batch: StoredBatch;
}

/** Headers by name; a name that is there more than once has all of its values. */
export type Headers = Readonly<Record<string, Buffer | readonly (Buffer | null)[] | null | undefined>>;

/** What the records of a batch have in common. */
export interface StoredBatch {
  readonly producerId: number;
  readonly inTransaction: boolean;
  /** Whether its records are not anybody's but the end of a transaction. */
  readonly isControl: boolean;
}

/** Bits of a batch's attributes. */
const CODEC = 0x07;
const APPEND_TIME = 0x08;
const TRANSACTIONAL = 0x10;
const CONTROL = 0x20;
/** Bytes up to the end of a batch's length. */
const LENGTH_END = 12;
const NOT_WHOLE = 'a batch does not have all of its records';

/** What was read of batches. */
export interface ReadBatches {
  readonly records: StoredRecord[];
  /**
   * The position after the last batch; null where none was read. Its last record may stand before that: brokers that
   * compact a topic drop records, and leave their batch its positions.
   */
  next: number | null;
}

/**
 * The records of batches that a broker has sent, as views on its bytes, behind those that are there. The last batch may be
 * there in part only: it is left out. Throws for what is no batch of version 2, for one that can't be uncompressed, and for
 * one whose records are not all there; the batches before it are there then.
 */
export function readBatches(bytes: Buffer, read: ReadBatches = { records: [], next: null }): ReadBatches {
  for (let at = 0; at + HEAD_BYTES <= bytes.length; ) {
    const end = at + LENGTH_END + bytes.readInt32BE(at + LENGTH_AT);
    if (end > bytes.length) break;
    for (const record of readBatch(bytes.subarray(at, end))) read.records.push(record);
    read.next = int64At(bytes, at) + bytes.readInt32BE(at + LAST_AT) + 1;
    at = end;
  }
  return read;
}

/** All records of a batch, or none. */
function readBatch(bytes: Buffer): readonly StoredRecord[] {
  const magic = bytes[LENGTH_END + 4];
  if (magic !== MAGIC) throw new Error(`a batch of version ${magic} is not read`);
  const attributes = bytes.readInt16BE(SUMMED_AT);
  const first = int64At(bytes, 0);
  const firstTime = int64At(bytes, 27);
  const appendTime = (attributes & APPEND_TIME) === 0 ? null : int64At(bytes, 35);
  const batch = {
    producerId: int64At(bytes, 43),
    inTransaction: (attributes & TRANSACTIONAL) !== 0,
    isControl: (attributes & CONTROL) !== 0,
  };
  const count = bytes.readInt32BE(HEAD_BYTES - 4);
  const cursor = new Cursor(uncompressed(bytes.subarray(HEAD_BYTES), attributes & CODEC));
  const records: StoredRecord[] = [];
  for (let i = 0; i < count; i++) {
    const end = cursor.varint() + cursor.at;
    cursor.at += 1; // no attributes are in use
    const timestampMs = appendTime ?? firstTime + cursor.counted();
    if (appendTime !== null) cursor.counted();
    const offset = first + cursor.varint();
    const key = cursor.bytes();
    const value = cursor.bytes();
    records.push({ offset, timestampMs, key, value, headers: cursor.headers(), batch });
    cursor.passTo(end);
  }
  return records;
}

function int64At(bytes: Buffer, at: number): number {
  return bytes.readInt32BE(at) * 2 ** 32 + bytes.readUInt32BE(at + 4);
}

/** Reads the numbers and texts of records. Throws where there is nothing any more. */
class Cursor {
  at = 0;

  constructor(private readonly from: Buffer) {}

  /** Goes on behind a record, which was not longer than it said. */
  passTo(end: number): void {
    if (this.at > end || end > this.from.length) throw new Error(NOT_WHOLE);
    this.at = end;
  }

  /** A whole number of 32 bits. */
  varint(): number {
    const { from } = this;
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = from[this.at++];
      if (byte === undefined) throw new Error(NOT_WHOLE);
      value |= (byte & 0x7f) << shift;
      if (byte < 0x80) return (value >>> 1) ^ -(value & 1);
    }
  }

  /** A number of up to 53 bits. */
  counted(): number {
    const { from } = this;
    let value = 0;
    for (let factor = 1; ; factor *= 128) {
      const byte = from[this.at++];
      if (byte === undefined) throw new Error(NOT_WHOLE);
      value += (byte & 0x7f) * factor;
      if (byte < 0x80) return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
    }
  }

  bytes(): Buffer | null {
    const length = this.varint();
    if (length < 0) return null;
    const start = this.at;
    this.at += length;
    return this.from.subarray(start, this.at);
  }

  headers(): Headers {
    const found: Record<string, Buffer | (Buffer | null)[] | null | undefined> = Object.create(null);
    for (let left = this.varint(); left > 0; left--) {
      const name = this.bytes()?.toString('utf8') ?? '';
      const value = this.bytes();
      const known = found[name];
      if (known === undefined) found[name] = value;
      else if (Array.isArray(known)) known.push(value);
      else found[name] = [known, value];
    }
    return found;
  }
}

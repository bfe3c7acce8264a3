/** Cold rows of a DAG as the store keeps them: immutable, written once. */
import { encodeBody } from '../catalogue/codec.js';
import { Code } from '../catalogue/generated/codes.js';
import type { BlobRef } from '../catalogue/generated/types.js';
import { hex } from '../catalogue/hex.js';
import type { ColdRow } from '../kernel/fold.js';
import { COLD_BYTES, coldKey, decodeKey, type Packed } from '../store/index.js';
import { specHead } from './spec-row.js';
import type { BlobView } from './views.js';

/** Kinds of cold rows in the store. */
export const ColdKind = { spec: 1, output: 2, failure: 3 } as const;

/** An attempt's output: inline JSON, or a blob. */
export interface Output {
  readonly json: Uint8Array | null;
  readonly blob: BlobRef | null;
  /** Places of the items of arrays in it, by pointer: filled by who needs them. */
  items: Map<string, Uint32Array | null> | null;
}

/** Why an attempt failed. */
export interface Failure {
  readonly code: string;
  readonly message: string;
}

/** A cold row that is written. */
export type KeptRow = Exclude<ColdRow, { readonly kind: 'gone' }>;

/** A row that is no more. */
export type GoneRow = Extract<ColdRow, { readonly kind: 'gone' }>;

/** A cold row's key in the store, written into `key` where that is given. */
export function keyOf(row: KeptRow, key?: Uint8Array): Uint8Array {
  return row.kind === 'spec'
    ? coldKey(ColdKind.spec, row.dag, 0, 0, key)
    : coldKey(ColdKind[row.kind], row.dag, row.job, row.attempt, key);
}

/**
 * Calls back with the keys of the submission, or of a job's attempts: the first has number 1, and 0 is the one of a job
 * that the scheduler ends itself. They are written into `key` where that is given.
 */
export function eachKeyOfGone(row: GoneRow, each: (key: Uint8Array) => void, key?: Uint8Array): void {
  const { dag, job, attempts, outputs, failures } = row;
  if (job < 0) return each(coldKey(ColdKind.spec, dag, 0, 0, key));
  for (let attempt = Math.min(1, attempts); attempt <= attempts; attempt++) {
    if (outputs) each(coldKey(ColdKind.output, dag, job, attempt, key));
    if (failures) each(coldKey(ColdKind.failure, dag, job, attempt, key));
  }
}

/** A put or, without a value, a removal of a cold row. */
export interface ColdOperation {
  readonly key: Uint8Array;
  readonly value: Uint8Array | null;
  /** The key as a string, to be looked up. */
  readonly name: string;
}

/** The operations on cold rows among those of a batch; they stay when the batch is used again. */
export function coldOf(batch: Packed): ColdOperation[] {
  const found: ColdOperation[] = [];
  for (const { key, value } of batch) {
    if (decodeKey(key)?.space !== 'cold') continue;
    found.push({ key: Uint8Array.from(key), value: value === null ? null : Uint8Array.from(value), name: nameOf(key) });
  }
  return found;
}

/** A key as a string. */
export function nameOf(key: Uint8Array): string {
  return Buffer.from(key).toString('latin1');
}

const scratch = new Uint8Array(COLD_BYTES);

/** Adds to a batch that the rows are no more. */
export function removeRows(batch: Packed, row: GoneRow): void {
  eachKeyOfGone(row, (key) => batch.remove(key), scratch);
}

/** Adds a cold row to a batch. */
export function putRow(batch: Packed, row: KeptRow): void {
  switch (row.kind) {
    case 'spec': {
      const encoded = row.encoded ?? encodeBody(Code.SubmitDag, row.submission);
      return batch.put(keyOf(row, scratch), specHead(row.submission.jobs), encoded);
    }
    case 'failure': {
      const value = Buffer.from(JSON.stringify({ code: row.code, message: row.message }));
      return batch.put(keyOf(row, scratch), value);
    }
    default: {
      const { blob, json } = row;
      const value = blob === null ? json : Buffer.from(JSON.stringify(blobView(blob)));
      return batch.put(keyOf(row, scratch), blob === null ? INLINE : BLOB, value);
    }
  }
}

/** The failure that was encoded. */
export function decodeFailure(bytes: Uint8Array): Failure {
  return JSON.parse(Buffer.from(bytes).toString()) as Failure;
}

/** First byte of an output's row. */
const INLINE = Uint8Array.of(0);
const BLOB = Uint8Array.of(1);

/** A blob as JSON has it. */
export function blobView({ uri, sha256, bytes }: BlobRef): BlobView {
  return { uri, sha256: hex(sha256), bytes };
}

/** The output that was encoded. */
export function decodeOutput(bytes: Uint8Array): Output {
  const rest = bytes.subarray(1);
  if (bytes[0] === INLINE[0]) return { json: rest, blob: null, items: null };
  const stored = JSON.parse(Buffer.from(rest).toString()) as BlobView;
  return { json: null, blob: { ...stored, sha256: Buffer.from(stored.sha256, 'hex') }, items: null };
}

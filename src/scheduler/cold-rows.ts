/** Cold rows of a DAG as the store keeps them: immutable, written once. */
import { encodeBody } from '../catalogue/codec.js';
import { Code } from '../catalogue/generated/codes.js';
import type { BlobRef } from '../catalogue/generated/types.js';
import type { ColdRow } from '../kernel/fold.js';
import { coldKey, type Packed } from '../store/index.js';
import { specHead } from './spec-row.js';

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

/** Adds a cold row to a batch. */
export function putRow(batch: Packed, row: KeptRow): void {
  switch (row.kind) {
    case 'spec': {
      const encoded = row.encoded ?? encodeBody(Code.SubmitDag, row.submission);
      return batch.put(coldKey(ColdKind.spec, row.dag, 0, 0), specHead(row.submission.jobs), encoded);
    }
    case 'failure': {
      const value = Buffer.from(JSON.stringify({ code: row.code, message: row.message }));
      return batch.put(coldKey(ColdKind.failure, row.dag, row.job, row.attempt), value);
    }
    default: {
      const { blob, json } = row;
      const value = blob === null ? json : encodeBlob(blob);
      return batch.put(coldKey(ColdKind.output, row.dag, row.job, row.attempt), blob === null ? INLINE : BLOB, value);
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

function encodeBlob({ uri, sha256, bytes }: BlobRef): Uint8Array {
  return Buffer.from(JSON.stringify({ uri, sha256: Buffer.from(sha256).toString('hex'), bytes }));
}

/** The output that was encoded. */
export function decodeOutput(bytes: Uint8Array): Output {
  const rest = bytes.subarray(1);
  if (bytes[0] === INLINE[0]) return { json: rest, blob: null, items: null };
  const stored = JSON.parse(Buffer.from(rest).toString()) as { uri: string; sha256: string; bytes: number };
  return { json: null, blob: { ...stored, sha256: Buffer.from(stored.sha256, 'hex') }, items: null };
}

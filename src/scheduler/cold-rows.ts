/** Cold rows of a DAG as the store keeps them: immutable, written once. */
import { encodeBody } from '../catalogue/codec.js';
import { Code } from '../catalogue/generated/codes.js';
import type { BlobRef } from '../catalogue/generated/types.js';
import type { ColdRow } from '../kernel/fold.js';
import { coldKey } from '../store/index.js';
import { encodeSpecRow } from './spec-row.js';

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

/** Where a cold row is in the store. */
export function keyOf(row: KeptRow): Uint8Array {
  return row.kind === 'spec'
    ? coldKey(ColdKind.spec, row.dag, 0, 0)
    : coldKey(ColdKind[row.kind], row.dag, row.job, row.attempt);
}

/** A cold row as bytes. */
export function encodeRow(row: KeptRow): Uint8Array {
  switch (row.kind) {
    case 'spec':
      return encodeSpecRow(row.submission.jobs, row.encoded ?? encodeBody(Code.SubmitDag, row.submission));
    case 'failure':
      return Buffer.from(JSON.stringify({ code: row.code, message: row.message }));
    default:
      return encodeOutput(row);
  }
}

/** The failure that was encoded. */
export function decodeFailure(bytes: Uint8Array): Failure {
  return JSON.parse(Buffer.from(bytes).toString()) as Failure;
}

const INLINE = 0;
const BLOB = 1;

function encodeOutput({ blob, json }: Pick<Output, 'json' | 'blob'>): Uint8Array {
  const rest = blob === null ? (json ?? new Uint8Array(0)) : encodeBlob(blob);
  const bytes = new Uint8Array(rest.length + 1);
  bytes[0] = blob === null ? INLINE : BLOB;
  bytes.set(rest, 1);
  return bytes;
}

function encodeBlob({ uri, sha256, bytes }: BlobRef): Uint8Array {
  return Buffer.from(JSON.stringify({ uri, sha256: Buffer.from(sha256).toString('hex'), bytes }));
}

/** The output that was encoded. */
export function decodeOutput(bytes: Uint8Array): Output {
  const rest = bytes.subarray(1);
  if (bytes[0] === INLINE) return { json: rest, blob: null, items: null };
  const stored = JSON.parse(Buffer.from(rest).toString()) as { uri: string; sha256: string; bytes: number };
  return { json: null, blob: { ...stored, sha256: Buffer.from(stored.sha256, 'hex') }, items: null };
}

/** Cold rows of a DAG as the store keeps them: immutable, written once. */
import { encodeBody } from '../../catalogue/codec.js';
import { Code } from '../../catalogue/generated/codes.js';
import type { BlobRef } from '../../catalogue/generated/types.js';
import { hex } from '../../catalogue/hex.js';
import type { ColdRow } from '../../kernel/fold.js';
import { COLD_BYTES, coldKey, type Packed } from '../../store/index.js';
import type { BlobView } from '../views/port.js';
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

/** A row that is no more. */
export type GoneRow = Extract<ColdRow, { readonly kind: 'gone' }>;

const scratch = new Uint8Array(COLD_BYTES);

/** A cold row's key in the store; valid until the next one is made. */
function keyOf(row: KeptRow): Uint8Array {
  return row.kind === 'spec'
    ? coldKey(ColdKind.spec, row.dag, 0, 0, scratch)
    : coldKey(ColdKind[row.kind], row.dag, row.job, row.attempt, scratch);
}

/**
 * Adds to a batch that the submission, or the rows of a job's attempts, are no more: the first attempt has number 1, and
 * 0 is the one of a job that the scheduler ends itself.
 */
export function removeRows(batch: Packed, { dag, job, attempts, outputs, failures }: GoneRow): void {
  if (job < 0) return batch.remove(coldKey(ColdKind.spec, dag, 0, 0, scratch));
  for (let attempt = Math.min(1, attempts); attempt <= attempts; attempt++) {
    if (outputs) batch.remove(coldKey(ColdKind.output, dag, job, attempt, scratch));
    if (failures) batch.remove(coldKey(ColdKind.failure, dag, job, attempt, scratch));
  }
}

/** Adds a cold row to a batch. */
export function putRow(batch: Packed, row: KeptRow): void {
  switch (row.kind) {
    case 'spec': {
      const encoded = row.encoded ?? encodeBody(Code.SubmitDag, row.submission);
      return batch.put(keyOf(row), specHead(row.submission.jobs), encoded);
    }
    case 'failure': {
      const value = Buffer.from(JSON.stringify({ code: row.code, message: row.message }));
      return batch.put(keyOf(row), value);
    }
    default: {
      const { blob, json } = row;
      const value = blob === null ? json : Buffer.from(JSON.stringify(blobView(blob)));
      return batch.put(keyOf(row), blob === null ? INLINE : BLOB, value);
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

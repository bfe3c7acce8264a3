import { Code } from '../catalogue/generated/codes.js';
import type { BlobRef, SubmitDag } from '../catalogue/generated/types.js';
import { decodeBody, encodeBody } from '../catalogue/codec.js';
import type { ColdRow } from '../kernel/fold.js';
import type { ColdView } from '../kernel/open-turn.js';
import { coldKey, type Store, type StoreOperation } from '../store/index.js';

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

interface DagRows {
  spec: SubmitDag | null;
  /** Indexes of its jobs by id, once somebody asks. */
  indexes: Map<string, number> | null;
  readonly outputs: Map<string, Output | null>;
  bytes: number;
  /** Batches that hold rows of this DAG and are not stored yet: until then it must stay. */
  unstored: number;
}

/** Cold rows that are kept in memory, in bytes as stored: beyond it those that were used longest ago go. */
const MAX_BYTES = 128 * 1024 * 1024;

/**
 * The overlay over the store's cold rows: those that are not stored yet, and those that were used lately. The kernel
 * reads only from here, and what `needs` names is fetched into it before the turn.
 */
export class ColdRows implements ColdView {
  readonly #dags = new Map<number, DagRows>();
  #operations: StoreOperation[] = [];
  #touched = new Set<number>();
  #bytes = 0;

  constructor(private readonly store: Store) {}

  /** Takes a row that a turn made. */
  readonly put = (row: ColdRow): void => {
    if (row.kind === 'gone') return this.#forget(row);
    const rows = this.#rows(row.dag);
    if (!this.#touched.has(row.dag)) {
      this.#touched.add(row.dag);
      rows.unstored += 1;
    }
    const value = this.#keep(rows, row);
    rows.bytes += value.length + 64;
    this.#bytes += value.length + 64;
    this.#operations.push({ key: keyOf(row), value });
  };

  /** The operations since the last call, and what to call when they are stored. */
  drain(): { readonly operations: StoreOperation[]; readonly stored: () => void } {
    const operations = this.#operations;
    const touched = this.#touched;
    this.#operations = [];
    this.#touched = new Set();
    const stored = (): void => {
      for (const dag of touched) {
        const rows = this.#dags.get(dag);
        if (rows !== undefined) rows.unstored -= 1;
      }
      this.shrink();
    };
    return { operations, stored };
  }

  /** A DAG is no longer in memory: its cold rows need not be either, once they are stored. */
  drop(dag: number): void {
    const rows = this.#dags.get(dag);
    if (rows === undefined || rows.unstored > 0) return;
    this.#bytes -= rows.bytes;
    this.#dags.delete(dag);
  }

  spec(dag: number): SubmitDag {
    const spec = this.#dags.get(dag)?.spec ?? null;
    if (spec === null) throw new Error(`assertion failed: the submission of DAG ${dag} was not fetched`);
    return spec;
  }

  /** Index of the job with this id in a DAG whose submission is in memory; -1 when there is none. */
  indexOf(dag: number, id: string): number {
    const rows = this.#dags.get(dag);
    if (rows === undefined) return -1;
    rows.indexes ??= new Map(this.spec(dag).jobs.map((job, i) => [job.id, i]));
    return rows.indexes.get(id) ?? -1;
  }

  output(dag: number, job: number, attempt: number): { json: Uint8Array | null; isBlob: boolean } | null {
    const output = this.#dags.get(dag)?.outputs.get(`${job}/${attempt}`);
    if (output === undefined) throw new Error(`assertion failed: output ${job}/${attempt} of DAG ${dag} was not fetched`);
    return output === null ? null : { json: output.json, isBlob: output.blob !== null };
  }

  /** The submission if it is in memory; it counts as used now. */
  knownSpec(dag: number): SubmitDag | null {
    const rows = this.#dags.get(dag);
    if (rows === undefined || rows.spec === null) return null;
    this.#dags.delete(dag);
    this.#dags.set(dag, rows);
    return rows.spec;
  }

  /** The output if it is in memory; undefined when that is not known. */
  knownOutput(dag: number, job: number, attempt: number): Output | null | undefined {
    return this.#dags.get(dag)?.outputs.get(`${job}/${attempt}`);
  }

  /** Brings submissions into memory. Throws when one is in neither place: the store is damaged. */
  async fetchSpecs(dags: readonly number[]): Promise<void> {
    const missing = dags.filter((dag) => this.knownSpec(dag) === null);
    if (missing.length === 0) return;
    const values = await this.store.getMany(missing.map((dag) => coldKey(ColdKind.spec, dag, 0, 0)));
    values.forEach((value, i) => {
      const dag = missing[i]!;
      if (value === null) throw new Error(`assertion failed: the store has no submission of DAG ${dag}`);
      const rows = this.#rows(dag);
      rows.spec = decodeBody(Code.SubmitDag, value) as SubmitDag;
      rows.bytes += value.length;
      this.#bytes += value.length;
    });
  }

  /** The submission, from memory or from the store. */
  async fetchSpec(dag: number): Promise<SubmitDag> {
    await this.fetchSpecs([dag]);
    return this.spec(dag);
  }

  /** Brings outputs into memory. */
  async fetchOutputs(wanted: readonly { readonly dag: number; readonly job: number; readonly attempt: number }[]): Promise<void> {
    const missing = wanted.filter(({ dag, job, attempt }) => this.knownOutput(dag, job, attempt) === undefined);
    if (missing.length === 0) return;
    const keys = missing.map(({ dag, job, attempt }) => coldKey(ColdKind.output, dag, job, attempt));
    const values = await this.store.getMany(keys);
    missing.forEach(({ dag, job, attempt }, i) => {
      const rows = this.#rows(dag);
      const value = values[i] ?? null;
      rows.outputs.set(`${job}/${attempt}`, value === null ? null : decodeOutput(value));
      rows.bytes += (value?.length ?? 0) + 64;
      this.#bytes += (value?.length ?? 0) + 64;
    });
  }

  /** The output of an attempt, from memory or from the store; null when it gave none. */
  async fetchOutput(dag: number, job: number, attempt: number): Promise<Output | null> {
    await this.fetchOutputs([{ dag, job, attempt }]);
    return this.knownOutput(dag, job, attempt) ?? null;
  }

  /** Why an attempt failed, null when it did not, or when its executor did not say. */
  async fetchFailure(dag: number, job: number, attempt: number): Promise<Failure | null> {
    const key = coldKey(ColdKind.failure, dag, job, attempt);
    for (const { key: other, value } of this.#operations) {
      if (value !== null && Buffer.compare(key, other) === 0) return JSON.parse(Buffer.from(value).toString()) as Failure;
    }
    const [value] = await this.store.getMany([key]);
    return value ? (JSON.parse(Buffer.from(value).toString()) as Failure) : null;
  }

  /** Deletes the rows of a job's attempts, or the submission. A key that is not there costs little. */
  #forget({ dag, job, attempts, outputs, failures }: Extract<ColdRow, { readonly kind: 'gone' }>): void {
    if (job < 0) {
      this.#operations.push({ key: coldKey(ColdKind.spec, dag, 0, 0), value: null });
      this.drop(dag);
      return;
    }
    for (let attempt = 0; attempt <= attempts; attempt++) {
      if (outputs) this.#operations.push({ key: coldKey(ColdKind.output, dag, job, attempt), value: null });
      if (failures) this.#operations.push({ key: coldKey(ColdKind.failure, dag, job, attempt), value: null });
    }
  }

  #rows(dag: number): DagRows {
    let rows = this.#dags.get(dag);
    if (rows === undefined) {
      rows = { spec: null, indexes: null, outputs: new Map(), bytes: 0, unstored: 0 };
      this.#dags.set(dag, rows);
    }
    return rows;
  }

  #keep(rows: DagRows, row: KeptRow): Uint8Array {
    if (row.kind === 'spec') {
      rows.spec = row.submission;
      return row.encoded ?? encodeBody(Code.SubmitDag, row.submission);
    }
    if (row.kind === 'failure') return Buffer.from(JSON.stringify({ code: row.code, message: row.message }));
    rows.outputs.set(`${row.job}/${row.attempt}`, { json: row.json, blob: row.blob, items: null });
    return encodeOutput(row);
  }

  /** Lets go of what was used longest ago, down to the limit. */
  shrink(): void {
    if (this.#bytes <= MAX_BYTES) return;
    for (const [dag, rows] of this.#dags) {
      if (this.#bytes <= MAX_BYTES) return;
      if (rows.unstored === 0) this.drop(dag);
    }
  }
}

/** A cold row that is written. */
type KeptRow = Exclude<ColdRow, { readonly kind: 'gone' }>;

function keyOf(row: KeptRow): Uint8Array {
  return row.kind === 'spec'
    ? coldKey(ColdKind.spec, row.dag, 0, 0)
    : coldKey(ColdKind[row.kind], row.dag, row.job, row.attempt);
}

const INLINE = 0;
const BLOB = 1;

function encodeOutput(output: Pick<Output, 'json' | 'blob'>): Uint8Array {
  const { blob, json } = output;
  const rest =
    blob === null
      ? (json ?? new Uint8Array(0))
      : Buffer.from(JSON.stringify({ uri: blob.uri, sha256: Buffer.from(blob.sha256).toString('hex'), bytes: blob.bytes }));
  const bytes = new Uint8Array(rest.length + 1);
  bytes[0] = blob === null ? INLINE : BLOB;
  bytes.set(rest, 1);
  return bytes;
}

function decodeOutput(bytes: Uint8Array): Output {
  const rest = bytes.subarray(1);
  if (bytes[0] === INLINE) return { json: rest, blob: null, items: null };
  const { uri, sha256, bytes: length } = JSON.parse(Buffer.from(rest).toString()) as { uri: string; sha256: string; bytes: number };
  return { json: null, blob: { uri, sha256: Buffer.from(sha256, 'hex'), bytes: length }, items: null };
}


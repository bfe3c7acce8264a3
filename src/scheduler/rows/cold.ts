import { decodeBody } from '../../catalogue/codec.js';
import { Code } from '../../catalogue/generated/codes.js';
import type { SubmitDag } from '../../catalogue/generated/types.js';
import { knownOrFetched } from '../../catalogue/known-or-fetched.js';
import type { ColdRow } from '../../kernel/fold.js';
import { indexOfJob } from '../../kernel/job-names.js';
import type { ColdView } from '../../kernel/open-turn.js';
import { coldKey, Packed, type Store } from '../../store/index.js';
import { BySequence } from './by-sequence.js';
import {
  ColdKind,
  decodeFailure,
  decodeOutput,
  type Failure,
  type GoneRow,
  type KeptRow,
  type Output,
  putRow,
  removeRows,
} from './cold-rows.js';
import { DagRows } from './dag-rows.js';
import { Holds } from './holds.js';
import { specOf } from './spec-row.js';

/** An attempt of a job. */
export interface AttemptRef {
  readonly dag: number;
  readonly job: number;
  readonly attempt: number;
}

/** Memory of cold rows, estimated: beyond it those that were used longest ago go. */
const MAX_BYTES = 128 * 1024 * 1024;
/** Places that are looked at in one go for what may be let go: what may not go mostly stands together. */
const MAX_LOOKED = 4_096;
/** What a decoded submission takes for each byte of its row (measured: 9 to 13 for documents of 24 jobs). */
const SPEC_FACTOR = 12;
/** What a row costs beside its value, about. */
const ROW_BYTES = 64;

/**
 * The overlay over the store's cold rows: those that are not stored yet, and those that were used lately. The kernel
 * reads only from here, and what `needs` names is fetched into it before the turn.
 *
 * A row that is not stored is never let go; one that is may go unless somebody who holds the overlay (`hold`) may have
 * found it.
 */
export class ColdRows implements ColdView {
  readonly #dags = new BySequence<DagRows>();
  /** Operations since the last drain, and the DAGs that they are of. */
  readonly #pending = Packed.empty();
  #touched: DagRows[] = [];
  /** DAGs that are forgotten, as long as the store still has their rows: those in no batch yet, and those of each batch. */
  #newlyGone: number[] = [];
  readonly #drainedGone = new Set<readonly number[]>();
  /** Unwanted DAGs whose rows are stored, while somebody may have found them. */
  #leaving: DagRows[] = [];
  #bytes = 0;
  #drainedBytes = 0;
  readonly #holds = new Holds();

  constructor(
    private readonly store: Store,
    private readonly maxBytes = MAX_BYTES,
  ) {}

  /** Bytes of rows that are not stored yet. */
  get unstoredBytes(): number {
    return this.#pending.length + this.#drainedBytes;
  }

  /** Bytes that the rows in memory take, about. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Takes a row that a turn made, or that a turn says is gone. */
  readonly put = (row: ColdRow): void => {
    if (row.kind === 'gone') this.#forget(row);
    else this.#put(row);
  };

  #put(row: KeptRow): void {
    const rows = this.#rows(row.dag);
    if (!rows.isTouched) {
      rows.isTouched = true;
      rows.unstored += 1;
      this.#touched.push(rows);
    }
    rows.keep(row);
    const before = this.#pending.length;
    putRow(this.#pending, row);
    const bytes = this.#pending.length - before;
    this.#grow(rows, row.kind === 'spec' ? bytes * SPEC_FACTOR : bytes + ROW_BYTES);
  }

  /** Adds the operations since the last call to a batch. What is returned is to be called when that is stored. */
  drainInto(batch: Packed): () => void {
    const touched = this.#touched;
    const bytes = this.#pending.length;
    batch.append(this.#pending);
    this.#pending.clear();
    this.#touched = [];
    for (const rows of touched) rows.isTouched = false;
    this.#drainedBytes += bytes;
    const gone = this.#newlyGone;
    this.#newlyGone = [];
    this.#drainedGone.add(gone);
    return () => {
      this.#drainedBytes -= bytes;
      this.#drainedGone.delete(gone);
      for (const rows of touched) this.#stored(rows);
      this.#shrink();
    };
  }

  #stored(rows: DagRows): void {
    rows.unstored -= 1;
    if (rows.unwanted && rows.unstored === 0) this.#leaving.push(rows);
  }

  /**
   * What is found from now on stays until the function that is returned is called: for reads that await in between.
   * However many overlap, what was found before the oldest of them may go: among many there is always one.
   */
  hold(): () => void {
    return this.#holds.begin(() => this.#shrink());
  }

  /** Those of the DAGs that are forgotten although the store may still have them. */
  goneOf(dags: readonly number[]): ReadonlySet<number> {
    const asked = new Set(dags);
    const gone = new Set<number>();
    for (const some of [this.#newlyGone, ...this.#drainedGone]) {
      for (const dag of some) if (asked.has(dag)) gone.add(dag);
    }
    return gone;
  }

  /** A DAG is no longer in memory: its cold rows need not be either, once they are stored. */
  drop(dag: number): void {
    const rows = this.#dags.get(dag);
    if (rows === null) return;
    rows.unwanted = true;
    if (rows.unstored > 0) return;
    if (rows.foundIn < this.#holds.oldest) this.#remove(rows);
    else this.#leaving.push(rows);
  }

  /** Lets go of what nobody wants, and of what was used longest ago, down to the limit; of nothing that is held. */
  #shrink(): void {
    const { oldest } = this.#holds;
    const isLeaving = (rows: DagRows): boolean => rows.unwanted && rows.unstored === 0;
    for (const rows of this.#leaving) if (isLeaving(rows) && rows.foundIn < oldest) this.#remove(rows);
    this.#leaving = this.#leaving.filter(isLeaving);
    for (let n = 0; n < MAX_LOOKED && this.#bytes > this.maxBytes; n++) this.#letGo(this.#dags.next(), oldest);
  }

  /** Lets go of those at a place that are stored, that nobody holds, and that were not used since it was looked at last. */
  #letGo(first: DagRows | null, oldestHold: number): void {
    for (let rows = first; rows !== null; rows = rows.behind) {
      if (rows.unstored > 0 || rows.foundIn >= oldestHold) continue;
      if (rows.wasUsed) rows.wasUsed = false;
      else this.#remove(rows);
    }
  }

  spec(dag: number): SubmitDag {
    const spec = this.#dags.get(dag)?.spec ?? null;
    if (spec === null) throw new Error(`assertion failed: the submission of DAG ${dag} was not fetched`);
    return spec;
  }

  /** Index of the job with this id in a DAG whose submission is in memory; -1 when there is none. */
  indexOf(dag: number, id: string): number {
    return this.#dags.get(dag) === null ? -1 : indexOfJob(this.spec(dag).jobs, id);
  }

  output(dag: number, job: number, attempt: number): { json: Uint8Array | null; isBlob: boolean } | null {
    const output = this.knownOutput(dag, job, attempt);
    if (output === undefined)
      throw new Error(`assertion failed: output ${job}/${attempt} of DAG ${dag} was not fetched`);
    return output === null ? null : { json: output.json, isBlob: output.blob !== null };
  }

  /** The submission if it is in memory; it counts as used now. */
  knownSpec(dag: number): SubmitDag | null {
    const rows = this.#dags.get(dag);
    if (rows === null || rows.spec === null) return null;
    rows.unwanted = false;
    rows.wasUsed = true;
    rows.foundIn = this.#holds.newest;
    return rows.spec;
  }

  /** The output if it is in memory; undefined when that is not known. */
  knownOutput(dag: number, job: number, attempt: number): Output | null | undefined {
    const rows = this.#dags.get(dag);
    if (rows === null) return undefined;
    rows.foundIn = this.#holds.newest;
    return rows.outputs?.get(job, attempt);
  }

  /** Submissions, from memory or from the store; they are in memory then. Throws when one is in neither place. */
  fetchSpecs(dags: readonly number[]): Promise<readonly SubmitDag[]> {
    const known = (dag: number) => this.knownSpec(dag) ?? undefined;
    return knownOrFetched(dags, known, async (missing) => {
      const each = [...new Set(missing)];
      const values = await this.#storedSpecs(each);
      for (const [i, dag] of each.entries()) this.#installSpec(dag, values[i]!);
      return missing.map((dag) => this.spec(dag));
    });
  }

  /** The submission, from memory or from the store. */
  async fetchSpec(dag: number): Promise<SubmitDag> {
    const [spec] = await this.fetchSpecs([dag]);
    return spec!;
  }

  /** Submissions, or their stored rows, for who looks at many: none of them counts as used, or is kept. */
  peekSpecs(dags: readonly number[]): Promise<readonly (SubmitDag | Uint8Array | null)[]> {
    const known = (dag: number): SubmitDag | Uint8Array | null | undefined => this.#dags.get(dag)?.spec ?? undefined;
    return knownOrFetched(dags, known, (missing) => this.#storedSpecs(missing));
  }

  #storedSpecs(dags: readonly number[]): Promise<(Uint8Array | null)[]> {
    return this.store.getMany(dags.map((dag) => coldKey(ColdKind.spec, dag, 0, 0)));
  }

  /** Outputs of attempts, from memory or from the store, null where there is none; they are in memory then. */
  fetchOutputs(wanted: readonly AttemptRef[]): Promise<readonly (Output | null)[]> {
    return this.#readOutputs(wanted, (attempt, stored) => this.#installOutput(attempt, stored));
  }

  /** Outputs of attempts, for who looks at many: those that come from the store don't stay in memory. */
  peekOutputs(wanted: readonly AttemptRef[]): Promise<readonly (Output | null)[]> {
    return this.#readOutputs(wanted, (_, stored) => outputIn(stored));
  }

  /** Outputs of attempts; `read` is given those that are not in memory, as the store has them. */
  #readOutputs(
    wanted: readonly AttemptRef[],
    read: (attempt: AttemptRef, stored: Uint8Array | null) => Output | null,
  ): Promise<readonly (Output | null)[]> {
    const known = ({ dag, job, attempt }: AttemptRef) => this.knownOutput(dag, job, attempt);
    return knownOrFetched(wanted, known, async (missing) => {
      const values = await this.store.getMany(missing.map(outputKey));
      return values.map((value, i) => read(missing[i]!, value));
    });
  }

  /** Why attempts failed, from memory or from the store; null of one that did not, or whose executor did not say. */
  fetchFailures(wanted: readonly AttemptRef[]): Promise<readonly (Failure | null)[]> {
    const known = ({ dag, job, attempt }: AttemptRef): Failure | null | undefined => {
      return this.#dags.get(dag)?.failures?.get(job, attempt);
    };
    return knownOrFetched(wanted, known, async (missing) => {
      const keys = missing.map(({ dag, job, attempt }) => coldKey(ColdKind.failure, dag, job, attempt));
      return (await this.store.getMany(keys)).map((value) => (value === null ? null : decodeFailure(value)));
    });
  }

  /** Deletes the rows of a job's attempts, or the submission. */
  #forget(row: GoneRow): void {
    removeRows(this.#pending, row);
    if (row.job >= 0) return;
    this.#newlyGone.push(row.dag);
    this.drop(row.dag);
  }

  #installSpec(dag: number, value: Uint8Array | null): void {
    if (value === null) throw new Error(`assertion failed: the store has no submission of DAG ${dag}`);
    const rows = this.#rows(dag);
    if (rows.spec !== null) return;
    rows.spec = decodeBody(Code.SubmitDag, specOf(value)) as SubmitDag;
    this.#grow(rows, value.length * SPEC_FACTOR + ROW_BYTES);
  }

  #installOutput({ dag, job, attempt }: AttemptRef, value: Uint8Array | null): Output | null {
    const rows = this.#rows(dag);
    const known = rows.outputs?.get(job, attempt);
    if (known !== undefined) return known;
    // A copy, because a value may be a view on all that was read with it.
    const output = outputIn(value?.slice() ?? null);
    rows.keepOutput(job, attempt, output);
    this.#grow(rows, (value?.length ?? 0) + ROW_BYTES);
    return output;
  }

  #rows(dag: number): DagRows {
    let rows = this.#dags.get(dag);
    if (rows === null) {
      rows = new DagRows(dag);
      this.#dags.add(rows);
    }
    rows.unwanted = false;
    rows.foundIn = this.#holds.newest;
    return rows;
  }

  #grow(rows: DagRows, bytes: number): void {
    rows.bytes += bytes;
    this.#bytes += bytes;
  }

  #remove(rows: DagRows): void {
    rows.unwanted = false;
    this.#bytes -= rows.bytes;
    this.#dags.delete(rows);
  }
}

function outputKey({ dag, job, attempt }: AttemptRef): Uint8Array {
  return coldKey(ColdKind.output, dag, job, attempt);
}

function outputIn(value: Uint8Array | null): Output | null {
  return value === null ? null : decodeOutput(value);
}

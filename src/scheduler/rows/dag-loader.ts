import type { SubmitDag } from '../../catalogue/generated/types.js';
import type { State } from '../../kernel/rows/state.js';
import { TableId } from '../../kernel/rows/tables.js';
import { BLOCK_ROWS, jobBlockKey, jobBlocksOf, rowKey, rowsOfBlock, type Store } from '../../store/index.js';
import type { ColdRows } from './cold.js';
import { blockBytes } from './dag-values.js';
import type { RowInstaller } from './row-installer.js';

export interface LoaderParts {
  readonly state: State;
  readonly store: Store;
  readonly cold: ColdRows;
  readonly rows: RowInstaller;
}

/** A fan-out of a DAG by its job, or a block of its jobs by its first index. */
type Part = readonly [index: number, value: Uint8Array];

/** What is known of a DAG before its jobs are read. */
interface Found {
  readonly seq: number;
  readonly value: Uint8Array;
  readonly spec: SubmitDag;
}

/** Brings DAGs into memory that have left it: what the store has of them is as it is, until they are forgotten. */
export class DagLoader {
  /** DAGs on their way into memory, so that none is put there twice. */
  readonly #loading = new Map<number, Promise<void>>();
  /** Those that are only read come one after the other: a crowd of them at once would hold turns up. */
  #reading: Promise<void> = Promise.resolve();

  /** `onLoaded` is told of each DAG that is brought in. */
  constructor(
    private readonly parts: LoaderParts,
    private readonly onLoaded: (dag: number) => void,
  ) {}

  /** Brings DAGs into memory that are not there, at once; those that are in no place stay unknown. */
  async load(dags: Iterable<number>): Promise<void> {
    const loads = new Set<Promise<void>>();
    const missing: number[] = [];
    for (const seq of dags) {
      if (this.parts.state.dags.find(seq) !== 0) continue;
      const loading = this.#loading.get(seq);
      if (loading === undefined) missing.push(seq);
      else loads.add(loading);
    }
    if (missing.length > 0) loads.add(this.#begin(missing));
    if (loads.size > 0) await Promise.all(loads);
  }

  /** The same of one that is only read, behind all others that are: no turn waits for it, or for any of them. */
  loadToRead(seq: number): Promise<void> {
    const loading = this.#reading.then(() => this.load([seq]));
    this.#reading = loading.catch(() => undefined);
    return loading;
  }

  #begin(missing: readonly number[]): Promise<void> {
    const release = this.parts.cold.hold();
    const loading = this.#loadAll(missing).finally(() => {
      release();
      for (const seq of missing) this.#loading.delete(seq);
    });
    for (const seq of missing) this.#loading.set(seq, loading);
    return loading;
  }

  /**
   * The values of DAGs that are not in memory, as the store keeps them (`DagValues`), without bringing them there; null
   * for none, and for one that is forgotten although the store was not told yet.
   */
  async peek(dags: readonly number[]): Promise<(Uint8Array | null)[]> {
    const rows = await this.parts.store.getMany(dags.map((seq) => rowKey(TableId.dag, seq, 0)));
    const gone = this.parts.cold.goneOf(dags);
    return rows.map((row, i) => (gone.has(dags[i]!) ? null : row));
  }

  /** Reads all rows of the DAGs first and puts them into their tables at once, so that nobody sees a half of one. */
  async #loadAll(missing: readonly number[]): Promise<void> {
    const { cold } = this.parts;
    const rows = await this.peek(missing);
    const there = missing.filter((_, i) => rows[i] !== null);
    const specs = await cold.fetchSpecs(there);
    const values = rows.filter((row) => row !== null);
    const found = there.map((seq, i): Found => ({ seq, value: values[i]!, spec: specs[i]! }));
    const fans = await this.#readFans(found);
    const blocks = await this.#readBlocks(found, fans);
    found.forEach((dag, i) => {
      this.#install(dag, fans[i]!, blocks[i]!);
    });
  }

  #install({ seq, value, spec }: Found, fans: readonly Part[], blocks: readonly Part[]): void {
    const { state, rows } = this.parts;
    const dag = rows.dags.load(seq, value);
    for (const [first, block] of blocks) rows.installBlock(dag, first, block);
    rows.installEdges(dag, spec.jobs);
    for (const [job, fan] of fans) rows.install(state.fans.table, seq, job, fan);
    this.onLoaded(seq);
  }

  /** The rows of the DAGs' fan-outs, by job index. */
  async #readFans(found: readonly Found[]): Promise<readonly (readonly Part[])[]> {
    const jobs = found.map((dag) => dag.spec.jobs.flatMap((job, index) => (job.fanOut === null ? [] : [index])));
    const keys = found.map(({ seq }, i) => jobs[i]!.map((job) => rowKey(TableId.fan, seq, job)));
    const values = await this.parts.store.getMany(keys.flat());
    let next = 0;
    return jobs.map((indexes) => presentOf(indexes.map((job) => [job, values[next++]!] as const)));
  }

  /** The blocks of the DAGs' jobs by first index, in order; none of a DAG whose value has its jobs. */
  async #readBlocks(found: readonly Found[], fans: readonly (readonly Part[])[]): Promise<(readonly Part[])[]> {
    const firsts = found.map((dag, i) => this.#firstsOf(dag, fans[i]!));
    const keys = found.map(({ seq }, i) => firsts[i]!.map((first) => jobBlockKey(seq, first)));
    const values = await this.parts.store.getMany(keys.flat());
    let next = 0;
    const guessed = firsts.map((indexes) => presentOf(indexes.map((first) => [first, values[next++]!])));
    return Promise.all(found.map((dag, i) => (this.#isWhole(dag, guessed[i]!) ? guessed[i]! : this.#scan(dag.seq))));
  }

  /** Where the blocks of a DAG begin, if nothing unusual has happened to it. */
  #firstsOf({ value: dag, spec: { jobs } }: Found, fans: readonly Part[]): readonly number[] {
    const firsts: number[] = [];
    if (blockBytes(dag) > 0) return firsts;
    for (let first = 0; first < jobs.length; first += BLOCK_ROWS) firsts.push(first);
    const { state, rows } = this.parts;
    for (const [, value] of fans) {
      const { base, made } = rows.peek(state.fans.table, value);
      for (let first = base; first < base + made; first += BLOCK_ROWS) firsts.push(first);
    }
    return firsts;
  }

  /** Whether these blocks hold all jobs of the DAG: a run before this one may have left some at other places. */
  #isWhole({ value }: Found, blocks: readonly Part[]): boolean {
    if (blockBytes(value) > 0) return true;
    let count = 0;
    for (const [, block] of blocks) count += rowsOfBlock(block).rows;
    const { c, row } = this.parts.rows.peekDag(value);
    return count === c.jobsTotal[row];
  }

  /** The blocks of a DAG's jobs wherever they are. */
  async #scan(seq: number): Promise<readonly Part[]> {
    const blocks: Part[] = [];
    const { from, to } = jobBlocksOf(seq);
    for await (const chunk of this.parts.store.scan(from, to)) {
      for (const { key, value } of chunk) {
        blocks.push([new DataView(key.buffer, key.byteOffset).getUint32(8), value]);
      }
    }
    return blocks;
  }
}

function presentOf(parts: readonly (readonly [number, Uint8Array | null])[]): readonly Part[] {
  return parts.filter((part): part is Part => part[1] !== null);
}

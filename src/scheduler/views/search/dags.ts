/** Searches DAGs: a walk over those that the cell knows, by rows in memory as long as they can tell. */
import type { DagSummary } from '../../../answers/types.js';
import { decodeBody } from '../../../catalogue/codec.js';
import { Code } from '../../../catalogue/generated/codes.js';
import type { SubmitDag } from '../../../catalogue/generated/types.js';
import { readSubmissionHead, type SubmissionHead } from '../../../catalogue/submission-head.js';
import { IdKind, seqOf } from '../../../kernel/rows/ids.js';
import type { State } from '../../../kernel/rows/state.js';
import type { LoopTimers } from '../../ports.js';
import type { ColdRows } from '../../rows/cold.js';
import type { Materializer } from '../../rows/materializer.js';
import { specOf } from '../../rows/spec-row.js';
import type { DagQuery, Page } from '../port.js';
import { classesNamed, hasJobOf } from './classes.js';
import { type DagFacts, factsOf, summaryOf } from './dag-facts.js';
import { asksForHead, RowFilter, wantsHead } from './dag-filter.js';
import type { KnownDags } from './known-dags.js';
import { Cost, Work } from './work.js';

export interface SearchParts {
  readonly state: State;
  readonly cold: ColdRows;
  readonly materializer: Materializer;
  readonly known: KnownDags;
  readonly timers: Pick<LoopTimers, 'pause'>;
}

/** DAGs that are looked at together. */
const CHUNK = 256;
/** Submissions that are read together: each may have 8 MiB. */
const SUBMISSIONS = 32;
/** Characters of labels after which a page ends: a DAG may have 256 KiB, and a page is put together in one piece. */
const PAGE_CHARS = 4 * 1024 * 1024;

/** A page of the DAGs that a query means. */
export function findDags(parts: SearchParts, query: DagQuery): Promise<Page<DagSummary, number>> {
  return new DagSearch(parts, query).run();
}

class DagSearch {
  readonly #filter: RowFilter;
  readonly #work: Work;
  readonly #found: DagSummary[] = [];
  #chars = 0;
  /** Classes that are meant, null for any. */
  readonly #classes: ReadonlySet<number> | null;

  constructor(
    private readonly parts: SearchParts,
    private readonly query: DagQuery,
  ) {
    this.#filter = new RowFilter(query, parts.state);
    this.#work = new Work(parts.timers);
    this.#classes = classesNamed(parts.state, query);
  }

  async run(): Promise<Page<DagSummary, number>> {
    const { query } = this;
    if (this.#filter.isEmpty || this.#classes?.size === 0) return { items: [], next: null };
    const candidates = query.id === null ? this.#inOrder() : this.#withId(query.id);
    let last: number | null = null;
    for (const chunk of candidates) {
      const taken = await this.#look(chunk);
      last = chunk[taken - 1] ?? last;
      if (taken < chunk.length || this.#isFull || this.#work.isDone) {
        return { items: this.#found, next: last };
      }
      await this.#work.rest();
    }
    return { items: this.#found, next: null };
  }

  /** All that are known, in pieces. */
  #inOrder(): Generator<readonly number[]> {
    const { oldestFirst, after } = this.query;
    const from = after ?? (oldestFirst ? 0 : Number.MAX_SAFE_INTEGER);
    return this.parts.known.pieces(from, oldestFirst ? 1 : -1, CHUNK);
  }

  /** Those with an id: one look for each tenant. */
  *#withId(id: string): Generator<readonly number[]> {
    const { state } = this.parts;
    const { tenant, after, oldestFirst } = this.query;
    const { tenants, cell, cellRow } = state;
    const names = tenant === null ? [] : [tenant];
    if (tenant === null) {
      for (let seq = 1; seq <= cell.c.nextTenant[cellRow]!; seq++) names.push(tenants.c.name[tenants.find(seq)]!);
    }
    const found = names.map((name) => seqOf(state, IdKind.dag, name, id)).filter((seq) => seq !== 0);
    found.sort((a, b) => (oldestFirst ? a - b : b - a));
    const rest = found.filter((seq) => after === null || (oldestFirst ? seq > after : seq < after));
    for (let at = 0; at < rest.length; at += CHUNK) yield rest.slice(at, at + CHUNK);
  }

  /** Looks at a piece, and adds what is meant; gives how many of it were looked at. */
  async #look(chunk: readonly number[]): Promise<number> {
    const facts = await this.#factsOf(chunk);
    const wanted = facts.filter((one) => one !== null);
    const isEnough = !asksForHead(this.query) && this.#found.length + wanted.length > this.query.limit;
    const read = isEnough ? wanted.slice(0, this.query.limit - this.#found.length) : wanted;
    for (let at = 0; at < read.length; at += SUBMISSIONS) {
      const some = read.slice(at, at + SUBMISSIONS);
      if (this.#isFull) return chunk.indexOf(some[0]!.seq);
      const specs = await this.parts.cold.peekSpecs(some.map(({ seq }) => seq));
      this.#work.spend(some.length * Cost.stored);
      for (const [i, one] of some.entries()) {
        if (this.#isFull) return chunk.indexOf(one.seq);
        const head = this.#headIfWanted(one, specs[i] ?? null);
        if (head !== null) this.#add(summaryOf(one, head));
      }
    }
    return isEnough ? chunk.indexOf(read.at(-1)!.seq) + 1 : chunk.length;
  }

  get #isFull(): boolean {
    return this.#found.length >= this.query.limit || this.#chars >= PAGE_CHARS;
  }

  #add(summary: DagSummary): void {
    this.#found.push(summary);
    for (const { name, value } of summary.labels) this.#chars += name.length + value.length;
  }

  /** The facts of those whose rows are meant, null for the others. */
  async #factsOf(chunk: readonly number[]): Promise<readonly (DagFacts | null)[]> {
    const { state, materializer, known } = this.parts;
    const { dags } = state;
    const facts = chunk.map((seq) => {
      const row = dags.find(seq);
      return row === 0 ? undefined : this.#hotFacts(seq, row);
    });
    this.#work.spend(chunk.length * Cost.row);
    if (!this.#filter.wantsEnded) return facts.map((one) => one ?? null);
    const missing = chunk.filter((_, i) => facts[i] === undefined);
    const rows = missing.length === 0 ? [] : await materializer.loader.peek(missing);
    this.#work.spend(missing.length * Cost.stored);
    let next = 0;
    return facts.map((one, i) => {
      if (one !== undefined) return one;
      const stored = rows[next++] ?? null;
      if (stored !== null) return this.#storedFacts(chunk[i]!, stored);
      const row = dags.find(chunk[i]!);
      if (row !== 0) return this.#hotFacts(chunk[i]!, row);
      known.forget(chunk[i]!);
      return null;
    });
  }

  #hotFacts(seq: number, row: number): DagFacts | null {
    const { state } = this.parts;
    if (!this.#filter.wants(state.dags.c, row)) return null;
    if (this.#classes !== null) {
      this.#work.spend(state.dags.c.jobsTotal[row]! * Cost.row);
      if (!hasJobOf(state, row, this.#classes)) return null;
    }
    return factsOf(seq, state.dags.c, row);
  }

  #storedFacts(seq: number, stored: Uint8Array): DagFacts | null {
    const { c, row } = this.parts.materializer.rows.peekDag(stored);
    return this.#filter.wants(c, row) ? factsOf(seq, c, row) : null;
  }

  /** The head of a DAG's submission, if it is meant. A DAG without one was forgotten meanwhile. */
  #headIfWanted({ seq }: DagFacts, spec: SubmitDag | Uint8Array | null): SubmissionHead | null {
    if (spec === null) return null;
    const head = spec instanceof Uint8Array ? readSubmissionHead(specOf(spec)) : spec;
    if (!wantsHead(this.query, head)) return null;
    // Of a DAG in memory the rows of its jobs have told its classes already.
    const isTold = this.#classes === null || this.parts.state.dags.find(seq) !== 0;
    return isTold || this.#namesClass(spec) ? head : null;
  }

  #namesClass(spec: SubmitDag | Uint8Array): boolean {
    const { executorClass, group } = this.query;
    this.#work.spend(Cost.submission);
    const { jobs } = spec instanceof Uint8Array ? (decodeBody(Code.SubmitDag, specOf(spec)) as SubmitDag) : spec;
    return jobs.some(
      (job) =>
        job.kind === 'executor' &&
        (executorClass === null || job.executorClass === executorClass) &&
        (group === null || job.group === group),
    );
  }
}

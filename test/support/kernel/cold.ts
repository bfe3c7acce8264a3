import type { SubmitDag } from '../../../src/catalogue/generated/types.js';
import type { ColdRow } from '../../../src/kernel/fold.js';
import type { Kernel, TurnRequest } from '../../../src/kernel/kernel.js';
import type { Needs } from '../../../src/kernel/needs.js';
import {
  cursorsInReach,
  needsOfCursors,
  needsOfInput,
  needsOfTimers,
  outputsOfCursors,
} from '../../../src/kernel/needs.js';
import type { ColdView } from '../../../src/kernel/open-turn.js';

interface Output {
  readonly json: Uint8Array | null;
  readonly isBlob: boolean;
}

/**
 * Cold rows in memory. A turn sees only those that `needs` names before it, and those that it makes itself: so that
 * whatever the kernel reads beyond the closed list of needs.ts fails a test.
 */
export class ColdStore {
  readonly specs = new Map<number, SubmitDag>();
  readonly outputs = new Map<string, Output>();
  readonly failures = new Map<string, { readonly code: string; readonly message: string }>();
  /** DAGs that are forgotten; their submissions stay here for transcripts. */
  readonly gone = new Set<number>();
  private seenSpecs = new Set<number>();
  private seenOutputs = new Set<string>();

  /** Takes a row that a turn made. */
  readonly put = (row: ColdRow): void => {
    if (row.kind === 'spec') {
      this.specs.set(row.dag, row.submission);
      this.seenSpecs.add(row.dag);
      return;
    }
    if (row.kind === 'gone') return this.forget(row.dag, row.job, row.attempts);
    const key = `${row.dag}/${row.job}/${row.attempt}`;
    if (row.kind === 'failure') this.failures.set(key, { code: row.code, message: row.message });
    else {
      this.outputs.set(key, { json: row.json, isBlob: row.blob !== null });
      this.seenOutputs.add(key);
    }
  };

  /** The same rows in another place, for turns that may be taken back. */
  copy(): ColdStore {
    const copy = new ColdStore();
    for (const [dag, spec] of this.specs) copy.specs.set(dag, spec);
    for (const [key, output] of this.outputs) copy.outputs.set(key, output);
    for (const dag of this.gone) copy.gone.add(dag);
    return copy;
  }

  private forget(dag: number, job: number, attempts: number): void {
    if (job < 0) this.gone.add(dag);
    for (let attempt = 0; job >= 0 && attempt <= attempts; attempt++) {
      this.outputs.delete(`${dag}/${job}/${attempt}`);
      this.failures.delete(`${dag}/${job}/${attempt}`);
    }
  }

  /** What the turn of this request may see; `load` is told which DAGs must be in memory for it. */
  viewFor(kernel: Kernel, request: TurnRequest, load: (dags: Iterable<number>) => void = () => undefined): ColdView {
    const { state, indexes } = kernel;
    const needs: Needs = { dags: new Set(), specs: new Set() };
    for (const input of request.inputs) needsOfInput(state, input, needs);
    needsOfTimers(state, indexes, request.at, request.at - request.stoppedMs, needs);
    const inReach = cursorsInReach(indexes, request.inputs.length);
    needsOfCursors(state, inReach, needs);
    load(needs.dags);
    this.seenSpecs = needs.specs;
    const outputs = outputsOfCursors(state, inReach, (dag) => this.specs.get(dag)!);
    this.seenOutputs = new Set(outputs.map(({ dag, job, attempt }) => `${dag}/${job}/${attempt}`));
    return {
      spec: (dag) => {
        if (!this.seenSpecs.has(dag)) throw new Error(`the submission of DAG ${dag} was not asked for`);
        return this.specs.get(dag)!;
      },
      output: (dag, job, attempt) => {
        const key = `${dag}/${job}/${attempt}`;
        if (!this.seenOutputs.has(key)) throw new Error(`output ${key} was not asked for`);
        return this.outputs.get(key) ?? null;
      },
    };
  }
}

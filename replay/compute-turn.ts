import type { SubmitDag } from '../src/catalogue/generated/types.js';
import type { ColdRow } from '../src/kernel/fold.js';
import type { Kernel, TurnRequest, TurnResult } from '../src/kernel/kernel.js';
import type { ColdView } from '../src/kernel/open-turn.js';
import type { ColdRows } from '../src/scheduler/cold.js';
import { fetchNeeds } from '../src/scheduler/fetch.js';
import type { Materializer } from '../src/scheduler/materializer.js';

/** Where a kernel's cold rows are. */
interface ColdParts {
  readonly cold: ColdRows;
  readonly materializer: Materializer;
}

/** Computes a turn; what it reads cold is fetched before. The caller accepts it, discards it, or takes it back. */
export async function computeTurn(
  kernel: Kernel,
  parts: ColdParts | null,
  request: TurnRequest,
  sink: (row: ColdRow) => void,
): Promise<TurnResult> {
  if (parts === null) return kernel.turn(request, NOTHING, sink);
  const { cold, materializer } = parts;
  const release = cold.hold();
  try {
    await fetchNeeds(kernel, cold, materializer, request);
    const fresh = new Map<number, SubmitDag>();
    const view: ColdView = {
      spec: (dag) => fresh.get(dag) ?? cold.spec(dag),
      output: (dag, job, attempt) => cold.output(dag, job, attempt),
    };
    return kernel.turn(request, view, (row) => {
      if (row.kind === 'spec') fresh.set(row.dag, row.submission);
      sink(row);
    });
  } finally {
    release();
  }
}

/** Before the first turn nothing is known that could be read. */
const NOTHING: ColdView = {
  spec: (dag) => {
    throw new Error(`assertion failed: the submission of DAG ${dag} in an empty cell`);
  },
  output: () => null,
};

import type { SubmitDag } from '../src/catalogue/generated/types.js';
import type { ColdRow } from '../src/kernel/fold.js';
import type { Kernel, TurnRequest, TurnResult } from '../src/kernel/kernel.js';
import type { ColdView } from '../src/kernel/open-turn.js';
import { fetchNeeds } from '../src/scheduler/fetch.js';
import type { ColdRows } from '../src/scheduler/rows/cold.js';
import type { Materializer } from '../src/scheduler/rows/materializer.js';

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
  const before: ColdView = parts?.cold ?? NOTHING;
  const release = parts?.cold.hold();
  try {
    if (parts !== null) await fetchNeeds(kernel, parts.cold, parts.materializer, request);
    // What the turn itself accepts it may read at once, the first one, too.
    const fresh = new Map<number, SubmitDag>();
    const view: ColdView = {
      spec: (dag) => fresh.get(dag) ?? before.spec(dag),
      output: (dag, job, attempt) => before.output(dag, job, attempt),
    };
    return kernel.turn(request, view, (row) => {
      if (row.kind === 'spec') fresh.set(row.dag, row.submission);
      sink(row);
    });
  } finally {
    release?.();
  }
}

/** Before the first turn nothing is known that could be read. */
const NOTHING: ColdView = {
  spec: (dag) => {
    throw new Error(`assertion failed: the submission of DAG ${dag} in an empty cell`);
  },
  output: () => null,
};

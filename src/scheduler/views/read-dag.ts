import type { SubmitDag } from '../../catalogue/generated/types.js';
import type { State } from '../../kernel/rows/state.js';
import type { ColdRows } from '../rows/cold.js';
import type { Materializer } from '../rows/materializer.js';

/** A DAG that leaves memory so often while it is being read is forgotten by now. */
const READ_ATTEMPTS = 8;

/** Where a DAG is read from. */
export interface ReadParts {
  readonly state: State;
  readonly cold: ColdRows;
  readonly materializer: Materializer;
}

/**
 * Brings a DAG into memory and reads it there, at once: the next turn may take it out again. `dag` is its handle.
 * Null when there is no such DAG.
 */
export async function readDag<T>(
  { state, cold, materializer }: ReadParts,
  seq: number,
  read: (spec: SubmitDag, dag: number) => T,
): Promise<T | null> {
  const release = cold.hold();
  try {
    for (let attempt = 0; attempt < READ_ATTEMPTS; attempt++) {
      if (state.dags.find(seq) === 0) await materializer.loader.loadToRead(seq);
      const dag = state.dags.find(seq);
      if (dag === 0) return null;
      const spec = cold.knownSpec(seq);
      if (spec !== null) return read(spec, dag);
      // While its submission is fetched it may be forgotten.
      await cold.fetchSpec(seq).catch((error: unknown) => {
        if (state.dags.find(seq) !== 0) throw error;
      });
    }
    return null;
  } finally {
    release();
  }
}

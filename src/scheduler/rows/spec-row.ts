import type { SubmitDag } from '../../catalogue/generated/types.js';
import { graphOf, isGraph } from '../../kernel/graph.js';
import { RowReader, RowWriter, wordAt } from '../../store/index.js';

/**
 * The row of a submission: before its canonical bytes stand the edges of its jobs, by index, so that a start lays them
 * without decoding a million submissions.
 *
 *     [bytes of the edges u32] [for each job: degree, targets, as varints] [canonical bytes of SubmitDag]
 *
 * A DAG of one job has no edges.
 */

/** The dependencies of a DAG's jobs, as `JobSpace.setEdges` takes them. */
export interface Edges {
  readonly degrees: Uint32Array;
  readonly targets: Uint32Array;
}

const HEAD_BYTES = 4;
/** A varint of a job's index. */
const INDEX_BYTES_MAX = 5;

const writer = new RowWriter();
const reader = new RowReader();

/** What stands before the canonical bytes in the row of a submission; valid until the next call. */
export function specHead(jobs: SubmitDag['jobs']): Uint8Array {
  writer.reset();
  writer.word(0);
  if (jobs.length > 1) writeEdges(jobs);
  writer.patch(0, writer.length - HEAD_BYTES);
  return writer.view();
}

function writeEdges(jobs: SubmitDag['jobs']): void {
  const graph = graphOf(jobs);
  if (!isGraph(graph)) throw new Error('assertion failed: an accepted submission has no graph');
  const { degrees, targets } = graph;
  writer.reserve((degrees.length + targets.length) * INDEX_BYTES_MAX);
  let next = 0;
  for (const degree of degrees) {
    writer.unsignedUnchecked(degree);
    for (let i = 0; i < degree; i++) writer.unsignedUnchecked(targets[next++]!);
  }
}

/** The canonical bytes of the submission, as a view. */
export function specOf(row: Uint8Array): Uint8Array {
  return row.subarray(HEAD_BYTES + wordAt(row, 0));
}

/** The edges of a DAG of so many jobs. Throws `StoreCorrupt` where the row has others. */
export function edgesOf(row: Uint8Array, jobs: number): Edges {
  const edges = row.subarray(HEAD_BYTES, HEAD_BYTES + wordAt(row, 0));
  const degrees = new Uint32Array(jobs);
  const targets = new Uint32Array(edges.length);
  let filled = 0;
  reader.reset(edges);
  for (let job = 0; job < jobs && edges.length > 0; job++) {
    degrees[job] = reader.unsigned();
    // A damaged degree may say billions; each target takes a byte at least.
    for (let i = 0; i < degrees[job]! && filled < targets.length; i++) targets[filled++] = reader.unsigned();
  }
  reader.finish();
  return { degrees, targets: targets.subarray(0, filled) };
}

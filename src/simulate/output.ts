/** What an attempt puts out, and the callback that says so. */
import type { BlobRef, CompleteJob, LeaseRef } from '../catalogue/generated/types.js';

/** JSON, or the name of a blob that has it; of a blob the kernel asks only whether it is one. */
export type AttemptOutput = Uint8Array | BlobRef | null;

/** The output that a callback brought. */
export function outputOf({ output, blob }: Pick<CompleteJob, 'output' | 'blob'>): AttemptOutput {
  return output ?? blob;
}

/** The callback of an attempt that ended well. */
export function completion(lease: LeaseRef, output: AttemptOutput, unitsUsed: number | null): CompleteJob {
  const isJson = output === null || output instanceof Uint8Array;
  return { lease, output: isJson ? output : null, blob: isJson ? null : output, unitsUsed };
}

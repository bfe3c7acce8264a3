/** How an attempt ends, and the callback that says so. */
import { Code } from '../../catalogue/generated/codes.js';
import type { BlobRef, CompleteJob, FailJob, LeaseRef, ReturnJob } from '../../catalogue/generated/types.js';
import type { OwnAnswer } from './lease-end.js';

/** JSON, or the name of a blob that has it; of a blob the kernel asks only whether it is one. */
export type AttemptOutput = Uint8Array | BlobRef | null;

/** A terminal callback without its lease, which is another one whenever the attempt is played again. */
export type Terminal =
  | { readonly code: typeof Code.CompleteJob; readonly output: AttemptOutput; readonly unitsUsed: number | null }
  | {
      readonly code: typeof Code.FailJob;
      readonly failure: string;
      readonly retryable: boolean;
      readonly unitsUsed: number | null;
    }
  | { readonly code: typeof Code.ReturnJob; readonly reason: string; readonly unitsUsed: number | null };

/** What most attempts answer, once for all of them. */
export const DONE: Terminal = { code: Code.CompleteJob, output: null, unitsUsed: null };
/** What an executor answers that was told to stop. */
export const STOPPED: Terminal = { code: Code.ReturnJob, reason: 'stopped', unitsUsed: null };

/** What an executor answered; without its output, where nobody will read that. */
export function terminalOf(answer: OwnAnswer, keepsOutput = true): Terminal {
  const { unitsUsed } = answer.body;
  if (answer.code === Code.ReturnJob) return { code: answer.code, reason: answer.body.reason, unitsUsed };
  if (answer.code === Code.FailJob) {
    return { code: answer.code, failure: answer.body.code, retryable: answer.body.retryable, unitsUsed };
  }
  const output = keepsOutput ? copied(answer.body.output ?? answer.body.blob) : null;
  return output === null && unitsUsed === null ? DONE : { code: answer.code, output, unitsUsed };
}

/** What was read is a view on a whole record. */
function copied(output: AttemptOutput): AttemptOutput {
  if (output === null || output instanceof Uint8Array) return output?.slice() ?? null;
  return { ...output, sha256: output.sha256.slice() };
}

/** The body of the callback. */
export function callbackOf(lease: LeaseRef, terminal: Terminal): CompleteJob | FailJob | ReturnJob {
  const { unitsUsed } = terminal;
  if (terminal.code === Code.ReturnJob) return { lease, reason: terminal.reason, unitsUsed };
  if (terminal.code === Code.FailJob) {
    return { lease, code: terminal.failure, message: '', retryable: terminal.retryable, unitsUsed };
  }
  const { output } = terminal;
  const isJson = output === null || output instanceof Uint8Array;
  return { lease, output: isJson ? output : null, blob: isJson ? null : output, unitsUsed };
}

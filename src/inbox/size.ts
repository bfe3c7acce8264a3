import { encodeBody } from '../catalogue/codec.js';
import { Code } from '../catalogue/generated/codes.js';
import type { InputEntry, Pair } from '../catalogue/generated/types.js';

/** Bytes of an envelope and of what has a fixed size in a body. */
const INPUT_BYTES = 128;
const HELD_BYTES = 24;

/** About how many bytes an input takes in its turn, never far below what it really takes. */
export function sizeOf(input: InputEntry): number {
  switch (input.code) {
    case Code.SubmitDag:
      return INPUT_BYTES + (input.encoded ?? encodeBody(Code.SubmitDag, input.body)).length;
    case Code.CompleteJob:
    case Code.ResolveSignal:
      return INPUT_BYTES + (input.body.output?.length ?? 0);
    case Code.RegisterExecutor:
      return INPUT_BYTES + HELD_BYTES * input.body.held.length + textsOf(input.body.labels);
    case Code.FailJob:
    case Code.ReportProgress:
      return INPUT_BYTES + textSize(input.body.message ?? '');
    case Code.ReturnJob:
    case Code.CancelDag:
    case Code.CancelJob:
      return INPUT_BYTES + textSize(input.body.reason);
    default:
      return INPUT_BYTES;
  }
}

function textsOf(pairs: readonly Pair[]): number {
  let size = 0;
  for (const { name, value } of pairs) size += textSize(name) + textSize(value);
  return size;
}

/** A UTF-16 code unit takes three bytes at most. */
function textSize(text: string): number {
  return 3 * text.length;
}

import { checkArrived } from '../../edge/arrived.js';
import { textOf } from '../../edge/json/text.js';
import { readSubmission } from '../../edge/submission/read.js';
import type { Edge } from '../../inbox/kafka/record.js';
import { checkSubmission } from '../../kernel/decide/check-submission.js';

/** What programs write to the topics of a cell is read, checked and refused as what comes over HTTP is. */
export function edgeOf(cell: string): Edge {
  return {
    readJson: (bytes, sender, tenant, idempotencyKey) => {
      const line = { text: textOf(bytes), bytes: bytes.length };
      return readSubmission(line, { cell, tenant, idempotencyKey, sender, check: checkSubmission });
    },
    check: (input) => checkArrived(input, checkSubmission),
  };
}

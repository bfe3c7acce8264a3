import { Code } from '../catalogue/generated/codes.js';
import type { InputEntry } from '../catalogue/generated/types.js';
import { checkCanonical } from './submission/check-canonical.js';
import type { CheckSubmission } from './submission/prune.js';
import { checkUserJson } from './user-json.js';

/** Checks an input that came past the edge, in the catalogue's own form. Throws `Refusal`. */
export function checkArrived(input: InputEntry, check: CheckSubmission): void {
  checkUserJson(input);
  if (input.code === Code.SubmitDag) checkCanonical(input.body, check);
}

import type { Submitted } from '../../answers/types.js';
import { Code } from '../../catalogue/generated/codes.js';
import type { InputEntry } from '../../catalogue/generated/types.js';
import type { Answer } from '../../inbox/port.js';

/** The answer to a submission that was accepted, as its turn tells it. */
export function acceptedAs(input: InputEntry, { turn, atMs, events }: Answer): Submitted {
  const dagId = input.code === Code.SubmitDag ? input.body.dagId : '';
  const accepted = events.find((event) => event.code === Code.DagAccepted);
  return { dagId, dag: accepted?.body.dag ?? -1, turn, atMs, duplicate: false };
}

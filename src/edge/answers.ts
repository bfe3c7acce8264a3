/** Turns what became of inputs into answers. */
import type { Controlled } from '../answers/types.js';
import { Code } from '../catalogue/generated/codes.js';
import type { DuplicateInput, EventEntry, InputEntry, InputRefused } from '../catalogue/generated/types.js';
import type { Answer, Inbox } from '../inbox/port.js';
import { refuseReuse } from './key-reuse.js';
import { Refusal, refusalOfFailure } from './problems.js';
import { wirePlaces } from './submission/places.js';

type Outcome = { readonly refused: InputRefused } | { readonly duplicate: DuplicateInput } | null;

/** Whether an input was refused or repeated; null means that it was carried out. */
export function outcomeOf(events: readonly EventEntry[]): Outcome {
  for (const event of events) {
    if (event.code === Code.InputRefused) return { refused: event.body };
    if (event.code === Code.DuplicateInput) return { duplicate: event.body };
  }
  return null;
}

/** A recorded refusal as an answer. */
export function refusalOfEvent(refused: InputRefused, turn: number, input: InputEntry): Refusal {
  const problems = input.code === Code.SubmitDag ? wirePlaces(refused.problems, input.body) : refused.problems;
  return new Refusal(refused.code, problems[0]?.detail ?? refused.code, { problems, turn });
}

/** Where inputs are handed in, and where it is looked up what an earlier one was. */
interface Asked {
  readonly inbox: Inbox;
  readonly journal: Parameters<typeof refuseReuse>[0];
}

/** Hands one input in and waits for its turn. Throws `Refusal`. */
export async function putOne(inbox: Inbox, input: InputEntry): Promise<Answer> {
  const answer = await put(inbox, input);
  throwIfRefused(answer, input);
  return answer;
}

async function put(inbox: Inbox, input: InputEntry): Promise<Answer> {
  try {
    return await inbox.put(input);
  } catch (error) {
    throw refusalOfFailure(error);
  }
}

function throwIfRefused(answer: Answer, input: InputEntry): void {
  const outcome = outcomeOf(answer.events);
  if (outcome !== null && 'refused' in outcome) throw refusalOfEvent(outcome.refused, answer.turn, input);
  const first = outcome?.duplicate.refused ?? null;
  if (first !== null) throw new Refusal(first.code, first.detail, { problems: [first], turn: outcome!.duplicate.turn });
}

/**
 * Hands in a control or a registration, and waits for its turn. A repeat is answered as it was the first time. Throws
 * `Refusal`.
 */
export async function putOnce(
  { inbox, journal }: Asked,
  input: InputEntry,
): Promise<Controlled & Pick<Answer, 'events'>> {
  const answer = await put(inbox, input);
  const { events } = answer;
  const outcome = outcomeOf(events);
  const repeated = outcome === null || 'refused' in outcome ? null : outcome.duplicate;
  if (repeated !== null && repeated.turn > 0) await refuseReuse(journal, repeated.turn, input);
  throwIfRefused(answer, input);
  if (repeated === null) return { turn: answer.turn, atMs: answer.atMs, duplicate: false, events };
  return { ...placeOf(repeated, answer), duplicate: true, events };
}

/** The same for a control, whose answer is all that there is to say. */
export async function putControl(asked: Asked, input: InputEntry): Promise<Controlled> {
  const { turn, atMs, duplicate } = await putOnce(asked, input);
  return { turn, atMs, duplicate };
}

/** Where the first answer stands; where that isn't kept, the repeat's own place. */
export function placeOf(first: DuplicateInput, own: Answer): { readonly turn: number; readonly atMs: number } {
  return first.turn < 0 ? { turn: own.turn, atMs: own.atMs } : { turn: first.turn, atMs: first.atMs };
}

/** Hands inputs in together; gives what became of each once all of them are settled. */
export function putAll(inbox: Inbox, inputs: readonly InputEntry[]): Promise<readonly (Answer | Error)[]> {
  if (inputs.length === 0) return Promise.resolve([]);
  return new Promise((resolve) => {
    const outcomes = new Array<Answer | Error>(inputs.length);
    let open = inputs.length;
    inbox.putEach(inputs, (index, outcome) => {
      outcomes[index] = outcome;
      open -= 1;
      if (open === 0) resolve(outcomes);
    });
  });
}

import { nameOf } from './generated/codes.js';
import type { AnyEntry, BodyOf, EventEntry, InputCode } from './generated/types.js';

/** The body of the input that caused an event which only inputs of one kind cause. */
export function inputOf<C extends InputCode>(
  code: C,
  { cause }: Pick<EventEntry, 'cause'>,
  entries: readonly AnyEntry[],
): BodyOf<C> {
  const input = entries[cause];
  if (input?.code !== code) throw new Error(`assertion failed: an event without its ${nameOf(code)}`);
  return input.body as BodyOf<C>;
}

/** The answers to callbacks, one line of JSON each. */
import type { EventEntry } from '../../catalogue/generated/types.js';
import { outcomeOf } from '../answers.js';
import { quote } from '../dispatch-lines.js';

export function acceptedLine(turn: number): string {
  return `{"accepted":true,"turn":${turn}}`;
}

export function refusedLine(code: string, detail: string, turn: number): string {
  return `{"accepted":false,"code":${quote(code)},"detail":${quote(detail)},"turn":${turn}}`;
}

/** The answer to a callback that a turn refused; null where the turn took it. */
export function refusedBy(events: readonly EventEntry[], turn: number): string | null {
  const outcome = outcomeOf(events);
  if (outcome === null || !('refused' in outcome)) return null;
  const { code, problems } = outcome.refused;
  return refusedLine(code, problems[0]?.detail ?? code, turn);
}

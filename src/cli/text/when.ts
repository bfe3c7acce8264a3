import { timeOf } from '../../../replay/moment.js';
import { CliError, Exit } from '../exit.js';

const UNIT_MS: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

const SPAN = /^\+?(\d{1,9})([smhd])$/;

/** A moment in the past: ISO 8601 with its zone, or a span before now (2h). */
export function parseSince(text: string, where: string, nowMs: number): number {
  const atMs = parseMoment(text, where, nowMs);
  return SPAN.test(text) ? 2 * nowMs - atMs : atMs;
}

/** A moment of the command line that there has to be: `none` is not among what is advised. */
export function parseMoment(text: string, where: string, nowMs: number): number {
  const atMs = momentOf(text, nowMs);
  if (atMs !== null) return atMs;
  const todo = 'Give a time with its zone, such as 2026-12-24T18:00Z, or a span such as 90s, 30m, 2h or 1d.';
  throw new CliError(Exit.Usage, 'invalid-time', `${text} is no time`, { where, todo });
}

/** A moment of the command line, or null for `none`. */
export function parseWhen(text: string, where: string, nowMs: number): number | null {
  if (text === 'none') return null;
  const atMs = momentOf(text, nowMs);
  if (atMs !== null) return atMs;
  throw new CliError(Exit.Usage, 'invalid-time', `${text} is no time`, { where });
}

/** ISO 8601 with its zone, or a span from now on (+30m); null for anything else. */
function momentOf(text: string, nowMs: number): number | null {
  const span = SPAN.exec(text);
  if (span !== null) return nowMs + Number(span[1]) * UNIT_MS[span[2]!]!;
  return /^\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d(\.\d{1,3})?)?)?(Z|[+-]\d\d:?\d\d)$/.test(text) ? timeOf(text) : null;
}

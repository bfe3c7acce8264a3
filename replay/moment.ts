/** A moment of a history: the state after a turn, or after the last turn that isn't later than a time. */
export type Moment = { readonly turn: number } | { readonly atMs: number };

/** Numbers from here on are journal times in ms; smaller ones are turns. */
const FIRST_TIME_MS = 100_000_000_000;

/** A day, or a time of it; `Date` reads more than that, and `2026-01-01jun` as a day of June. */
const ISO = /^\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?)?(Z|[+-]\d{2}:?\d{2})?$/i;

/** Reads a moment: the number of a turn, a time in ISO 8601 (UTC unless it says otherwise), or ms. Null: neither. */
export function momentOf(text: string): Moment | null {
  if (/^\d{1,15}$/.test(text)) {
    const number = Number(text);
    return number < FIRST_TIME_MS ? { turn: number } : { atMs: number };
  }
  if (!ISO.test(text)) return null;
  const zoned = /([zZ]|[+-]\d{2}:?\d{2})$/.test(text) || !/\d{2}:\d{2}/.test(text) ? text : `${text}Z`;
  const atMs = timeOf(zoned.replace(' ', 'T'));
  return atMs === null ? null : { atMs };
}

/** A time in ISO 8601 in ms. Null where it is none: `Date` takes the 30th of February for a day of March. */
export function timeOf(iso: string): number | null {
  const atMs = Date.parse(iso);
  const day = iso.slice(0, 'YYYY-MM-DD'.length);
  return Number.isNaN(atMs) || !new Date(day).toISOString().startsWith(day) ? null : atMs;
}

/** The end of a fold that goes up to a moment. */
export function upTo(moment: Moment): { readonly toTurn?: number; readonly toAtMs?: number } {
  return 'turn' in moment ? { toTurn: moment.turn } : { toAtMs: moment.atMs };
}

/** The last turn that may belong to a moment: for a time, nobody knows before a later turn is met. */
export function lastTurnOf(moment: Moment): number {
  return 'turn' in moment ? moment.turn : Number.POSITIVE_INFINITY;
}

/** Whether a turn comes after a moment. */
export function isAfter({ turn, at }: { readonly turn: number; readonly at: number }, moment: Moment): boolean {
  return 'turn' in moment ? turn > moment.turn : at > moment.atMs;
}

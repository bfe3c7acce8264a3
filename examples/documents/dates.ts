const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];

/**
 * Finds the first date in a text: `2026-02-03`, `3 February 2026`, `February 3, 2026`, `03.02.2026` (day first) and
 * `02/03/2026`, which is read month first only if `monthFirst` says so.
 * @returns ISO 8601 `YYYY-MM-DD`, or null if there is none or it is not in the calendar.
 */
export function parseDate(text: string, monthFirst = false): string | null {
  const iso = /\b(\d{4})-(\d{2})-(\d{2})\b/.exec(text);
  if (iso) return toIso(iso[1], iso[2], iso[3]);
  const dayName = /\b(\d{1,2})(?:st|nd|rd|th)?\.? ([A-Za-z]{3,9})\.?,? (\d{4})\b/.exec(text);
  if (dayName) return toIso(dayName[3], monthOf(dayName[2]), dayName[1]);
  const nameDay = /\b([A-Za-z]{3,9})\.? (\d{1,2})(?:st|nd|rd|th)?,? (\d{4})\b/.exec(text);
  if (nameDay) return toIso(nameDay[3], monthOf(nameDay[1]), nameDay[2]);
  const dotted = /\b(\d{1,2})\. ?(\d{1,2})\. ?(\d{4})\b/.exec(text);
  if (dotted) return toIso(dotted[3], dotted[2], dotted[1]);
  const slashed = /\b(\d{1,2})\/(\d{1,2})\/(\d{4})\b/.exec(text);
  if (!slashed) return null;
  return monthFirst ? toIso(slashed[3], slashed[1], slashed[2]) : toIso(slashed[3], slashed[2], slashed[1]);
}

function monthOf(name: string | undefined): string | undefined {
  const index = MONTHS.indexOf(name?.slice(0, 3).toLowerCase() ?? '');
  return index < 0 ? undefined : String(index + 1);
}

function toIso(year: string | undefined, month: string | undefined, day: string | undefined): string | null {
  if (!year || !month || !day) return null;
  const iso = `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
  const time = Date.parse(`${iso}T00:00:00Z`);
  // 31 April is a time to Date.parse, but not the same day again.
  return Number.isNaN(time) || new Date(time).toISOString().slice(0, 10) !== iso ? null : iso;
}

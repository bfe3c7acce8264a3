const MONTH_NAMES = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
];

/** Prints minor units: `1,234.50`, or `1.234,50` in the continental way. */
export function printMinor(minor: number, continental = false): string {
  const whole = String(Math.floor(minor / 100)).replace(/\B(?=(\d{3})+$)/g, continental ? '.' : ',');
  return `${whole}${continental ? ',' : '.'}${String(minor % 100).padStart(2, '0')}`;
}

/** Prints an ISO date as people write it; `us` is month first, `dotted` and `iso` speak for themselves. */
export function printDate(iso: string, style: 'long' | 'us' | 'dotted' | 'iso'): string {
  const [year = '', month = '', day = ''] = iso.split('-');
  if (style === 'iso') return iso;
  if (style === 'dotted') return `${day}.${month}.${year}`;
  if (style === 'us') return `${month}/${day}/${year}`;
  return `${Number(day)} ${MONTH_NAMES[Number(month) - 1]} ${year}`;
}

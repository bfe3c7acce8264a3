/** What evidence rests on, as people read it: the values of fields of keys with their units. */
import { LANE_NAMES } from '../../src/catalogue/generated/codes.js';
import { grouped } from '../../src/cli/text/format.js';

/** A value of a field of a key; null: there is none. It is exact: two values that decide something never look the same. */
export function valueWords(field: string, value: number | null): string {
  if (value === null) return 'none';
  switch (field) {
    case 'tenant-tag':
    case 'dag-finish':
    case 'dag-tag':
      return `${thousandths(value)} slot-s`;
    case 'due-at':
    case 'deadline-at':
      return new Date(value).toISOString().replace('T', ' ').replace('Z', '');
    case 'rank':
    case 'need-ms':
    case 'estimate':
      return value < 1_000 ? `${value} ms` : `${thousandths(value)} s`;
    case 'lane':
      return LANE_NAMES.get(value) ?? String(value);
    case 'unstarted':
      return value === 0 ? 'begun' : 'not begun';
    default:
      return grouped(value);
  }
}

/** 12,000 as 12.0, 12,345 as 12.345. */
function thousandths(value: number): string {
  const [whole, parts] = (value / 1_000).toFixed(3).split('.');
  return `${grouped(Number(whole))}.${parts!.replace(/0{1,2}$/, '')}`;
}

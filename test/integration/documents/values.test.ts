import { describe, expect, it } from 'vitest';
import { parseDate } from '../../../examples/documents/dates.js';
import { findCurrency, multiply, parseMinor, parseQuantity } from '../../../examples/documents/money.js';

describe('amounts', () => {
  it.each([
    ['1,234.50', 123_450],
    ['1.234,50', 123_450],
    ['$2,512.58', 251_258],
    ['EUR 7.747,96', 774_796],
    ["1'000.00", 100_000],
    ['12,345,678.90', 1_234_567_890],
    ['0.05', 5],
    ['900', 90_000],
    ['-12.00', -1_200],
  ])('reads %s', (text, minor) => expect(parseMinor(text)).toBe(minor));

  it.each(['', 'VAT', '1.2.3', '12,34,56', '20%', 'INV-2026-8874', '99999999999999999.00'])('refuses %j', (text) =>
    expect(parseMinor(text)).toBeNull(),
  );

  it('multiplies in integers and rounds half up', () => {
    expect(multiply('6.5', 9_425)).toBe(61_263);
    expect(multiply('3', 489)).toBe(1_467);
    expect(multiply('0.001', 499)).toBe(0);
    expect(multiply('0.001', 500)).toBe(1);
  });

  it('reads quantities', () => {
    expect(['7', '6,5', '1.25', 'seven', '7 m'].map(parseQuantity)).toEqual(['7', '6.5', '1.25', null, null]);
  });

  it('takes the currency that is named most often', () => {
    const page = (...lines: string[]) => ({ lines: lines.map((text) => ({ text })) });
    expect(findCurrency([page('USD price list'), page('$1.00, $2.00', '(1 EUR = $1.10)')])?.code).toBe('USD');
    expect(findCurrency([page('EUROPE 12.00')])).toBeNull();
  });
});

describe('dates', () => {
  it.each([
    ['2026-02-03', '2026-02-03'],
    ['3 February 2026', '2026-02-03'],
    ['Issued on 3rd Feb. 2026 in Leeds', '2026-02-03'],
    ['February 3, 2026', '2026-02-03'],
    ['03.02.2026', '2026-02-03'],
    ['03/02/2026', '2026-02-03'],
  ])('reads %s', (text, iso) => expect(parseDate(text)).toBe(iso));

  it('reads month first where that is the custom', () => expect(parseDate('02/03/2026', true)).toBe('2026-02-03'));

  it.each(['31 April 2026', '2026-13-01', '30 days', '5 Foo 2026'])('refuses %s', (text) =>
    expect(parseDate(text)).toBeNull(),
  );
});

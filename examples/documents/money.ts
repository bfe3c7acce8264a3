/** Currencies that the example knows: ISO 4217 code, how it is written, digits after the decimal separator. */
const CURRENCIES = [
  { code: 'EUR', pattern: /€|\bEUR\b/g, digits: 2 },
  { code: 'USD', pattern: /\$|\bUSD\b/g, digits: 2 },
  { code: 'GBP', pattern: /£|\bGBP\b/g, digits: 2 },
  { code: 'CHF', pattern: /\bCHF\b/g, digits: 2 },
] as const;

const MARKS = /[€$£]|\b(?:EUR|USD|GBP|CHF)\b/g;
const AMOUNT = /^-?\d{1,3}(?:(?:[.,' ]\d{3})+|\d*)(?:[.,]\d{2})?$/;

/** The currency that is named most often on some pages, or null. */
export function findCurrency(
  pages: readonly { readonly lines: readonly { readonly text: string }[] }[],
): { readonly code: string; readonly mark: string } | null {
  const text = pages.flatMap(({ lines }) => lines.map((line) => line.text)).join('\n');
  let best: { code: string; mark: string; times: number } | null = null;
  for (const { code, pattern } of CURRENCIES) {
    const found = text.match(pattern);
    if (found && found.length > (best?.times ?? 0)) best = { code, mark: found[0], times: found.length };
  }
  return best && { code: best.code, mark: best.mark };
}

/**
 * Reads an amount of money, `1,234.50` as well as `1.234,50`, with or without a currency.
 * @returns minor units (cents), or null if the text is something else.
 */
export function parseMinor(text: string): number | null {
  const bare = text.replace(MARKS, '').trim().replace(/\s+/g, ' ');
  if (!AMOUNT.test(bare)) return null;
  const cents = /[.,]\d{2}$/.test(bare);
  const digits = Number(bare.replace(/[^\d]/g, ''));
  const minor = cents ? digits : digits * 100;
  if (!Number.isSafeInteger(minor)) return null;
  return bare.startsWith('-') ? -minor : minor;
}

/** Reads a quantity, `3` or `1.5` or `1,5`, as a decimal string; null if the text is something else. */
export function parseQuantity(text: string): string | null {
  const bare = text.trim().replace(',', '.');
  return /^\d{1,6}(?:\.\d{1,3})?$/.test(bare) ? bare : null;
}

/** `quantity` times `unitPriceMinor` in minor units, rounded half up, in integers. */
export function multiply(quantity: string, unitPriceMinor: number): number {
  const [whole = '0', fraction = ''] = quantity.split('.');
  const scale = 10n ** BigInt(fraction.length);
  return Number((2n * BigInt(whole + fraction) * BigInt(unitPriceMinor) + scale) / (2n * scale));
}

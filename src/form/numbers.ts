import { type Document, type ParsedNode, visit } from 'yaml';

/**
 * Throws for a number of a YAML document that became another one when it was read, or that JSON has none for: only
 * JSON's own text keeps more digits than a double has.
 */
export function checkNumbers(document: Document.Parsed<ParsedNode>): void {
  visit(document, {
    Scalar(_key, { value, source }) {
      if (typeof value !== 'number' || source === undefined || isKept(value, source)) return;
      throw new Error(`the number ${source} would become ${value}: write it in quotes, or the file as JSON`);
    },
  });
}

function isKept(value: number, source: string): boolean {
  if (!Number.isFinite(value)) return false;
  // Hexadecimal and octal ones are whole, and exact as long as all whole numbers of their size are.
  if (/^[-+]?0[xo]/i.test(source)) return Number.isSafeInteger(value);
  return decimalOf(source) === decimalOf(String(value));
}

/** Sign, digits without zeros at either end, and the power of ten behind them: the same for equal decimals. */
function decimalOf(text: string): string {
  const [, sign = '', whole = '', part = '', exponent = '0'] =
    /^([-+]?)(\d*)\.?(\d*)(?:e([-+]?\d+))?$/i.exec(text) ?? [];
  const digits = `${whole}${part}`.replace(/^0+/, '');
  const kept = digits.replace(/0+$/, '');
  if (kept === '') return '0';
  const power = Number(exponent) - part.length + digits.length - kept.length;
  return `${sign === '-' ? '-' : ''}${kept}e${power}`;
}

/**
 * Numbers of valid JSON text by their exact decimal value, never as doubles: 0.1, 1e-1 and 100e-3 are equal, 2^53 and
 * 2^53 + 1 are not. Work is linear in the length of the text, whatever the exponents, and nothing grows with them.
 */
import { type Span, typeAt } from './span.js';

/**
 * Beyond this an exponent, or the difference of two, decides alone: no position of a digit in a text (below 2^32) can
 * make up for it. Far below 2^53, so that sums with positions stay exact.
 */
const EXPONENT_DECIDES = 0x100_0000_0000;

/** Decimal digits of the largest safe integer, 9007199254740991. */
const SAFE_DIGITS = 16;

/** A number taken apart: its value is +-0.d1d2d3… * 10^(exponent + point), d1 not 0, nor the last digit. */
export type Decimal = {
  readonly bytes: Uint8Array;
  /** -1, 0 (zero, also -0) or 1. */
  readonly sign: number;
  /** Offset of the first digit that is not 0, and the end of the last one that is not. */
  readonly first: number;
  readonly digitsEnd: number;
  /** Where the decimal point is, counted in digits from `first`. */
  readonly point: number;
  /** Sign of the exponent, and its digits without leading zeros; empty for none. */
  readonly exponentSign: number;
  readonly exponentFirst: number;
  readonly exponentEnd: number;
};

/** Takes a number apart; linear in its length, and all that is done with it then is not. */
export function decimalOf(bytes: Uint8Array, span: Span): Decimal {
  const end = span.end;
  let at = span.start;
  const negative = bytes[at] === 0x2d;
  if (negative) at += 1;
  let first = -1;
  let digitsEnd = at;
  let point = 0;
  let pointSeen = false;
  for (; at < end; at++) {
    const c = bytes[at]!;
    if (c === 0x65 || c === 0x45) break;
    if (c === 0x2e) {
      pointSeen = true;
      continue;
    }
    if (c !== 0x30) {
      if (first < 0) first = at;
      digitsEnd = at + 1;
    }
    // Before the point every digit from the first on moves it right; behind it every zero before the first moves it left.
    if (first >= 0 && !pointSeen) point += 1;
    else if (first < 0 && pointSeen) point -= 1;
  }
  const sign = first < 0 ? 0 : negative ? -1 : 1;
  return { bytes, sign, first, digitsEnd, point, ...exponentPart(bytes, at, end) };
}

/** The exponent of a number whose digits end before `at`, where its e is if it has one. */
function exponentPart(bytes: Uint8Array, at: number, end: number) {
  at += 1;
  const signed = at < end && (bytes[at] === 0x2d || bytes[at] === 0x2b);
  const exponentSign = signed && bytes[at] === 0x2d ? -1 : 1;
  if (signed) at += 1;
  while (at < end && bytes[at] === 0x30) at += 1;
  return { exponentSign, exponentFirst: Math.min(at, end), exponentEnd: end };
}

function exponentDigits(d: Decimal): number {
  return d.exponentEnd - d.exponentFirst;
}

/** Digit of the exponent that stands for 10^power. */
function exponentDigit(d: Decimal, power: number): number {
  const at = d.exponentEnd - 1 - power;
  return at < d.exponentFirst ? 0 : d.bytes[at]! - 0x30;
}

/** Exponent of a minus exponent of b: exact if it is small, else some number beyond EXPONENT_DECIDES on its side. */
function exponentDifference(a: Decimal, b: Decimal): number {
  let difference = 0;
  for (let power = Math.max(exponentDigits(a), exponentDigits(b)) - 1; power >= 0; power--) {
    const digit = a.exponentSign * exponentDigit(a, power) - b.exponentSign * exponentDigit(b, power);
    difference = difference * 10 + digit;
    // Each digit still to come adds at most 18 in size to ten times this, so it cannot come back.
    if (difference > 2 * EXPONENT_DECIDES || difference < -2 * EXPONENT_DECIDES) return difference;
  }
  return difference;
}

/** Order of two numbers by exact value: -1, 0 or 1. -0 equals 0. */
export function compareNumbers(aBytes: Uint8Array, aSpan: Span, bBytes: Uint8Array, bSpan: Span): -1 | 0 | 1 {
  return compareDecimals(decimalOf(aBytes, aSpan), decimalOf(bBytes, bSpan));
}

/** The same of numbers that are taken apart: linear in the length of the shorter one. */
export function compareDecimals(a: Decimal, b: Decimal): -1 | 0 | 1 {
  if (a.sign !== b.sign) return a.sign < b.sign ? -1 : 1;
  if (a.sign === 0) return 0;
  const size = exponentDifference(a, b) + (a.point - b.point);
  const order = size !== 0 ? size : compareDigits(a, b);
  if (order === 0) return 0;
  return order > 0 === a.sign > 0 ? 1 : -1;
}

/** Order of the digits from the first on; where those of one end first, the other one has a digit that is not 0 yet. */
function compareDigits(a: Decimal, b: Decimal): number {
  let aAt = a.first;
  let bAt = b.first;
  while (aAt < a.digitsEnd && bAt < b.digitsEnd) {
    if (a.bytes[aAt] === 0x2e) aAt += 1;
    if (b.bytes[bAt] === 0x2e) bAt += 1;
    const difference = a.bytes[aAt]! - b.bytes[bAt]!;
    if (difference !== 0) return difference;
    aAt += 1;
    bAt += 1;
  }
  return Number(aAt < a.digitsEnd) - Number(bAt < b.digitsEnd);
}

/** The exponent itself: exact if it is small, else some number beyond EXPONENT_DECIDES on its side. */
function exponentOf(d: Decimal): number {
  let exponent = 0;
  for (let power = exponentDigits(d) - 1; power >= 0; power--) {
    exponent = exponent * 10 + exponentDigit(d, power);
    if (exponent > EXPONENT_DECIDES) break;
  }
  return d.exponentSign * exponent;
}

/**
 * The value as a safe integer (-(2^53 - 1) to 2^53 - 1), or null if it is not exactly one or no number. 3, 3.0, 3e0
 * and 30e-1 are 3; -0 is 0.
 */
export function integer(bytes: Uint8Array, span: Span): number | null {
  return typeAt(bytes, span.start) === 'number' ? integerOf(decimalOf(bytes, span)) : null;
}

/** The same of a number that is taken apart. */
export function integerOf(d: Decimal): number | null {
  if (d.sign === 0) return 0;
  const digits = exponentOf(d) + d.point;
  if (digits < 1 || digits > SAFE_DIGITS) return null;
  let value = 0;
  let taken = 0;
  for (let at = d.first; at < d.digitsEnd; at++) {
    if (d.bytes[at] === 0x2e) continue;
    // The last digit is not 0: where there are more, it is no integer.
    if (taken === digits) return null;
    taken += 1;
    value = value * 10 + (d.bytes[at]! - 0x30);
    if (value > Number.MAX_SAFE_INTEGER) return null;
  }
  for (; taken < digits; taken++) value *= 10;
  return value > Number.MAX_SAFE_INTEGER ? null : d.sign * value;
}

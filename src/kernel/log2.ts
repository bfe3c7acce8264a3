/** 2^20 times 2^(k / 16), rounded, for k from 0 to 15. */
const SIXTEENTHS = [
  1048576, 1095001, 1143480, 1194106, 1246974, 1302182, 1359834, 1420039, 1482910, 1548564, 1617125, 1688721, 1763487,
  1841563, 1923096, 2008239,
] as const;

/** Floor of 16 log2(n) for n from 1 on, by a table; n above 2^31 counts as that, and 0 as 1. */
export function log2Sixteenths(n: number): number {
  const whole = Math.min(2 ** 31, Math.max(1, n));
  const power = 31 - Math.clz32(whole);
  const mantissa = power <= 20 ? whole << (20 - power) : whole >>> (power - 20);
  let part = 0;
  for (let half = 8; half > 0; half >>= 1) if (mantissa >= SIXTEENTHS[part + half]!) part += half;
  return power * 16 + part;
}

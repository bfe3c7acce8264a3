/** The order of names in the catalogue: by their UTF-8 bytes, which is the order of their code points. */

const SURROGATE = 0xd800;

/** Compares two named things. */
export function byUtf8(a: { readonly name: string }, b: { readonly name: string }): number {
  return compareUtf8(a.name, b.name);
}

/** Compares two strings as their UTF-8 bytes compare. Code units do so too, but for surrogates. */
export function compareUtf8(a: string, b: string): number {
  const shorter = Math.min(a.length, b.length);
  for (let i = 0; i < shorter; i++) {
    const x = a.charCodeAt(i);
    const y = b.charCodeAt(i);
    if (x === y) continue;
    if (x >= SURROGATE && y >= SURROGATE) return rankOf(x) - rankOf(y);
    return x - y;
  }
  return a.length - b.length;
}

/** Surrogates stand for code points above U+FFFF, so they come after every other code unit. */
function rankOf(unit: number): number {
  return unit >= 0xe000 ? unit - 0x800 : unit + 0x2000;
}

/** Bytes of which somebody counts how many are read. */
export function countingBytes(own: Uint8Array): { readonly bytes: Uint8Array; readonly reads: () => number } {
  let reads = 0;
  const bytes = new Proxy(own, {
    get(target, property) {
      if (typeof property === 'string' && /^[0-9]/.test(property)) reads += 1;
      const value: unknown = Reflect.get(target, property, target);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
  return { bytes, reads: () => reads };
}

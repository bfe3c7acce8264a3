/** An object each of whose methods is that of what `target` gives at the moment of the call. */
export function forward<T extends object>(target: () => T): T {
  return new Proxy({} as T, {
    get(_object, name) {
      return (...args: unknown[]): unknown => {
        const current = target();
        const method = current[name as keyof T] as (...given: unknown[]) => unknown;
        return method.apply(current, args);
      };
    },
  });
}

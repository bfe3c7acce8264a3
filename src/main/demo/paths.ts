import { relative, sep } from 'node:path';

/** A path as short as it can be named from where the command was called. */
export function shortPath(path: string): string {
  const short = relative('', path);
  return short === '' || short.startsWith(`..${sep}`) ? path : short;
}

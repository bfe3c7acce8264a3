/** A name, and a value that any proxy takes (RFC 9110). */
const HEADER = /^([\w!#$%&'*+.^`|~-]+):[ \t]*([ -~\t]+)$/;

/**
 * What `MARIE_HEADERS` adds to every request, a line `Name: value` for each header: credentials for a proxy in front of the
 * fabric. Read for each request, as a program may renew them. Throws a TypeError, which shows none of it.
 */
export function headersOfEnvironment(): Readonly<Record<string, string>> {
  const lines = (process.env['MARIE_HEADERS'] ?? '').split('\n').map((line) => line.trim());
  return Object.fromEntries(lines.filter((line) => line !== '').map(headerOf));
}

function headerOf(line: string): [string, string] {
  const [, name, value] = HEADER.exec(line) ?? [];
  if (name !== undefined && value !== undefined) return [name.toLowerCase(), value];
  throw new TypeError('MARIE_HEADERS has a line that is no header, `Name: value`');
}

/** Commands as people type them. */

/** What no shell takes for anything but itself. */
const PLAIN = /^[\w%+./:=@,-]+$/;

/** A command with values quoted where the shell would take them for something else: `` sh`marie get ${id}` ``. */
export function sh(words: TemplateStringsArray, ...values: readonly string[]): string {
  return String.raw({ raw: words }, ...values.map(quoted));
}

/** Within single quotes nothing has a meaning but their end, which therefore stands outside. */
function quoted(value: string): string {
  return PLAIN.test(value) ? value : `'${value.replaceAll("'", String.raw`'\''`)}'`;
}

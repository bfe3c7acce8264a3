import { ExecutorCode, JobError } from './errors.js';

/**
 * An output as JSON text; none at all is null, and a field without a value is none. Throws a JobError for whatever else
 * has no JSON: JavaScript would write null or {} in its place, or leave it out, and nobody would hear of it.
 */
export function outputJson(output: unknown): string {
  // What is being written, and everything around it, with the keys that lead to each.
  const around: { readonly value: unknown; readonly key: string }[] = [];
  return (
    JSON.stringify(output, function (this: unknown, key: string, value: unknown) {
      while (around.length > 0 && around.at(-1)!.value !== this) around.pop();
      const own = (this as Readonly<Record<string, unknown>>)[key];
      const what = isInvalidDate(own) ? 'an invalid Date' : nameOfOther(value, Array.isArray(this));
      if (what !== null) throw notJson(what, [...around.slice(1).map((one) => one.key), key]);
      if (typeof value === 'object' && value !== null) around.push({ value, key });
      return value;
    }) ?? 'null'
  );
}

/** What an object with these tags has in it is all that there is of it. */
const WRITTEN_WHOLE: ReadonlySet<string> = new Set(['Object', 'Array', 'Number', 'String', 'Boolean']);

/**
 * The tag of an object of which JavaScript writes nothing, whatever is in it: a Map that is to be sent, a value that nobody
 * has awaited. An Error may have fields, and is written without its message all the same.
 */
function tagOfUnwritten(value: object): string | null {
  const tag = Object.prototype.toString.call(value).slice('[object '.length, -1);
  if (WRITTEN_WHOLE.has(tag) || ArrayBuffer.isView(value)) return null;
  return tag === 'Error' || Object.keys(value).length === 0 ? tag : null;
}

/** It writes itself as null, so it is seen before that. */
function isInvalidDate(value: unknown): boolean {
  return value instanceof Date && Number.isNaN(value.getTime());
}

/** What a value is that JSON has none for; null for all others. */
function nameOfOther(value: unknown, isElement: boolean): string | null {
  switch (typeof value) {
    case 'number':
      return Number.isFinite(value) ? null : String(value);
    case 'undefined':
      return isElement ? 'undefined' : null;
    case 'function':
    case 'symbol':
      return `a ${typeof value}`;
    case 'bigint':
      return 'a BigInt';
    case 'object': {
      const tag = value === null ? null : tagOfUnwritten(value);
      return tag === null ? null : `${/^[AEIOU]/.test(tag) ? 'an' : 'a'} ${tag}`;
    }
    default:
      return null;
  }
}

function notJson(what: string, keys: readonly string[]): JobError {
  const pointer = keys.map((key) => `/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
  const where = pointer === '/' ? '' : ` at ${pointer}`;
  return new JobError(ExecutorCode.OutputNotJson, `${what}${where} is no JSON`, { retryable: false });
}

/**
 * Ids of jobs for the keys by which nodes name each other, and names of classes for their kinds: most are the same, some a
 * submission may not have.
 */
import { MAX_NAME_LENGTH } from '../kernel/limits.js';
import { firstOf, lastOf, wellFormed } from './cut.js';

/** Room for the number behind an id that is taken: there are no more jobs than it has digits for. */
const NUMBER_LENGTH = 8;

/** Renamed jobs or kinds that are named; a person reads no more. */
const NAMED = 3;

/** The id of each key. A key that may be an id is one, whatever else becomes of others: only these are numbered. */
export function jobIds(keys: readonly string[]): ReadonlyMap<string, string> {
  const plains = keys.map(idOf);
  const taken = new Set(plains.filter((plain, index) => plain === keys[index]));
  /** The number that is tried next behind the beginning of an id that is taken: those below it are taken, too. */
  const next = new Map<string, number>();
  return new Map(
    keys.map((key, index) => {
      const plain = plains[index]!;
      if (plain === key) return [key, key];
      const id = taken.has(plain) ? numbered(plain, taken, next) : plain;
      taken.add(id);
      return [key, id];
    }),
  );
}

/** An id that is not taken, with the first number behind it that gives one. */
function numbered(plain: string, taken: ReadonlySet<string>, next: Map<string, number>): string {
  const stem = firstOf(plain, MAX_NAME_LENGTH - NUMBER_LENGTH);
  let n = next.get(stem) ?? 2;
  while (taken.has(`${stem}-${n}`)) n++;
  next.set(stem, n + 1);
  return `${stem}-${n}`;
}

/** A key with what no id may hold replaced; of a long one its end, which is where numbers stand. */
function idOf(key: string): string {
  const plain = key.replaceAll(/[[\]/]/g, '-').replaceAll('\0', '-');
  return lastOf(plain, MAX_NAME_LENGTH);
}

/** The name that a class may have for what a kind of jobs is called; several kinds may come to the same. */
export function classNameOf(kind: string): string {
  return wellFormed(kind).replaceAll('\0', '-');
}

/** Which jobs have another id than their nodes, as a sentence; null: none has. */
export function renamedText(ids: ReadonlyMap<string, string>): string | null {
  return textOf(ids, 'jobs have another id');
}

/** Which kinds have a class that is not called like them, as a sentence; null: none has. */
export function renamedClassesText(classes: ReadonlyMap<string, string>): string | null {
  return textOf(classes, 'kinds have a class of another name');
}

function textOf(names: ReadonlyMap<string, string>, what: string): string | null {
  const renamed = [...names].filter(([before, name]) => before !== name);
  if (renamed.length === 0) return null;
  const named = renamed.slice(0, NAMED).map(([before, name]) => `${JSON.stringify(before)} is ${JSON.stringify(name)}`);
  const more = renamed.length > NAMED ? ` and ${renamed.length - NAMED} more` : '';
  return `${renamed.length} of ${names.size} ${what}, for theirs may be none here: ${named.join(', ')}${more}`;
}

import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type ParseResult, parseSync } from 'oxc-parser';

/** The project's folder. */
export const root = fileURLToPath(new URL('../..', import.meta.url));

/** What isn't ours or isn't written by hand. */
const LEFT_OUT = new Set(['.git', '.marie', 'coverage', 'dist', 'node_modules']);

const BINARY = /\.(pdf|png|jpe?g|gif|gz|avro|bin|ttf|woff2?|traineddata|journal|seg)$/;

/** One text file of the project; `path` is relative to the project's folder, with forward slashes. */
export interface Source {
  readonly path: string;
  readonly text: string;
}

/** Something that a check found: `path:line: what is wrong`. */
export type Finding = string;

/** Every text file of the project, sorted by path. */
export function allSources(): Source[] {
  const sources: Source[] = [];
  const visit = (folder: string): void => {
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      const full = join(folder, entry.name);
      if (entry.isDirectory() && !LEFT_OUT.has(entry.name)) visit(full);
      if (!entry.isFile() || BINARY.test(entry.name) || entry.name.endsWith('.tsbuildinfo')) continue;
      const path = relative(root, full).replaceAll('\\', '/');
      const text = readFileSync(full, 'utf8');
      if (!path.startsWith('replay/corpus/') && !text.includes('\0')) sources.push({ path, text });
    }
  };
  visit(root);
  return sources.sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** Is this a TypeScript file that people write by hand? */
export function isCode({ path }: Source): boolean {
  return path.endsWith('.ts') && !/^src\/(catalogue|kernel)\/generated\//.test(path);
}

/** Does the file belong to the program, as opposed to its tests? */
export function isProgram(source: Source): boolean {
  return isCode(source) && !source.path.startsWith('test/');
}

/** Line number, from 1, of a character position. */
export function lineAt(text: string, position: number): number {
  return text.slice(0, position).split('\n').length;
}

const parsed = new WeakMap<Source, ParseResult>();

/** Parses a file once; a file that doesn't parse is an error here, and the compiler says more. */
export function parse(source: Source): ParseResult {
  let result = parsed.get(source);
  if (result === undefined) {
    result = parseSync(source.path, source.text, { preserveParens: false });
    const [error] = result.errors;
    if (error !== undefined) throw new Error(`${source.path}: ${error.message}`);
    parsed.set(source, result);
  }
  return result;
}

/** A finding at a character position of a file. */
export function at(source: Source, position: number, message: string): Finding {
  return `${source.path}:${lineAt(source.text, position)}: ${message}`;
}

/** The findings of a regular expression, one for each match. */
export function matches(source: Source, pattern: RegExp, message: (match: string) => string): Finding[] {
  return Array.from(source.text.matchAll(pattern), (match) => at(source, match.index, message(match[0])));
}

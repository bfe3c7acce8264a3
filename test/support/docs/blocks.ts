import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The project's folder. */
export const project = fileURLToPath(new URL('../../..', import.meta.url));

/** A block of code of a page. What the tests do with it follows from its language and attributes: `kinds.ts`. */
export interface Block {
  /** `docs/tutorial.md:17`. */
  readonly place: string;
  /** The first word after the fence; null for an indented block. */
  readonly language: string | null;
  /** What follows it: `file=hello.ts`, `not-run="needs root"`. */
  readonly attributes: ReadonlyMap<string, string>;
  readonly text: string;
}

/** README.md and every page below docs/, relative to the project's folder. */
export function allPages(): readonly string[] {
  const docs = readdirSync(join(project, 'docs'), { recursive: true, encoding: 'utf8' });
  const pages = docs.filter((path) => path.endsWith('.md')).map((path) => `docs/${path.replaceAll('\\', '/')}`);
  return ['README.md', ...pages.sort()];
}

/** The blocks of a page of this clone, or of the one in `root`. */
export function readPage(page: string, root = project): readonly Block[] {
  return blocksOf(page, readFileSync(join(root, page), 'utf8'));
}

const FENCE = /^(\s*)(```+)\s*(\S*)(.*)$/;

/** The blocks of a page in their order, fenced and indented ones. */
export function blocksOf(page: string, markdown: string): readonly Block[] {
  const lines = markdown.split('\n');
  const blocks: Block[] = [];
  for (let i = 0; i < lines.length; i += 1) {
    const line = lines[i] ?? '';
    const fence = FENCE.exec(line);
    const indented = fence === null && isCode(line) && (lines[i - 1] ?? '').trim() === '' && !inList(lines, i);
    if (fence === null && !indented) continue;
    const [, margin = '', ticks = '', language = '', rest = ''] = fence ?? [];
    const begin = fence === null ? i : i + 1;
    let end = begin;
    const goesOn = (at: string): boolean => (fence === null ? isCode(at) || at === '' : at.trim() !== ticks);
    while (end < lines.length && goesOn(lines[end] ?? '')) end += 1;
    const text = lines.slice(begin, end).map((at) => at.slice(fence === null ? 4 : margin.length));
    const attributes = attributesOf(rest);
    const found = fence === null ? null : language;
    blocks.push({ place: `${page}:${i + 1}`, language: found, attributes, text: `${text.join('\n').trimEnd()}\n` });
    i = fence === null ? end - 1 : end;
  }
  return blocks;
}

function isCode(line: string): boolean {
  return line.startsWith('    ') && line.trim() !== '';
}

/** Whether an indented line goes on with a list: the nearest line to the left of it is an item. */
function inList(lines: readonly string[], at: number): boolean {
  for (let i = at - 1; i >= 0; i -= 1) {
    const line = lines[i] ?? '';
    if (line.trim() === '' || isCode(line)) continue;
    return /^\s*([-*]|\d+\.)\s/.test(line) || /^\s{2,3}\S/.test(line);
  }
  return false;
}

function attributesOf(text: string): ReadonlyMap<string, string> {
  const all = text.matchAll(/([a-z-]+)(?:=(?:"([^"]*)"|(\S+)))?/g);
  return new Map(Array.from(all, ([, name = '', quoted, plain]) => [name, quoted ?? plain ?? '']));
}

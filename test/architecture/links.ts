import { existsSync } from 'node:fs';
import { join, posix } from 'node:path';
import { at, type Finding, root, type Source } from './source.js';

/** Relative links of Markdown files that lead nowhere: a missing file, or a missing heading in a Markdown file. */
export function brokenLinks(source: Source, sources: readonly Source[]): Finding[] {
  if (!source.path.endsWith('.md')) return [];
  const text = source.text.replace(/```[\s\S]*?```/g, (code) => code.replace(/[^\n]/g, ' '));
  const findings: Finding[] = [];
  for (const match of text.matchAll(/\]\(([^)\s]+)\)/g)) {
    const link = match[1] ?? '';
    if (/^[a-z]+:/.test(link)) continue; // another site
    const [file = '', anchor] = link.split('#');
    const path = file === '' ? source.path : posix.join(posix.dirname(source.path), file);
    if (path !== source.path && !existsSync(join(root, path))) {
      findings.push(at(source, match.index, `${link} leads to no file`));
      continue;
    }
    const target = sources.find((other) => other.path === path);
    if (anchor !== undefined && target !== undefined && !headings(target.text).has(anchor)) {
      findings.push(at(source, match.index, `${link} leads to no heading`));
    }
  }
  return findings;
}

function headings(markdown: string): Set<string> {
  const slugs = Array.from(markdown.matchAll(/^#+ +(.+)$/gm), ([, title = '']) =>
    title
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .trim()
      .replaceAll(' ', '-'),
  );
  return new Set(slugs);
}

/** A command of a console block, or Ctrl-C, and what the page says that comes out. */
export interface Line {
  /** Null for Ctrl-C; empty for what a command that is still running goes on to say. */
  readonly command: string | null;
  readonly expected: readonly string[];
}

/** What a console block tells, in its order. A line that ends with \ goes on with the next one. */
export function linesOf(text: string): readonly Line[] {
  const found: { command: string | null; expected: string[] }[] = [];
  let goesOn = false;
  for (const line of text.split('\n')) {
    const last = found.at(-1);
    if (goesOn && last !== undefined) last.command += `\n${line}`;
    else if (line === '^C') found.push({ command: null, expected: [] });
    else if (line.startsWith('$ ')) found.push({ command: line.slice(2), expected: [] });
    else if (line.trim() !== '') {
      if (last === undefined) found.push({ command: '', expected: ['…', line] });
      else last.expected.push(line);
    }
    goesOn = (goesOn || line.startsWith('$ ')) && line.endsWith('\\');
  }
  return found;
}

/** A line of the page that stands for any number of lines. */
const ANYTHING = /^\s*…\s*$/;

/**
 * What changes from run to run: a span of time, a time of day, a long or broken number, a hash, what … stands for. All
 * else must come out as it is written, but for the width of spaces.
 */
const VARYING = new RegExp(
  [
    '(?<any>…)',
    '(?<space>\\s+)',
    '(?<span>\\d[\\d,.]*\\s(?:ms|s|min|h)\\b(?:\\s\\d+\\s(?:s|min)\\b)?)',
    '(?<hash>\\b(?=[0-9a-f]*[0-9])(?=[0-9a-f]*[a-f])[0-9a-f]{8,}\\b)',
    '(?<time>\\d{1,4}(?:[-:]\\d\\d)+(?:\\.\\d+)?)',
    '(?<number>\\d{1,3}(?:,\\d{3})+(?:\\.\\d+)?|\\d{4,}(?:\\.\\d+)?|\\d+\\.\\d+(?![.\\d]))',
  ].join('|'),
  'g',
);

const PATTERNS: Readonly<Record<string, string>> = {
  any: '.*?',
  space: '\\s+',
  span: '\\d[\\d,.]*\\s(?:ms|s|min|h)\\b(?:\\s\\d+\\s(?:s|min)\\b)?',
  hash: '([0-9a-f]+)',
  time: '[-:\\d.]+',
  number: '([\\d,.]*\\d)',
};

interface Expectation {
  readonly pattern: RegExp;
  /** What the page has where the pattern has groups. */
  readonly written: readonly string[];
}

function expectationOf(line: string): Expectation {
  const written: string[] = [];
  let pattern = '';
  let at = 0;
  const text = line.trim();
  for (const match of text.matchAll(VARYING)) {
    const [kind = ''] = Object.entries(match.groups ?? {}).find(([, value]) => value !== undefined) ?? [];
    const word = PATTERNS[kind] ?? '';
    if (word.startsWith('(')) written.push(match[0]);
    pattern += escaped(text.slice(at, match.index)) + word;
    at = match.index + match[0].length;
  }
  return { pattern: new RegExp(`^\\s*${pattern}${escaped(text.slice(at))}\\s*$`), written };
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}

/** What was compared: the first line of the page that did not come out, and what stands for what is written there. */
export interface Compared {
  readonly missing: string | null;
  /** Lines that came out and that the page doesn't have. */
  readonly beyond: readonly string[];
  readonly meant: ReadonlyMap<string, string>;
}

/** Compares what came out with what a page says. */
export function compare(expected: readonly string[], said: readonly string[]): Compared {
  const meant = new Map<string, string>();
  const lines = said.filter((line) => line.trim() !== '');
  let at = 0;
  let isOpen = false;
  for (const line of expected) {
    if (ANYTHING.test(line)) {
      isOpen = true;
      continue;
    }
    const { pattern, written } = expectationOf(line);
    const last = isOpen ? lines.length : at + 1;
    while (at < last && !pattern.test(lines[at] ?? '')) at += 1;
    const match = at < last ? pattern.exec(lines[at] ?? '') : null;
    if (match === null) return { missing: line, beyond: [], meant };
    for (const [i, word] of written.entries()) meant.set(word, match[i + 1] ?? word);
    at += 1;
    isOpen = false;
  }
  return { missing: null, beyond: isOpen || expected.length === 0 ? [] : lines.slice(at), meant };
}

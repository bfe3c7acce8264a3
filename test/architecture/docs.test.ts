/** What stands in README.md and docs/ is of a kind that the tests know (`test/support/docs/kinds.ts`). */
import { readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { allPages, type Block, blocksOf, project, readPage } from '../support/docs/blocks.js';
import { isPlayed, problemOf } from '../support/docs/kinds.js';
import { compare, linesOf } from '../support/docs/transcript.js';

/** Blocks that no test can run. Each one more is a decision: it needs what neither a test nor CI has. */
const NOT_RUN = 3;

const pages = allPages();
const blocks = pages.flatMap((page) => readPage(page));

describe('the blocks of the documents', () => {
  it('are all of a known kind, and parse', () => {
    const problems = blocks.map((block) => [block.place, problemOf(block)]).filter(([, problem]) => problem !== null);
    expect(problems).toEqual([]);
  });

  it('stand on pages that a reader can find', () => {
    const folders = new Map<string, string[]>();
    for (const page of pages) folders.set(dirname(page), [...(folders.get(dirname(page)) ?? []), basename(page)]);
    for (const [folder, names] of folders) {
      const index = readFileSync(join(project, folder, 'README.md'), 'utf8');
      expect([folder, names.filter((name) => name !== 'README.md' && !index.includes(`](${name})`))]).toEqual([
        folder,
        [],
      ]);
    }
  });

  it(`are run but for ${NOT_RUN}, which say why not`, () => {
    const notRun = blocks.filter(({ attributes }) => attributes.has('not-run'));
    expect(notRun.map(({ place, attributes }) => `${place}: ${attributes.get('not-run')}`)).toHaveLength(NOT_RUN);
  });
});

describe('a block', () => {
  const one = (markdown: string): Block => blocksOf('a.md', markdown)[0] as Block;

  it('is fenced or indented, with its attributes', () => {
    expect(one('x\n```ts file=a.ts terminal="two words"\nlet a;\n```\n')).toEqual({
      place: 'a.md:2',
      language: 'ts',
      attributes: new Map([
        ['file', 'a.ts'],
        ['terminal', 'two words'],
      ]),
      text: 'let a;\n',
    });
    expect(one('x\n\n    a\n\n      b\ny')).toMatchObject({ language: null, text: 'a\n\n  b\n' });
    expect(blocksOf('a.md', '- an item\n\n      goes on\n')).toEqual([]);
  });

  it.each([
    ['```sh\nls\n```', 'unknown language "sh"'],
    ['```console fil=a\n$ ls\n```', 'unknown attribute "fil"'],
    ['```console not-run="no"\n$ ls\n```', 'not-run says no reason'],
    ['```console tested-by=test/no.test.ts\n$ ls\n```', 'there is no test test/no.test.ts'],
    ['```console\nls\n```', 'has no command: make it a text block'],
    ['```text\n$ ls\n```', 'has a command that no test calls: make it a console block'],
    ['x\n\n    npm start\n', 'has a command that no test calls: make it a console block'],
    ['```json\n{\n```', 'JSON'],
    ['```yaml\na: [\n```', 'Flow sequence'],
    ['```python\ndef\n```', 'invalid syntax'],
  ])('that is wrong is found: %j', (markdown, problem) => {
    expect(problemOf(one(markdown))).toContain(problem);
  });

  it('is played only if nothing says otherwise', () => {
    expect(isPlayed(one('```console\n$ ls\n```'))).toBe(true);
    expect(isPlayed(one('```console not-run="needs a broker"\n$ ls\n```'))).toBe(false);
  });
});

describe('what comes out of a command', () => {
  it('is read from a console block', () => {
    expect(linesOf('$ a \\\n  b\nout\n\n^C\n$ c\n')).toEqual([
      { command: 'a \\\n  b', expected: ['out'] },
      { command: null, expected: [] },
      { command: 'c', expected: [] },
    ]);
    expect(linesOf('goes on\n')).toEqual([{ command: '', expected: ['…', 'goes on'] }]);
  });

  it.each([
    ['in 9.57 s, or 1 min 3 s', 'in 813 ms, or 4.2 s'],
    ['at 2026-11-24 16:03:17.887 (89 %)', 'at 2026-11-25 01:59:00.001 (89 %)'],
    ['state cbb3d681079f of 22450, 2,334 events/s', 'state 0123456789ab of 7, 12 events/s'],
    ['mixed-…  done', 'mixed-abc done'],
  ])('%s may be %s', (written, said) => {
    expect(compare([written], [said])).toMatchObject({ missing: null, beyond: [] });
  });

  it.each([
    ['12 pages', '13 pages'],
    ['succeeded', 'failed'],
    ['turn 3', 'turn 3 and more'],
  ])('%s may not be %s', (written, said) => {
    expect(compare([written], [said]).missing).toBe(written);
  });

  it('may leave out lines only where … stands', () => {
    expect(compare(['a', '…', 'c'], ['a', 'b', 'b', 'c']).missing).toBeNull();
    expect(compare(['a', 'c'], ['a', 'b', 'c']).missing).toBe('c');
    expect(compare(['a'], ['a', 'b']).beyond).toEqual(['b']);
    expect(compare(['a', '…'], ['a', 'b']).beyond).toEqual([]);
    expect(compare([], ['a']).beyond).toEqual([]);
  });

  it('tells what stands for what the page has', () => {
    expect([...compare(['pid 22450'], ['pid 1234']).meant]).toEqual([['22450', '1234']]);
  });
});

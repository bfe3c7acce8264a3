import { describe, expect, it } from 'vitest';
import { problemText } from '../../src/form/form-error.js';
import { FormFile } from '../../src/form/form-file.js';

const YAML = `# what it is about
classes:
  ocr: { slots: 4 }
  llm:
    slots: 1
load:
  - rate: 3
  - rate: 4
    jobs: [a,
      b]
`;

const lineOf = (text: string, path: string) => new FormFile(text).located({ path, detail: '' }).line;

describe('a file that people write', () => {
  it.each([
    ['classes.ocr.slots', 3],
    ['classes.llm.slots', 5],
    ['load.1.rate', 8],
    ['load.1.jobs.1', 10],
  ])('knows the line of %s', (path, line) => expect(lineOf(YAML, path)).toBe(line));

  it.each([
    ['classes.llm.slotz', 5],
    ['load.1.jobs.7', 9],
    ['load.2', 7],
  ])('knows the line of what is around %s, which is not there', (path, line) => expect(lineOf(YAML, path)).toBe(line));

  it('has no line for what has nothing around it', () => {
    expect(lineOf(YAML, 'goal')).toBeUndefined();
    expect(lineOf(YAML, '')).toBeUndefined();
    expect(lineOf('', 'goal')).toBeUndefined();
  });

  it('may be JSON', () => {
    expect(lineOf('{\n  "port": 1,\n  "log": { "level": 2 }\n}', 'log.level')).toBe(3);
    expect(new FormFile('{"port": 1}').value).toEqual({ port: 1 });
  });

  it.each([
    ['a: [', /line 1, column 5/],
    ['a: 1\na: 2', /unique.* line 2/],
    ['a: *b', /alias/],
    ['&a [*a]', /^the alias \*a stands within what it names, at line 1, column 5$/],
    ['x: &a { y: 1 }\nb: &a\n  - *a\n', /^the alias \*a stands within what it names, at line 3, column 5$/],
    ['a: 1\n---\nb: 2\n', /^it holds several documents, the second from line 2 on, and only one is read$/],
    ['a: 1\nb:\n  __proto__: { c: 1 }\n', /^nothing can be named __proto__ here, as at line 3, column 3$/],
    ['['.repeat(20_000), /^it is nested too deeply: at most 200 levels are read$/],
    [`${'- '.repeat(201)}x`, /nested too deeply/],
    [`${'{a: '.repeat(201)}x${'}'.repeat(201)}`, /nested too deeply/],
  ])('is refused as %j', (text, words) => expect(() => new FormFile(text)).toThrow(words));
});

it('an alias may stand for what is before it', () => {
  expect(new FormFile('a: &a [1]\nb: &b [*a, *a]\nc: *b\n').value).toEqual({ a: [1], b: [[1], [1]], c: [[1], [1]] });
});

it.each([`${'- '.repeat(200)}x`, `${'['.repeat(200)}${']'.repeat(200)}`])('200 levels are read', (text) => {
  expect(new FormFile(text).value).toBeInstanceOf(Array);
});

describe('a problem', () => {
  it.each([
    [{ path: 'a.b', detail: 'missing', line: 2 }, 'line 2, a.b: missing'],
    [{ path: 'a.b', detail: 'missing' }, 'a.b: missing'],
    [{ path: '', detail: 'missing', line: 2 }, 'line 2: missing'],
    [{ path: '', detail: 'missing' }, 'missing'],
  ])('is told with what is known of its place: %j', (problem, text) => expect(problemText(problem)).toBe(text));
});

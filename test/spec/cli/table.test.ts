import { describe, expect, it } from 'vitest';
import { type Io, openIo } from '../../../src/cli/terminal/io.js';
import { wrapped } from '../../../src/cli/text/format.js';
import { type Cell, type Column, tableText } from '../../../src/cli/text/table.js';
import { fitted, padded, widthOf } from '../../../src/cli/text/width.js';

const COLUMNS: readonly Column[] = [
  { title: 'job' },
  { title: 'class', spare: 2 },
  { title: 'risk', spare: 3 },
  { title: 'priority', right: true, spare: 1 },
  { title: 'ran' },
  { title: 'why', wraps: true },
];
const ROWS: readonly (readonly Cell[])[] = [
  [
    'split',
    'splitter',
    '',
    '7',
    { wide: '1.20 s (longest 3.40 s)', narrow: '1.20 s' },
    'it comes after ann, bob, cleo',
  ],
];

const terminal = (columns: number): Io => ({ ...openIo({}), isTerminal: true, columns });
const drawn = (columns: number) => tableText(terminal(columns), COLUMNS, ROWS).split('\n');

describe('a table', () => {
  it('has the width that it needs in a pipe, however narrow the terminal of stderr is', () => {
    const io = { ...openIo({}), isTerminal: false, columns: 20 };
    expect(tableText(io, COLUMNS, ROWS).split('\n')).toEqual([
      'job    class     risk  priority  ran                      why',
      'split  splitter               7  1.20 s (longest 3.40 s)  it comes after ann, bob, cleo',
    ]);
  });

  it('counts what takes two columns, and none: it has room, and its columns stand below each other', () => {
    const rows = [['請求書のスキャン', '✅', '', '7', '1 s', 'it comes after 頁, e\u0301']];
    const lines = tableText(terminal(52), COLUMNS, rows).split('\n');
    expect(lines.every((line) => widthOf(line) <= 52)).toBe(true);
    const [head = '', row = ''] = lines;
    expect(widthOf(row.slice(0, row.indexOf('it comes')))).toBe(head.indexOf('why'));
    expect([widthOf('請求書'), widthOf('✅'), widthOf('e\u0301'), widthOf('\u001b[31mab\u001b[39m')]).toEqual([
      6, 2, 1, 2,
    ]);
    expect([fitted('請求書', 6), fitted('請求書', 5), padded('請', 4)]).toEqual(['請求書', '請求…', '請  ']);
  });

  it('says less in its cells where a terminal is too narrow, then wraps words', () => {
    expect(drawn(70)).toEqual([
      'job    class     risk  priority  ran     why',
      'split  splitter               7  1.20 s  it comes after ann, bob, cleo',
    ]);
    expect(drawn(60)).toEqual([
      'job    class     risk  priority  ran     why',
      'split  splitter               7  1.20 s  it comes after ann,',
      '                                         bob, cleo',
    ]);
  });

  it('leaves out what is empty, then what is spare, and names what it left out', () => {
    expect(drawn(55)).toEqual([
      'job    class     priority  ran     why',
      'split  splitter         7  1.20 s  it comes after ann,',
      '                                   bob, cleo',
    ]);
    expect(drawn(40)).toEqual([
      'job    ran     why',
      'split  1.20 s  it comes after ann, bob,',
      '               cleo',
      '(no room for: class, priority)',
    ]);
  });

  it('says what columns are of at the first of them that is left, and wherever one is named', () => {
    const of = (title: string, spare?: number) => ({ title, of: 'wait', ...(spare === undefined ? {} : { spare }) });
    const columns = [{ title: 'class' }, of('p50', 2), of('p90', 1), of('p99'), { title: 'slots' }, of('longest')];
    const lines = (width: number) => {
      return tableText(terminal(width), columns, [['ocr', '1 s', '2 s', '3 s', '4', '5 s']]).split('\n');
    };
    expect(lines(80)[0]).toBe('class  wait p50  p90  p99  slots  wait longest');
    expect(lines(43)).toEqual([
      'class  wait p50  p99  slots  wait longest',
      'ocr    1 s       3 s  4      5 s',
      '(no room for: wait p90)',
    ]);
    expect(lines(38)).toEqual([
      'class  wait p99  slots  wait longest',
      'ocr    3 s       4      5 s',
      '(no room for: wait p50, wait p90)',
    ]);
  });

  it('of as many rows as a large DAG has jobs is drawn: were each compared with all before it, that would take minutes', () => {
    const rows = Array.from({ length: 30_000 }, (_, row) => [`page-${row}`, 'ocr', '', '7', '1 s', 'it runs']);
    const lines = tableText(terminal(80), COLUMNS, rows).split('\n');
    expect(lines).toHaveLength(30_001);
    expect(lines[1]).toBe('page-0      ocr                 7  1 s  it runs');
    expect(lines[30_000]).toBe('page-29999  ocr                 7  1 s  it runs');
  });

  it('gives each line of a cell that is broken its colour', () => {
    const green = ['split', '', '', '', '', '\u001b[32mit comes after ann, bob, cleo\u001b[39m'];
    const lines = tableText(terminal(45), COLUMNS, [green]).split('\n');
    expect(lines.slice(1, 3).map((line) => line.trim().replace(/^split +/, ''))).toEqual([
      '\u001b[32mit comes after\u001b[39m',
      '\u001b[32mann, bob, cleo\u001b[39m',
    ]);
  });

  it('measures what is read, not its colours', () => {
    const red = ['\u001b[31msplit\u001b[39m', 'splitter', '', '7', '1 s', 'x'];
    expect(tableText(terminal(41), COLUMNS, [red])).not.toContain('no room');
  });
});

describe('text', () => {
  it('is broken between words, and goes on moved in', () => {
    expect(wrapped('  what to do: Check the tenant and the id.', 22)).toBe(
      ['  what to do: Check', '    the tenant and the', '    id.'].join('\n'),
    );
    expect(wrapped('one two', Number.POSITIVE_INFINITY)).toBe('one two');
    expect(wrapped('a verylongword b', 6)).toBe('a\n    verylongword\n    b');
  });
});

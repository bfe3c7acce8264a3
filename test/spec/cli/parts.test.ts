import { describe, expect, it } from 'vitest';
import { CatalogueError } from '../../../src/catalogue/error.js';
import { numberOr } from '../../../src/cli/arguments.js';
import { CliError, Exit } from '../../../src/cli/exit.js';
import { checkInputs, fillIn, parseInputs, submissionOf } from '../../../src/cli/files/submission-file.js';
import { errorJson, errorText, showable } from '../../../src/cli/report.js';
import { openIo } from '../../../src/cli/terminal/io.js';
import { rowsOf } from '../../../src/cli/terminal/progress.js';
import { stagesOf, stageTable } from '../../../src/cli/terminal/stages.js';
import { bytes, counted, duration, grouped } from '../../../src/cli/text/format.js';
import { FabricError, type Job } from '../../../src/client/index.js';
import { JournalDamaged, JournalError } from '../../../src/journal/errors.js';
import { ConfigError } from '../../../src/main/config/config.js';
import { StateDiverged } from '../../../src/scheduler/recovery.js';

const job = (fields: Partial<Job>): Job => ({
  job: 'a',
  index: 0,
  parent: null,
  child: null,
  kind: 'executor',
  executorClass: 'ocr',
  state: 'succeeded',
  attempt: 1,
  reason: null,
  permille: 0,
  readyAtMs: null,
  dispatchedAtMs: null,
  endedAtMs: null,
  children: null,
  ...fields,
});

describe('format', () => {
  it('writes durations, numbers and sizes as people read them', () => {
    const ms = [null, 0, 999, 1_234, 12_345, 59_999, 61_000, 119_999, 3_600_000 * 2 + 60_000, 86_400_000 * 7];
    const texts = [
      '-',
      '0 ms',
      '999 ms',
      '1.23 s',
      '12.3 s',
      '1 min 0 s',
      '1 min 1 s',
      '2 min 0 s',
      '2 h 1 min',
      '7 d 0 h',
    ];
    expect(ms.map(duration)).toEqual(texts);
    expect([999.4, 999.6, 9_994, 9_996].map(duration)).toEqual(['999 ms', '1.00 s', '9.99 s', '10.0 s']);
    expect([59_949, 59_960, 119_600, 959_700, 3_599_600, 7_199_900].map(duration)).toEqual([
      '59.9 s',
      '1 min 0 s',
      '2 min 0 s',
      '16 min 0 s',
      '1 h 0 min',
      '2 h 0 min',
    ]);
    expect([0, 999, 1_000, 1_234_567].map(grouped)).toEqual(['0', '999', '1,000', '1,234,567']);
    expect([0, 1, 2_000].map((n) => counted(n, 'turn'))).toEqual(['0 turns', '1 turn', '2,000 turns']);
    expect([1, 2].map((n) => counted(n, 'input waits', 'inputs wait'))).toEqual(['1 input waits', '2 inputs wait']);
    expect([1, 2_048, 5 * 1024 * 1024].map(bytes)).toEqual(['1 B', '2.0 KiB', '5.0 MiB']);
  });
});

describe('a limit on the command line', () => {
  it('is a number or a word, and what is neither is told of both', () => {
    const limit = numberOr('none', 'a limit');
    expect([limit('0'), limit('none')]).toEqual([0, 'none']);
    expect(() => limit('unlimited')).toThrow('a limit is a whole number from 0 on, or none.');
  });
});

describe('submission files', () => {
  const dag =
    '{"jobs": [{"id": "a", "inputs": {"pdf": {"input": "pdf"}, "n": {"value": {"input": "x"}}}}, {"id": "b"}]}';
  const namesIn = (text: string) => submissionOf(text).placeholders.map(({ name }) => name);

  it('finds placeholders, and nothing that only looks like one', () => {
    expect(namesIn(dag)).toEqual(['pdf']);
    expect(namesIn('{"jobs": 7}')).toEqual([]);
    expect(
      namesIn('{"jobs": [null, {"inputs": []}, {"inputs": {"a": {"input": "x", "value": 1}, "b": {"input": 1}}}]}'),
    ).toEqual([]);
  });

  it('fills them in and leaves the rest alone', () => {
    const filled = fillIn(submissionOf(dag), new Map([['pdf', 'blob:sha256:ab']]), {});
    expect(filled).toBe(dag.replace('{"input": "pdf"}', '{"uri":"blob:sha256:ab"}'));
  });

  it.each([
    ['{}', '{"id":"d"}'],
    [' { "jobs": [] }', ' {"id":"d", "jobs": [] }'],
    ['{"id": 7, "jobs": []}', '{"id": "d", "jobs": []}'],
    ['{"jobs": [], "i\\u0064": "x"}', '{"jobs": [], "i\\u0064": "d"}'],
  ])('takes the id of the command line: %s', (text, expected) => {
    expect(fillIn(submissionOf(text), new Map(), { id: 'd', idempotencyKey: undefined })).toBe(expected);
  });

  it('reads name=path, also with = in the path', () => {
    expect([...parseInputs(['a=b', 'c=d=e'])]).toEqual([
      ['a', 'b'],
      ['c', 'd=e'],
    ]);
    for (const bad of ['a', '=b', 'a=']) expect(() => parseInputs([bad])).toThrow(CliError);
  });

  it('says which inputs are missing and which are not needed', () => {
    const check = () => checkInputs('dag.json', submissionOf(dag), new Map([['scan', 'x']]));
    expect(check).toThrow(CliError);
    try {
      check();
    } catch (error) {
      expect(showable(error)).toMatchObject({
        exitCode: Exit.Usage,
        problems: ['the DAG needs --input pdf=PATH', 'the DAG has no input {"input": "scan"}'],
      });
    }
  });
});

describe('stages', () => {
  const jobs = [
    job({ job: 'split', readyAtMs: 0, dispatchedAtMs: 10, endedAtMs: 30 }),
    job({ job: 'page', index: 1, state: 'succeeded', attempt: 0, readyAtMs: 30, children: { succeeded: 2 } }),
    job({ job: 'page[0]', index: 2, parent: 'page', child: 0, readyAtMs: 30, dispatchedAtMs: 40, endedAtMs: 60 }),
    job({
      job: 'page[1]',
      index: 3,
      parent: 'page',
      child: 1,
      attempt: 3,
      readyAtMs: 30,
      dispatchedAtMs: 60,
      endedAtMs: 160,
    }),
    job({ job: 'merge', index: 4, state: 'waiting', attempt: 0 }),
  ];

  it('take the children of a fan-out together', () => {
    const [split, page, merge] = stagesOf(jobs);
    expect(split).toMatchObject({
      job: 'split',
      jobs: 1,
      retries: 0,
      waited: { meanMs: 10 },
      ran: { meanMs: 20 },
      tookMs: 30,
    });
    expect(page).toMatchObject({
      job: 'page',
      jobs: 2,
      retries: 2,
      waited: { meanMs: 20, longestMs: 30 },
      tookMs: 130,
    });
    expect(page?.ran).toEqual({ meanMs: 60, longestMs: 100 });
    expect(merge).toMatchObject({ job: 'merge', state: 'waiting', waited: { meanMs: null }, tookMs: null });
  });

  it('are a table without escape codes where no terminal is', () => {
    const lines = stageTable(openIo({}), stagesOf(jobs)).split('\n');
    expect(lines).toHaveLength(4);
    expect(lines[0]).toMatch(/^job +class +state +jobs +waited +ran +took +retries$/);
    expect(lines[2]).toMatch(/^page +ocr +succeeded +2 +20 ms \(longest 30 ms\) +60 ms \(longest 100 ms\) +130 ms +2$/);
    expect(lines.join('')).not.toContain('\u001b');
  });
});

describe('progress rows', () => {
  it('count the children of a fan-out by what they do', () => {
    const children = { succeeded: 5, running: 2, dispatched: 1, ready: 9, failed: 1, backoff: 2 };
    const rows = rowsOf([job({ job: 'ocr', state: 'fanned-out', children }), job({ job: 'merge', state: 'waiting' })]);
    expect(rows).toEqual([
      { name: 'ocr', total: 20, ended: 6, running: 3, waiting: 11, failed: 1 },
      { name: 'merge', total: 1, ended: 0, running: 0, waiting: 1, failed: 0 },
    ]);
  });

  it('are those of the classes when there are too many jobs', () => {
    const many = Array.from({ length: 40 }, (_, i) => job({ job: `j${i}`, executorClass: i % 2 ? 'a' : 'b' }));
    expect(rowsOf(many).map(({ name, total, ended }) => [name, total, ended])).toEqual([
      ['b', 20, 20],
      ['a', 20, 20],
    ]);
  });
});

describe('errors', () => {
  const damage = { turn: 7, file: '0001.turns', offset: 96, reason: 'checksum' };
  const cases: [string, unknown, number, string][] = [
    ['nobody there', new FabricError({ code: 'unreachable', status: 0, detail: 'ECONNREFUSED' }), 3, 'unreachable'],
    ['a refusal', new FabricError({ code: 'cycle', status: 422, detail: 'a -> a' }), 4, 'cycle'],
    ['not ready', new FabricError({ code: 'not-ready', status: 503, detail: 'starting' }), 6, 'not-ready'],
    ['a bad answer', new FabricError({ code: 'bad-answer', status: 0, detail: 'html' }), 3, 'bad-answer'],
    ['settings', new ConfigError('marie.yaml', [{ path: 'port', detail: 'too large' }]), 2, 'config-invalid'],
    ['damage', new JournalDamaged(damage), 5, 'journal-damaged'],
    ['a journal of another cell', new JournalError('journal-foreign-cell', 'of main'), 2, 'journal-foreign-cell'],
    ['a fold that differs', new StateDiverged(7, 'aa', 'bb'), 5, 'state-diverged'],
    ['what a newer version wrote', new CatalogueError('unknown-version', 'event 99'), 5, 'unknown-version'],
    ['a lock', new JournalError('journal-locked', 'in use'), 6, 'journal-locked'],
    ['a missing file', Object.assign(new Error('no such file'), { code: 'ENOENT', path: '/x' }), 2, 'file-not-found'],
    ['a folder that is only read', Object.assign(new Error('only read'), { code: 'EROFS' }), 2, 'file-not-permitted'],
    ['a disk that fails', Object.assign(new Error('i/o error, read'), { code: 'EIO', path: '/x' }), 5, 'disk-failed'],
    ['a quota', Object.assign(new Error('-122'), { code: 'Unknown system error -122' }), 6, 'disk-full'],
    ['a port in use', Object.assign(new Error('in use'), { code: 'EADDRINUSE' }), 6, 'port-in-use'],
    [
      'a host without an address',
      Object.assign(new Error('getaddrinfo ENOTFOUND 300.1.1.1'), { code: 'ENOTFOUND', syscall: 'getaddrinfo' }),
      2,
      'address-unusable',
    ],
    [
      'a port that is not permitted',
      Object.assign(new Error('listen EACCES: permission denied'), { code: 'EACCES', syscall: 'listen' }),
      2,
      'address-unusable',
    ],
    ['anything else', new Error('boom'), 1, 'unexpected'],
    ['a thrown text', 'boom', 1, 'unexpected'],
  ];
  it.each(cases)('%s', (_name, error, exitCode, code) => {
    const shown = showable(error);
    expect(shown).toMatchObject({ exitCode, code });
    expect(shown.what, 'the code stands before it').not.toContain(`${code}: `);
  });

  it('say code, what, where, every problem, why, and what to do', () => {
    const problems = [{ code: 'cycle', path: '/jobs/0/after', detail: 'a -> b -> a' }];
    const shown = showable(new FabricError({ code: 'cycle', status: 422, detail: 'a circle', problems }));
    const text = errorText(shown, openIo({}).errColors);
    expect(text).toBe(
      [
        'error cycle: a circle',
        '  where: the fabric, at /jobs/0/after',
        '  - cycle /jobs/0/after: a -> b -> a',
        '  why: No job of a circle could ever be the first to run, so the DAG would never end.',
        '  what to do: Remove one of the dependencies of the circle.',
      ].join('\n'),
    );
    expect(errorText(shown, openIo({}).errColors, 50).split('\n').slice(3, 5)).toEqual([
      '  why: No job of a circle could ever be the first',
      '    to run, so the DAG would never end.',
    ]);
    const lone = showable(new FabricError({ code: 'cycle', status: 422, detail: 'a -> b -> a', problems }));
    expect(errorText(lone, openIo({}).errColors).split('a -> b -> a')).toHaveLength(2);
    const place = showable(new JournalDamaged(damage)).where;
    expect(place).toBe('0001.turns, byte 96, turn 7');
    expect(JSON.parse(errorJson(shown))).toMatchObject({ error: { code: 'cycle', exitCode: 4, what: 'a circle' } });
  });
});

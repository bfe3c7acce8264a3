import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { problemText } from '../../../src/form/form-error.js';
import { ConfigError } from '../../../src/main/config/config.js';
import { loadConfig } from '../../../src/main/config/config-file.js';

const folder = mkdtempSync(join(tmpdir(), 'marie-config-'));
afterAll(() => rmSync(folder, { recursive: true }));

let files = 0;
function fileWith(text: string): string {
  const file = join(folder, `${++files}.yaml`);
  writeFileSync(file, text);
  return file;
}

describe('the configuration', () => {
  it('has a default for everything', () => {
    expect(loadConfig(null)).toEqual({
      file: null,
      cell: 'main',
      data: resolve('marie-data'),
      host: '127.0.0.1',
      port: 7_420,
      journal: { sync: 'every-turn' },
      log: { level: 'warn' },
      knownJobs: null,
      classes: [],
      tenants: [],
      retention: { terminalMs: null, terminalJobs: null, executorsMs: null },
      snapshots: { keep: 3 },
    });
  });

  it('is read from YAML or JSON, below what the command line says', () => {
    const yaml = fileWith(
      'port: 1\ncell: two\njournal: { sync: { everyMs: 5 } }\nclasses: [ { class: ocr, maxSlots: 4 } ]\n',
    );
    const config = loadConfig(yaml, { port: 2, data: '/x' });
    expect(config).toMatchObject({ cell: 'two', port: 2, data: '/x', journal: { sync: { everyMs: 5 } } });
    expect(config.classes).toEqual([
      { class: 'ocr', group: 'default', maxSlots: 4, unitCost: 0, shortReserve: null, rates: [] },
    ]);
    expect(loadConfig(fileWith('{"policy": "fifo@1"}')).policy).toBe('fifo@1');
    expect(loadConfig(fileWith('')).cell).toBe('main');
  });

  it('is refused with every problem and its place', () => {
    const file = fileWith('port: 70000\ncells: main\nclasses:\n  - group: a\n    maxSlots: -1\n');
    let thrown: unknown;
    try {
      loadConfig(file);
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toBeInstanceOf(ConfigError);
    expect((thrown as ConfigError).problems.map(problemText)).toEqual([
      'line 1, port: must be at most 65,535',
      'line 4, classes.0.class: missing',
      'line 5, classes.0.maxSlots: must be at least 0',
      'line 2, cells: no such field',
    ]);
  });

  it.each([
    [
      'policy: fifo',
      'line 1, policy: no policy "fifo"; there are default@1, edf@1, fair@1, fifo@1, level-first@1, strict-priority@1',
    ],
    ['journal: { sync: 5ms }', 'line 1, journal.sync: must be every-turn, off or { everyMs: 5 }'],
    ['journal: { sync: { everyMs: 0 } }', 'line 1, journal.sync.everyMs: must be at least 1'],
    ['log: { level: loud }', 'line 1, log.level: must be one of silent, error, warn, info, debug, trace'],
    ['knownJobs: 1.0e+99', 'line 1, knownJobs: must be at most 8,796,093,022,208'],
    ['retention: { terminalMs: 8796093022209 }', 'line 1, retention.terminalMs: must be at most 8,796,093,022,208'],
    ['classes: [ { class: "a\\0" } ]', 'line 1, classes.0.class: a name holds no NUL character'],
    ['tenants: [ { tenant: a }, { tenant: "b\\0" } ]', 'line 1, tenants.1.tenant: a name holds no NUL character'],
    [
      'cell: 1abc',
      'line 1, cell: a cell is named by a lower-case letter, then such letters, digits and dashes, 32 at most',
    ],
    ['kafka: { brokers: [ "h:70000" ] }', 'line 1, kafka.brokers.0: a broker is named as host:port'],
    ['kafka: { brokers: [ "http://h:9092" ] }', 'line 1, kafka.brokers.0: a broker is named as host:port'],
    ['kafka: { brokers: [ "h:1:9092" ] }', 'line 1, kafka.brokers.0: a broker is named as host:port'],
    ['kafka: { brokers: [ "h:0" ] }', 'line 1, kafka.brokers.0: a broker is named as host:port'],
    [
      'kafka: { brokers: [ "h:1" ], sasl: { username: a } }',
      'line 1, kafka.sasl.mechanism: must be one of plain, scram-sha-256, scram-sha-512, oauthbearer',
    ],
    [
      'kafka: { brokers: [ "h:1" ], registry: { url: "h 1" } }',
      'line 1, kafka.registry.url: must be a URL, such as http://host:8081',
    ],
    ['- a', 'must be fields with their values'],
  ])('with %s is refused in words', (text, problem) => {
    const file = fileWith(text);
    expect(() => loadConfig(file)).toThrow(`${file}: ${problem}`);
  });

  it('says of what an option gave that it is not of the file', () => {
    const file = fileWith('policy: fifo@1\nport: -1\n');
    expect(() => loadConfig(file, { policy: 'fifo' })).toThrow(
      expect.objectContaining({
        problems: [
          { path: 'port', detail: 'must be at least 0', line: 2 },
          { path: 'policy', detail: expect.stringMatching(/ \(from the command line, not the file\)$/) },
        ],
      }),
    );
    expect(() => loadConfig(null, { policy: 'fifo' })).toThrow(/strict-priority@1$/);
    const kafka = fileWith('kafka: { silenceMs: 1 }\n');
    expect(() => loadConfig(kafka, { kafka: { brokers: ['h'] } })).toThrow(
      /: kafka\.brokers\.0: .* \(from the command line, not the file\); line 1, kafka\.silenceMs: must be at least 200$/,
    );
  });

  it('keeps what it says beside an option: the sync of the command line leaves the size of segments alone', () => {
    const file = fileWith('journal: { sync: off, segmentBytes: 1048576 }\n');
    expect(loadConfig(file, { journal: { sync: { everyMs: 5 } } }).journal).toEqual({
      sync: { everyMs: 5 },
      segmentBytes: 1_048_576,
    });
    const small = fileWith('journal: { segmentBytes: 1 }\n');
    expect(() => loadConfig(small, { journal: { sync: 'off' } })).toThrow('line 1, journal.segmentBytes');
    expect(loadConfig(fileWith('journal:\n'), { journal: { sync: 'off' } }).journal).toEqual({ sync: 'off' });
  });

  it('that is no file, or a folder, says so', () => {
    expect(() => loadConfig(join(folder, 'none.yaml'))).toThrow('none.yaml: there is no such file');
    expect(() => loadConfig(folder)).toThrow(`${folder}: it is a folder`);
  });

  it('names a class of a group once, and a tenant', () => {
    const file = fileWith(
      'classes: [ { class: a }, { class: a, group: b }, { class: a } ]\ntenants: [ { tenant: t }, { tenant: t } ]\n',
    );
    const problems = [
      { path: 'classes.2.class', detail: 'is in the list already', line: 1 },
      { path: 'tenants.1.tenant', detail: 'is in the list already', line: 2 },
    ];
    expect(() => loadConfig(file)).toThrow(expect.objectContaining({ problems }));
  });

  it('has a rate whose bucket holds what is added at a time, where nothing else is said', () => {
    const rates = 'rates: [ { per: starts, add: 60, perMs: 60000 } ]';
    const { classes } = loadConfig(fileWith(`classes: [ { class: llm, ${rates} } ]\n`));
    expect(classes[0]!.rates).toEqual([{ per: 'starts', add: 60, perMs: 60_000, burst: 60 }]);
  });

  it.each(['[1]', 'a: [', 'just text', 'cell: *other'])('is no object: %s', (text) => {
    expect(() => loadConfig(fileWith(text))).toThrow(ConfigError);
  });

  it('is not there', () => {
    expect(() => loadConfig(join(folder, 'none.yaml'))).toThrow(ConfigError);
  });
});

import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { describe, expect, it } from 'vitest';
import { systemMachine } from '../../../src/client/adapters/system.js';
import { FabricClient } from '../../../src/client/index.js';
import { LineSplitter } from '../../../src/client/lines.js';
import { backoffMs } from '../../../src/client/retry.js';

it('names each thread of a process by itself, as executors in them are', async () => {
  const module = new URL('../../../dist/src/client/adapters/system.js', import.meta.url).href;
  const tell = "require('node:worker_threads').parentPort.postMessage(systemMachine.processName())";
  const script = `import('${module}').then(({ systemMachine }) => ${tell})`;
  const names = await Promise.all(
    [1, 2].map(async () => (await once(new Worker(script, { eval: true }), 'message'))[0]),
  );
  expect(new Set([systemMachine.processName(), ...names]).size).toBe(3);
});

it.each(['http://ada:secret@localhost', 'http://ada@localhost'])('refuses %s: it would send neither', (url) => {
  expect(() => new FabricClient({ url })).toThrow(/no user or password/);
});

describe('lines', () => {
  const cases = ['a\nb\n', 'a\n\nb', 'größer\n€\n', '\n', '', 'x'];
  it.each(cases)('are the same however %j is cut into chunks', (text) => {
    const bytes = Buffer.from(text);
    const expected = text.split('\n').filter((line) => line !== '');
    for (let size = 1; size <= Math.max(1, bytes.length); size++) {
      const lines: string[] = [];
      const splitter = new LineSplitter((line) => lines.push(line));
      for (let at = 0; at < bytes.length; at += size) splitter.push(bytes.subarray(at, at + size));
      splitter.end();
      expect(lines).toEqual(expected);
    }
  });

  it('may be as long as the largest dispatch', () => {
    const lengths: number[] = [];
    const splitter = new LineSplitter((line) => lengths.push(line.length));
    const piece = Buffer.alloc(64 * 1024, 'x');
    for (let pieces = 0; pieces < 1_200; pieces++) splitter.push(piece);
    splitter.push(Buffer.from('\n'));
    expect(lengths).toEqual([1_200 * piece.length]);
  });
});

describe('backoff', () => {
  const patience = { attempts: 9, baseMs: 100, maxMs: 1_000 };
  it('doubles up to its bound, half of it random', () => {
    expect([1, 2, 3, 4, 5, 60].map((attempt) => backoffMs(attempt, patience, 0, null))).toEqual([
      50, 100, 200, 400, 500, 500,
    ]);
    expect([1, 2, 60].map((attempt) => backoffMs(attempt, patience, 1, null))).toEqual([100, 200, 1_000]);
  });

  it('is never shorter than what was asked for, up to a minute', () => {
    expect(backoffMs(1, patience, 0, 3_000)).toBe(3_000);
    expect(backoffMs(1, patience, 1, 3_000)).toBeCloseTo(3_300);
    // As a page of maintenance asks for it, though it is over sooner.
    expect(backoffMs(1, patience, 0, 3_600_000)).toBe(60_000);
  });
});

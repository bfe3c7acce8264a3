/** What an executor may send at most: the last value that is taken, and the first that is refused. */
import { describe, expect, it } from 'vitest';
import type { CompleteJob } from '../../src/catalogue/generated/types.js';
import { Code, job, KernelBench, registration } from '../support/kernel/bench.js';

type More = Parameters<typeof registration>[1];

const name = (length: number) => 'x'.repeat(length);
const held = (length: number) =>
  Array.from({ length }, () => ({ lease: { dag: 1, job: 0, attempt: 1, token: 1 }, slots: 1 }));

function registered(more: More): string {
  const b = new KernelBench();
  b.give(Code.RegisterExecutor, registration('e1', more));
  return b.transcript.lines.find((line) => /InputRefused|ExecutorRegistered/.test(line))!;
}

/** A cell with one running job, and its lease. */
function running() {
  const b = new KernelBench();
  b.register('e1');
  b.submit('d', [job('a')]);
  return { b, lease: b.lease('d', 'a') };
}

describe('a registration', () => {
  it.each<[string, More]>([
    ['an id of 256 characters', { executor: name(256) }],
    ['a class of 256 characters', { executorClass: name(256) }],
    ['a group of 256 characters', { group: name(256) }],
    ['no slots', { slots: 0 }],
    ['4,096 slots', { slots: 4096 }],
    ['a session of 1 s', { sessionMs: 1000 }],
    ['a session of 10 min', { sessionMs: 600_000 }],
  ])('with %s is taken', (_what, more) => {
    expect(registered(more)).toContain('ExecutorRegistered');
  });

  it.each<[string, string, More]>([
    ['an id of 257 characters', 'invalid-value', { executor: name(257) }],
    ['a class of 257 characters', 'invalid-class', { executorClass: name(257) }],
    ['a group of 257 characters', 'invalid-class', { group: name(257) }],
    ['4,097 leases', 'invalid-value', { held: held(4097) }],
  ])('with %s is refused', (_what, code, more) => {
    expect(registered(more)).toBe(`  InputRefused code ${code}`);
  });

  it('with 4,096 leases is taken', () => {
    const { b, lease } = running();
    b.give(Code.RegisterExecutor, registration('e1', { held: Array(4096).fill({ lease, slots: 1 }) }));
    expect(b.transcript.lines.some((line) => line.includes('InputRefused'))).toBe(false);
  });
});

describe('progress', () => {
  it.each([
    [0, 'JobProgressed'],
    [1000, 'JobProgressed'],
    [-1, 'InputRefused'],
    [1001, 'InputRefused'],
  ])('of %i permille: %s', (permille, event) => {
    const { b, lease } = running();
    b.give(Code.ReportProgress, { lease, permille, message: null });
    expect(b.transcript.lines.at(-1)).toContain(event);
  });
});

describe('an output', () => {
  it('of 256 KiB is taken, and so is the answer of a signal', () => {
    const { b, lease } = running();
    const output = new Uint8Array(256 * 1024);
    b.give(Code.CompleteJob, { lease, output, blob: null, unitsUsed: null } satisfies CompleteJob);
    b.submit('s', [job('ok', { kind: 'signal' })]);
    b.give(Code.ResolveSignal, { tenant: 'acme', dagId: 's', signal: 'ok', output });
    expect(b.transcript.lines.filter((line) => line.includes('JobSucceeded'))).toHaveLength(2);
  });
});

/** Turns that never reach the journal: rows, hash and decisions are as if they had never been computed. */
import { describe, expect, it } from 'vitest';
import { foldTurn } from '../../../src/kernel/fold-turn.js';
import { CursorLine } from '../../../src/kernel/indexes/cursor-line.js';
import { Kernel, type TurnRequest } from '../../../src/kernel/kernel.js';
import {
  Code,
  cellLimits,
  fanOut,
  input,
  job,
  KernelBench,
  registration,
  submission,
} from '../../support/kernel/bench.js';
import { ColdStore } from '../../support/kernel/cold.js';
import { checkState } from '../../support/kernel/invariants.js';
import { hex } from '../../support/kernel/replica.js';

/** A kernel whose turns wait for acceptance. */
function leader() {
  const kernel = new Kernel();
  const cold = new ColdStore();
  let turn = 0;
  const compute = (inputs: TurnRequest['inputs'], at = 1000) => {
    turn += 1;
    const request: TurnRequest = { turn, at, stoppedMs: 0, shell: [], inputs, caughtUp: true, published: 0 };
    return kernel.turn(request, cold.viewFor(kernel, request), cold.put);
  };
  const rewind = (turns: number) => {
    turn -= turns;
  };
  return { kernel, compute, rewind };
}

const submit = (dagId: string, jobs = [job('a'), job('f', { after: ['a'], fanOut: fanOut(3) })]) =>
  input(Code.SubmitDag, submission(dagId, jobs));
const register = () => input(Code.RegisterExecutor, registration('e1', { slots: 2 }), 'registration');
const done = (token: number, at: number) =>
  input(Code.CompleteJob, { lease: { dag: 1, job: at, attempt: 1, token }, output: null, blob: null, unitsUsed: null });

describe('an undo', () => {
  it('of the very first turns leaves nothing', () => {
    const { kernel, compute } = leader();
    const before = hex(kernel.state.hash.toBytes());
    compute([submit('d'), register()]);
    compute([]);
    kernel.undo();
    expect(hex(kernel.state.hash.toBytes())).toBe(before);
    for (const table of kernel.state.tables)
      expect(table === undefined || table.name === 'cell' || table.live === 0).toBe(true);
    checkState(kernel.state);
  });

  it('brings back rows that two turns ahead had cleared, made and cleared again', () => {
    const { kernel, compute } = leader();
    compute([submit('d', [job('a'), job('b')]), register()]);
    kernel.accept();
    const before = hex(kernel.state.hash.toBytes());
    const rows = kernel.state.leases.table.live;
    compute([done(1, 0), submit('e', [job('x')])]);
    compute([done(2, 1)]);
    compute([done(3, 0)]);
    kernel.undo();
    expect(hex(kernel.state.hash.toBytes())).toBe(before);
    expect(kernel.state.leases.table.live).toBe(rows);
    checkState(kernel.state);
    expect(compute([done(1, 0)]).entries.length).toBeGreaterThan(1);
  });

  it('is followed by the decisions that would have been taken without what it took back', () => {
    const one = leader();
    const two = leader();
    for (const { kernel, compute } of [one, two]) {
      compute([submit('d'), register()]);
      kernel.accept();
    }
    one.compute([submit('x'), done(1, 0)]);
    one.compute([submit('y')], 50_000);
    one.kernel.undo();
    one.rewind(2);
    const inputs = [submit('z'), done(1, 0)];
    expect(one.compute(inputs).stateHash).toEqual(two.compute(inputs).stateHash);
  });

  it('gives a forgotten DAG back, jobs and all', () => {
    const { kernel, compute } = leader();
    compute([submit('d', [job('a', { kind: 'noop' })])]);
    kernel.accept();
    const before = hex(kernel.state.hash.toBytes());
    const limits = cellLimits({ retainTerminalMs: 0 });
    compute([input(Code.SetCellLimits, limits)]);
    const forget: TurnRequest = {
      turn: 9,
      at: 2000,
      stoppedMs: 0,
      shell: [],
      inputs: [],
      caughtUp: true,
      published: 5,
    };
    kernel.turn(
      forget,
      { spec: () => submission('d', [job('a', { kind: 'noop' })]), output: () => null },
      () => undefined,
    );
    expect(kernel.state.dags.find(1)).toBe(0);
    kernel.undo();
    expect(hex(kernel.state.hash.toBytes())).toBe(before);
    expect(kernel.state.space.handle(kernel.state.dags.find(1), 0)).not.toBe(0);
    checkState(kernel.state);
  });

  it('in the middle of a turn, and an accept without a turn, are mistakes that are noticed', () => {
    const { kernel, compute } = leader();
    expect(() => kernel.accept()).toThrow('no turn waits');
    compute([]);
    kernel.discard();
    compute([submit('d')]);
    expect(() => kernel.discard()).toThrow('only an empty turn');
  });
});

describe('the fold', () => {
  it('of a history gives the state of the one that wrote it, and its decisions', () => {
    const b = new KernelBench();
    b.register('e1', { slots: 2 });
    b.submit('d', [job('a'), job('b', { after: ['a'] })]);
    b.complete('d', 'a');
    const other = new Kernel();
    const cold = new ColdStore();
    for (const record of b.history) {
      foldTurn(other.state, record, record.entries, cold.put);
      other.accept();
    }
    other.indexes.rebuild();
    const request: TurnRequest = {
      turn: 9,
      at: 5000,
      stoppedMs: 0,
      shell: [],
      inputs: [submit('n')],
      caughtUp: true,
      published: 0,
    };
    const theirs = other.turn(request, cold.viewFor(other, request), cold.put);
    const ours = b.kernel.turn(request, b.cold.viewFor(b.kernel, request), b.cold.put);
    expect(theirs.entries).toEqual(ours.entries);
    expect(hex(theirs.stateHash)).toBe(hex(ours.stateHash));
  });

  it('stops at an event that it does not know', () => {
    const kernel = new Kernel();
    const entry = { code: 9999, cause: -1, body: {} } as never;
    expect(() => foldTurn(kernel.state, { turn: 1, at: 1, stoppedMs: 0 }, [entry], () => undefined)).toThrow(
      'unknown-version',
    );
  });
});

describe('the line of cursors', () => {
  it('is first come, first served; who must wait goes back to the front', () => {
    const line = new CursorLine();
    for (let n = 1; n <= 100; n++) line.push(n);
    const taken = [line.shift(), line.shift(), line.shift()];
    for (const seq of taken.reverse()) line.unshift(seq);
    for (let n = 101; n <= 300; n++) line.push(n);
    const all = Array.from({ length: line.length }, (_, i) => line.at(i));
    expect(all).toEqual(Array.from({ length: 300 }, (_, i) => i + 1));
    while (line.length > 0) line.shift();
    expect(() => line.shift()).toThrow('empty line');
    line.push(7);
    line.clear();
    expect(line.length).toBe(0);
  });
});

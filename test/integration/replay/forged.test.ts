/** Journals that were tampered with by somebody who knows how they are made: each is refused, with the turn named. */
import { execFile } from 'node:child_process';
import { cp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { verify } from '../../../replay/index.js';
import { ScratchFold } from '../../../replay/scratch-fold.js';
import { isInput } from '../../../src/catalogue/codec.js';
import { Code } from '../../../src/catalogue/generated/codes.js';
import type { AnyEntry, TurnRecord } from '../../../src/catalogue/generated/types.js';
import { StateDiverged } from '../../../src/scheduler/recovery.js';
import { inFolder, turnsOf, writeTurns } from './history.js';

const FOLDER = 'replay/corpus/late-invoice';
const SEGMENT = '0000000000000001.turns';
const MIDDLE = 120;

/** Writes changed turns as a journal: every frame's checksum and the whole chain are right. */
async function audited(change: (turns: TurnRecord[]) => readonly TurnRecord[], again = false) {
  return inFolder(async (copy) => {
    await writeTurns(copy, change(await turnsOf(FOLDER)));
    return verify(copy, { again });
  });
}

/** The first turn from the middle on that has such an entry, and where. */
function find(turns: readonly TurnRecord[], code: number): { readonly turn: TurnRecord; readonly at: number } {
  for (const turn of turns.slice(MIDDLE)) {
    const at = turn.entries.findIndex((entry) => entry.code === code);
    if (at >= 0) return { turn, at };
  }
  throw new Error('the journal has no such entry');
}

/** Puts another entry in the place of one. */
function forge(turns: readonly TurnRecord[], code: number, change: (entry: AnyEntry) => AnyEntry) {
  const { turn, at } = find(turns, code);
  const entries = turn.entries.map((entry, i) => (i === at ? change(entry) : entry));
  return { forged: turn.turn, turns: turns.map((one) => (one === turn ? { ...one, entries } : one)) };
}

/** Gives every turn the state hash that its entries come to: the forger has the fabric's own fold. */
async function rehashed(turns: readonly TurnRecord[], upTo: number): Promise<TurnRecord[]> {
  const scratch = new ScratchFold();
  const found: TurnRecord[] = [];
  for (const turn of turns.slice(0, upTo)) {
    await scratch.fold(turn, new Uint8Array(32)).catch((error) => {
      if (!(error instanceof StateDiverged)) throw error;
    });
    found.push({ ...turn, stateHash: scratch.state.hash.toBytes() });
  }
  return found;
}

describe('a forged record with a right checksum and a right chain', () => {
  it('is refused at its turn: its entries and rows are told beside those that the kernel decides', async () => {
    let wrong = 0;
    const report = await audited((turns) => {
      const { forged, turns: changed } = forge(turns, Code.LeaseGranted, (entry) =>
        entry.code === Code.LeaseGranted ? { ...entry, body: { ...entry.body, attempt: 7 } } : entry,
      );
      wrong = forged;
      return changed;
    });
    expect(report).toMatchObject({ ok: false, turns: wrong - 1, problem: { turn: wrong, code: 'state-diverged' } });
    const { stateHash, entries, entriesInAll, rows, rowsInAll } = report.problem!.differences!;
    expect(entriesInAll).toBe(1);
    expect(entries[0]!.recorded).toMatchObject({ type: 'LeaseGranted', data: { attempt: 7 } });
    expect(entries[0]!.decided).toMatchObject({ type: 'LeaseGranted', data: { attempt: 1 } });
    expect(rowsInAll).toBe(2);
    expect(rows.map(({ table }) => table).sort()).toEqual(['job', 'lease']);
    for (const { fields } of rows) expect(fields).toEqual({ attempt: [7, 1] });
    expect(rows.find(({ table }) => table === 'job')!.name).toMatch(/^default\//);
    // Whoever forged it left the hash as it was: it is that of the turn as it was decided.
    expect(stateHash.recorded).toBe(stateHash.decided);
    expect(stateHash.folded).not.toBe(stateHash.recorded);
  });

  it('is refused by the invariants when its state hash is right, too', async () => {
    const turns = await turnsOf(FOLDER);
    const { turn, at } = find(turns, Code.LeaseGranted);
    const cell = Math.max(...tokensOf(turns.slice(0, turn.turn)));
    const grant = turn.entries.slice(at, at + 3).map((entry) => withToken(entry, cell + 1));
    const forged = turns.map((one) => (one === turn ? { ...one, entries: [...one.entries, ...grant] } : one));
    const journal = await rehashed(forged, turn.turn);
    const report = await audited(() => journal);
    expect(report).toMatchObject({ ok: false, problem: { turn: turn.turn, code: 'invariant-broken' } });
    const broken = report.problem!.violations.map(({ invariant }) => invariant);
    expect(broken).toContain('I4');
    expect(report.problem!.violations[0]!.rows.length).toBeGreaterThan(0);
  });

  it('is refused by deciding again when nothing else is wrong', async () => {
    const turns = await turnsOf(FOLDER);
    const { forged, turns: changed } = forge(turns, Code.JobDispatched, (entry) => {
      if (entry.code !== Code.JobDispatched) return entry;
      return { ...entry, body: { ...entry.body, evidence: { ...entry.body.evidence, freeAfter: 99 } } };
    });
    const journal = await rehashed(changed, turns.length);
    expect(await audited(() => journal)).toMatchObject({ ok: true });
    const report = await audited(() => journal, true);
    expect(report).toMatchObject({
      ok: false,
      turns: forged - 1,
      problem: { turn: forged, code: 'decided-otherwise' },
    });
    expect(report.problem!.differences).toMatchObject({ entriesInAll: 1, rowsInAll: 0 });
  });

  it('is refused when it is an input that was changed', async () => {
    const { turn } = find(await turnsOf(FOLDER), Code.CompleteJob);
    const report = await audited(
      (turns) =>
        forge(turns, Code.CompleteJob, (entry) =>
          isInput(entry) && entry.code === Code.CompleteJob
            ? { ...entry, body: { ...entry.body, lease: { ...entry.body.lease, token: 1 } } }
            : entry,
        ).turns,
    );
    expect(report.problem).toMatchObject({ turn: turn.turn, code: 'digest-mismatch' });
  });
});

/** Gives turns the numbers, times and positions of inputs with which the reader's rule takes them for a journal. */
function renumbered(turns: readonly TurnRecord[]): TurnRecord[] {
  const next = new Map<string, number>();
  const times = turns.map(({ at }) => at).sort((a, b) => a - b);
  return turns.map((turn, i) => {
    const inputs = turn.inputs.map((range) => {
      const from = next.get(range.source) ?? 0;
      const to = from + range.to - range.from;
      next.set(range.source, to);
      return { ...range, from, to };
    });
    return { ...turn, turn: i + 1, at: times[i]!, inputs };
  });
}

describe('turns that were numbered, placed and chained anew', () => {
  it('after one was dropped are refused where it is missing', async () => {
    const report = await audited((turns) => renumbered(turns.filter(({ turn }) => turn !== MIDDLE)));
    expect(report).toMatchObject({ ok: false, turns: MIDDLE - 1, problem: { turn: MIDDLE } });
  });

  it('after two were swapped are refused at the first of them', async () => {
    const report = await audited((turns) => {
      const [own, after] = [turns[MIDDLE - 1]!, turns[MIDDLE]!];
      return renumbered(turns.with(MIDDLE - 1, after).with(MIDDLE, own));
    });
    expect(report).toMatchObject({ ok: false, turns: MIDDLE - 1, problem: { turn: MIDDLE } });
  });
});

it('says all of it in words, and exits with 1', async () => {
  await inFolder(async (copy) => {
    const { turns } = forge(await turnsOf(FOLDER), Code.LeaseGranted, (entry) =>
      entry.code === Code.LeaseGranted ? { ...entry, body: { ...entry.body, attempt: 7 } } : entry,
    );
    await writeTurns(copy, turns);
    const run = promisify(execFile)(process.execPath, ['bin/marie.mjs', 'replay', 'verify', copy]);
    const { code, stdout } = await run.catch((error) => error);
    expect(code).toBe(1);
    expect(stdout).toMatch(/wrong from turn \d+ on: state-diverged/);
    expect(stdout).toMatch(/recorded {6}LeaseGranted .*"attempt":7/);
    expect(stdout).toMatch(/job default\/\S+ \S+: attempt 7 -> 1/);
  });
});

it('one flipped byte is refused, and told apart from what was changed on purpose', async () => {
  await inFolder(async (copy) => {
    await cp(FOLDER, copy, { recursive: true });
    const bytes = await readFile(join(copy, SEGMENT));
    bytes[bytes.length >> 1]! ^= 4;
    await writeFile(join(copy, SEGMENT), bytes);
    const { problem, turns } = await verify(copy);
    expect(problem).toMatchObject({ code: 'journal-damaged', turn: turns + 1, differences: null, violations: [] });
  });
});

function tokensOf(turns: readonly TurnRecord[]): readonly number[] {
  return turns.flatMap(({ entries }) => entries.flatMap((e) => (e.code === Code.LeaseGranted ? [e.body.token] : [])));
}

function withToken(entry: AnyEntry, token: number): AnyEntry {
  return { ...entry, body: { ...entry.body, token } } as AnyEntry;
}

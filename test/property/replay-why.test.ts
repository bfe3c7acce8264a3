/**
 * Random histories: the parts of every job's wait sum exactly to it, and it is the time that the journal says; deciding
 * again the turn of any dispatch gives the same bytes, and `why` says so of each.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Extraction } from '../../replay/export/extract.js';
import type { Row } from '../../replay/export/tables.js';
import { fold, type Visitor, why } from '../../replay/index.js';
import { DecidedAgain } from '../../replay/why/again.js';
import { partsOf, type Wait, type WaitReason } from '../../replay/why/wait.js';
import { Waits } from '../../replay/why/waits.js';
import { Code } from '../../src/catalogue/generated/codes.js';
import type { TurnRecord } from '../../src/catalogue/generated/types.js';
import { Harness } from '../support/kernel/random/harness.js';
import { history } from '../support/kernel/random/histories.js';
import { chained } from '../support/replay/history.js';

const runs = Number(process.env['MARIE_RUNS'] ?? 60);
const seed = Number(process.env['MARIE_SEED'] ?? 1);

/** Watches every job of every DAG from the moment at which it is known. */
class Everything implements Visitor {
  constructor(private readonly waits: Waits) {}

  event(...[entry, record, fold]: Parameters<NonNullable<Visitor['event']>>): void {
    if (entry.code === Code.DagAccepted) {
      const input = record.entries[entry.cause]!;
      if (input.code !== Code.SubmitDag) throw new Error('a DAG without its submission');
      const { dag } = entry.body;
      input.body.jobs.forEach((_, job) => {
        this.waits.watch({ job: { dag, job }, spec: input.body, own: job }, 'dag-accepted', record, fold);
      });
      this.#specs.set(dag, input.body);
    } else if (entry.code === Code.JobsFannedOut) {
      const { dag, job, from, to } = entry.body;
      for (let child = from; child < to; child++) {
        const watched = { job: { dag, job: child }, spec: this.#specs.get(dag)!, own: job };
        this.waits.watch(watched, 'child-made', record, fold);
      }
    }
  }

  readonly #specs = new Map();
}

/** The jobs of the first DAG of each name, by which `why` finds them, and what they are known by in the journal. */
function namedJobs(turns: readonly TurnRecord[]) {
  const found = new Map<
    string,
    { readonly path: { tenant: string; dag: string; job: string }; dag: number; job: number }
  >();
  for (const { entries } of turns) {
    for (const entry of entries) {
      const input = entry.code === Code.DagAccepted ? entries[entry.cause]! : null;
      if (entry.code !== Code.DagAccepted || input?.code !== Code.SubmitDag) continue;
      const { tenant, dagId, jobs } = input.body;
      for (const [job, { id }] of jobs.entries()) {
        const name = JSON.stringify([tenant, dagId, id]);
        if (found.has(JSON.stringify([tenant, dagId, jobs[0]!.id])) && job === 0) break;
        found.set(name, { path: { tenant, dag: dagId, job: id }, dag: entry.body.dag, job });
      }
    }
  }
  return [...found.values()];
}

/** When each lease was granted, and for which attempt, by its token, from the journal alone. */
function grants(turns: readonly TurnRecord[]): Map<number, { at: number; turn: number; attempt: number }> {
  const found = new Map<number, { at: number; turn: number; attempt: number }>();
  for (const { at, turn, entries } of turns) {
    for (const { code, body } of entries) {
      if (code === Code.LeaseGranted) found.set(body.token, { at, turn, attempt: body.attempt });
    }
  }
  return found;
}

function checkWait(wait: Wait, granted: ReturnType<typeof grants>): void {
  const whole = wait.untilMs - wait.from.atMs;
  expect(partsOf(wait.spans).reduce((sum, { ms }) => sum + ms, 0)).toBe(whole);
  let at = wait.from.atMs;
  for (const span of wait.spans) {
    expect(span.fromMs).toBe(at);
    expect(span.toMs).toBeGreaterThan(at);
    at = span.toMs;
  }
  expect(at).toBe(wait.untilMs);
  if (wait.to === null) return;
  const { at: grantedAt, turn, attempt } = granted.get(wait.to.token)!;
  expect({ at: wait.to.atMs, turn: wait.to.turn }).toEqual({ at: grantedAt, turn });
  expect(wait.attempt).toBe(attempt);
  expect(wait.untilMs).toBe(wait.to.atMs);
}

/** Columns of an export's waits by the reason that `why` gives; `other_ms` and `full_ms` share the others. */
const COLUMN_OF: Readonly<Partial<Record<WaitReason, string>>> = {
  'paused-dag': 'paused_ms',
  'held-tenant-limit': 'held_ms',
  'waiting-for': 'dependency_ms',
  'waiting-for-fan-out': 'dependency_ms',
  'backoff-until': 'backoff_ms',
  'no-executor-in-class': 'no_executor_ms',
};

/** The waits of an export, in the order of the dispatches. */
function tableWaits(turns: readonly TurnRecord[]): readonly Row[] {
  const rows: Row[] = [];
  const extraction = new Extraction((table, row) => {
    if (table === 'waits') rows.push(row);
  });
  for (const turn of turns) extraction.take(turn);
  extraction.finish();
  return rows;
}

/** A row's parts sum exactly to the wait, and what was held up by one thing stands in the column of that. */
function checkRow(row: Row, { from, untilMs, spans }: Wait): void {
  const part = (name: string): number => row[name] as number;
  const names = Object.keys(row).filter((name) => name.endsWith('_ms') && name !== 'wait_ms');
  for (const name of names) expect(part(name)).toBeGreaterThanOrEqual(0);
  const sum = names.reduce((all, name) => all + part(name), 0);
  expect([row['waited_from'], part('wait_ms'), sum]).toEqual([from.atMs, untilMs - from.atMs, untilMs - from.atMs]);
  const msOf = (isMeant: (reason: WaitReason) => boolean): number =>
    spans.reduce((all, { reason, fromMs, toMs }) => (isMeant(reason) ? all + toMs - fromMs : all), 0);
  // Of these the table says what the job would have waited for otherwise.
  const isOpen = msOf((reason) => reason === 'fabric-stopped' || reason === 'turn-full');
  for (const column of new Set(Object.values(COLUMN_OF))) {
    const more = part(column) - msOf((reason) => COLUMN_OF[reason] === column);
    expect([column, more >= 0 && more <= isOpen]).toEqual([column, true]);
  }
}

describe('on random histories', () => {
  it('the parts of every wait sum exactly to it', { timeout: 3_600_000 }, async () => {
    let dispatches = 0;
    const reasons = new Set<string>();
    await fc.assert(
      fc.asyncProperty(history, async (steps) => {
        const turns = Harness.through(steps).journal;
        const granted = grants(turns);
        const waits = new Waits();
        const again = new DecidedAgain(() => true);
        await fold(chained(turns), [again, new Everything(waits), waits], { follows: true, keepsOutputs: true });
        waits.finish();
        for (const wait of waits.waits) {
          checkWait(wait, granted);
          for (const { reason } of wait.spans) reasons.add(reason);
        }
        const byDispatch = waits.waits.filter(({ to }) => to !== null).toSorted((a, b) => a.to!.token - b.to!.token);
        const rows = tableWaits(turns);
        expect(rows).toHaveLength(byDispatch.length);
        for (const [i, row] of rows.entries()) checkRow(row, byDispatch[i]!);
        const tokens = waits.waits.flatMap(({ to }) => (to === null ? [] : [to.token]));
        expect(tokens.toSorted((a, b) => a - b)).toEqual([...granted.keys()].toSorted((a, b) => a - b));
        for (const { sameTurn } of again.byToken.values()) expect(sameTurn).toBe(true);
        dispatches += tokens.length;
      }),
      { numRuns: runs, seed },
    );
    // A few histories may not meet everything.
    if (runs < 50) return;
    expect(dispatches).toBeGreaterThan(20 * runs);
    expect([...reasons].sort()).toEqual(expect.arrayContaining(['waiting-for', 'no-free-slot', 'backoff-until']));
  });

  it('why says of a job what watching it to the end of the history does', { timeout: 3_600_000 }, async () => {
    let asked = 0;
    let attempts = 0;
    await fc.assert(
      fc.asyncProperty(history, async (steps) => {
        const turns = Harness.through(steps).journal;
        const waits = new Waits();
        await fold(chained(turns), [new Everything(waits), waits], { follows: true, keepsOutputs: true });
        waits.finish();
        for (const { path, dag, job } of namedJobs(turns).filter((_, i) => i % 3 === 0)) {
          const watched = waits.waits.filter((wait) => wait.job.dag === dag && wait.job.job === job);
          const report = await why(chained(turns), path);
          expect(report.attempts.map(({ attempt, from, waitMs, spans }) => ({ attempt, from, waitMs, spans }))).toEqual(
            watched.map(({ attempt, from, untilMs, spans }) => ({ attempt, from, waitMs: untilMs - from.atMs, spans })),
          );
          for (const { decision } of report.attempts) {
            if (decision !== null) expect(decision.again).toEqual({ sameTurn: true, sameDispatch: true });
          }
          asked += 1;
          attempts += report.attempts.length;
        }
      }),
      { numRuns: Math.ceil(runs / 3), seed, endOnFailure: true },
    );
    // Some jobs have more than one attempt, and some of those came with another run of their DAG.
    if (runs >= 50) expect(attempts).toBeGreaterThan(asked);
  });
});

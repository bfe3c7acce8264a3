/**
 * What must hold of the rows at every turn (faults.md): everything that an audit checks turn by turn, counted from all
 * rows at once, and what is too long to be counted at each turn.
 */

import { Invariants } from '../../../replay/invariants/invariants.js';
import { CursorKind, DagState, JobState } from '../../../src/catalogue/generated/codes.js';
import { isOfDag } from '../../../src/kernel/evolve/make-cursor.js';
import type { State } from '../../../src/kernel/rows/state.js';
import type { AnyRows } from '../../../src/kernel/rows/table.js';

/** Throws at the first row that is wrong. */
export function checkState(state: State): void {
  same('state hash', hexOf(state.recount()), hexOf(state.hash));
  checkRows(state);
}

/** The same for a state of which not all rows are in memory: terminal DAGs may have left. */
export function checkRows(state: State): void {
  const invariants = new Invariants(state);
  invariants.all();
  const [first] = invariants.violations;
  if (first !== undefined) throw new Error(`${first.invariant}: ${JSON.stringify(first)}`);
  checkFans(state);
  checkEndedDags(state);
  checkRings(state);
  checkPromised(state);
}

function same(what: string, found: unknown, expected: unknown): void {
  if (found !== expected) throw new Error(`${what}: ${String(found)}, but it should be ${String(expected)}`);
}

function hexOf(hash: { toBytes(): Uint8Array }): string {
  return Buffer.from(hash.toBytes()).toString('hex');
}

/** Handles of the rows of a table that are rows. */
export function rowsOf({ table }: AnyRows): number[] {
  const handles: number[] = [];
  for (let handle = 1; handle < table.high; handle++) {
    if (table.isLive(handle) && !table.isBlank(handle)) handles.push(handle);
  }
  return handles;
}

/** A fan-out has counted its children that ended badly. */
function checkFans(state: State): void {
  const { jobs, space, fans, dags } = state;
  for (const fan of rowsOf(fans)) {
    const dag = dags.find(fans.keyA[fan]!);
    const parent = dag === 0 ? 0 : space.handle(dag, fans.keyB[fan]!);
    if (parent === 0 || jobs.c.state[parent] !== JobState.fannedOut || dags.c.state[dag]! > DagState.ending) continue;
    let bad = 0;
    for (let i = 0; i < fans.c.made[fan]!; i++) {
      if (jobs.c.state[space.handle(dag, fans.c.base[fan]! + i)]! > JobState.succeeded) bad += 1;
    }
    same('bad children of a fan-out', jobs.c.bad[parent], bad);
  }
}

/** Nothing works on a DAG that has ended but what forgets it. */
function checkEndedDags(state: State): void {
  const { dags, cursors } = state;
  for (const cursor of rowsOf(cursors)) {
    const kind = cursors.c.kind[cursor]!;
    if (!isOfDag(kind) || kind === CursorKind.forget) continue;
    const dag = dags.find(cursors.c.dag[cursor]!);
    if (dags.c.state[dag]! > DagState.ending && dags.c.retiredSeq[dag] !== 0) {
      throw new Error(`a cursor of kind ${kind} at work on ended DAG ${dags.keyA[dag]}`);
    }
  }
}

/** What each class has been promised for the guard is what the leases that started under the policy gave. */
function checkPromised(state: State): void {
  const { classes, leases, executors, cell, cellRow } = state;
  const given = new Map<number, number>();
  for (const lease of rowsOf(leases)) {
    if (leases.keyA[lease]! <= cell.c.policyToken[cellRow]!) continue;
    const classSeq = executors.c.class[executors.find(leases.c.executor[lease]!)]!;
    given.set(classSeq, (given.get(classSeq) ?? 0) + leases.c.earned[lease]!);
  }
  for (const cls of rowsOf(classes)) {
    const { promised, overpaid } = classes.c;
    same('what was promised for the guard', promised[cls], given.get(classes.keyA[cls]!) ?? 0);
    if (overpaid[cls]! > promised[cls]!) throw new Error(`more is overpaid than promised: ${promised[cls]}`);
  }
}

/** The ring of idle tags of each class and priority has all of them. */
function checkRings(state: State): void {
  const { tags, virtuals } = state;
  const idle = new Map<number, number>();
  for (const tag of rowsOf(tags)) {
    if (tags.c.idleAfter[tag] !== 0) idle.set(tags.keyA[tag]!, (idle.get(tags.keyA[tag]!) ?? 0) + 1);
  }
  for (const virtual of rowsOf(virtuals)) checkRing(state, virtual, idle.get(virtuals.keyA[virtual]!) ?? 0);
}

/** The ring of idle tags has all of them, both ways. */
function checkRing(state: State, virtual: number, size: number): void {
  const { tags, virtuals } = state;
  const key = virtuals.keyA[virtual]!;
  const first = virtuals.c.firstIdle[virtual]!;
  let found = 0;
  for (let tenant = first; tenant !== 0; found++) {
    const after = tags.c.idleAfter[tags.find(key, tenant)]!;
    same('tag before the next one of a ring', tags.c.idleBefore[tags.find(key, after)], tenant);
    tenant = after === first ? 0 : after;
    if (found > size) break;
  }
  same('size of a ring of idle tags', found, size);
}

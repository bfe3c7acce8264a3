/**
 * What each DAG of a tenant has had in a class, as start-time fair queueing between them needs it. Only `fair@1` looks at
 * it, and a row of each DAG and class is dear, so it is kept only while that policy is in force, which the cell's row says.
 *
 * All DAGs of a tenant begin equal, with nothing, when a busy period of it begins: it had neither flows nor leases of the
 * priority in the class. So tags grow only as long as it is busy. Rows stay behind, of DAGs that want nothing then, and
 * while other policies are in force: each says of which period it is, and one of another period says nothing.
 */

import { DagState, Shape } from '../../catalogue/generated/codes.js';
import type { Fold } from '../fold.js';
import { MAX_SUM, MAX_TAG } from '../limits.js';
import { flowKey, tagKey } from '../rows/keys.js';
import type { State } from '../rows/state.js';
import { classesOfDag } from './classes-of-dag.js';
import { type Account, mostOwed } from './tags.js';

/** Whether it is kept now. */
export function keepsFairDags({ state: { cell, cellRow } }: Fold): boolean {
  return cell.c.policy[cellRow] === 'fair@1';
}

/** The tag of a DAG in a class. */
export function dagTagOf(state: State, dag: number, classSeq: number): number {
  const { dags, fairDags } = state;
  const row = fairDags.find(dags.keyA[dag]!, classSeq);
  if (row === 0) return 0;
  return fairDags.c.period[row] === periodOf(state, tagRowOf(state, dag, classSeq), classSeq)
    ? fairDags.c.tag[row]!
    : 0;
}

/**
 * The busy period that counts of a tenant: its own, or the one
 * that the policy began in the class when it came into force.
 */
function periodOf({ tags, classes }: State, tag: number, classSeq: number): number {
  return Math.max(tags.c.period[tag]!, classes.c.firstPeriod[classes.find(classSeq)]!);
}

/** The policy comes into force: in this class all DAGs begin equal. */
export function equalDags({ state: { classes } }: Fold, cls: number): void {
  classes.set.firstPeriod(cls, classes.add.busyPeriods(cls, 1));
}

/**
 * A flow of the DAG begins to compete in the class: a DAG that becomes backlogged, with its first flow or with all that it
 * has as it comes back, starts at max(tag, V). Where its tenant wanted nothing and had nothing there, all of its DAGs begin
 * equal.
 */
export function backlogDag(fold: Fold, dag: number, classSeq: number, comesBack: boolean): void {
  if (!keepsFairDags(fold)) return;
  const { state } = fold;
  if (!comesBack && wants(state, dag, classSeq)) return;
  const { classes, tags, fairDags, cell, cellRow } = state;
  const tag = tagRowOf(state, dag, classSeq);
  const isFirst = tags.c.flows[tag] === 1 && tags.c.leases[tag] === 0;
  enterPeriod(fold, tag, isFirst ? classes.add.busyPeriods(classes.find(classSeq), 1) : periodOf(state, tag, classSeq));
  const row = rowInPeriod(fold, dag, tag, classSeq);
  fairDags.set.sinceToken(row, cell.c.nextToken[cellRow]!);
  setTag(fold, row, Math.max(tags.c.dagV[tag]!, fairDags.c.tag[row]!));
}

/** Whether a job of the DAG is ready in the class. */
function wants({ flows, dags }: State, dag: number, classSeq: number): boolean {
  for (let shape = 0; shape <= Shape.wide; shape++) {
    const flow = flows.find(dags.keyA[dag]!, flowKey(classSeq, shape));
    if (flow !== 0 && flows.c.ready[flow]! > 0) return true;
  }
  return false;
}

/** The tenant is in this busy period; if it was in another one, V of its DAGs begins anew, too. */
function enterPeriod({ state: { tags } }: Fold, tag: number, period: number): void {
  if (tags.c.period[tag] === period) return;
  tags.set.period(tag, period);
  tags.set.dagV(tag, 0);
}

/**
 * Charges a dispatch: V of the tenant's DAGs is the start tag of what is dispatched, without what its DAG was charged for
 * what still runs, for that may be too much.
 */
export function chargeDag(fold: Fold, dag: number, classSeq: number, cost: number): void {
  if (!keepsFairDags(fold)) return;
  const { state } = fold;
  const { tags, fairDags } = state;
  const tag = tagRowOf(state, dag, classSeq);
  enterPeriod(fold, tag, periodOf(state, tag, classSeq));
  const row = rowInPeriod(fold, dag, tag, classSeq);
  const v = tags.c.dagV[tag]!;
  const before = Math.max(fairDags.c.tag[row]!, v - mostOwed(state, classSeq));
  tags.set.dagV(tag, Math.max(v, before - fairDags.c.pending[row]!));
  setTag(fold, row, before + cost);
  fairDags.set.pending(row, Math.min(MAX_SUM, fairDags.c.pending[row]! + cost));
}

/** The tag row of the DAG's tenant and priority in a class. */
function tagRowOf({ dags, tags }: State, dag: number, classSeq: number): number {
  return tags.find(tagKey(classSeq, dags.c.priority[dag]!), dags.c.tenant[dag]!);
}

/**
 * Corrects it by what was really used; a DAG that has another priority since began anew there, as all do with a period. It
 * may come to lie behind V where it has wanted more all the time: while it waited for what cost it less than it was
 * charged, others had what was its own.
 */
export function correctDag(
  fold: Fold,
  dagSeq: number,
  account: Account,
  token: number,
  cost: number,
  actual: number,
): void {
  if (!keepsFairDags(fold)) return;
  const { state } = fold;
  const { dags, fairDags, tags } = state;
  const row = fairDags.find(dagSeq, account.class);
  const dag = row === 0 ? 0 : dags.find(dagSeq);
  if (dag === 0 || dags.c.state[dag]! > DagState.ending || dags.c.priority[dag] !== account.priority) return;
  const tag = tagRowOf(state, dag, account.class);
  if (tag === 0 || fairDags.c.period[row] !== periodOf(state, tag, account.class)) return;
  const least = token > fairDags.c.sinceToken[row]! ? 0 : tags.c.dagV[tag]!;
  setTag(fold, row, Math.max(least, fairDags.c.tag[row]! + actual - cost));
  fairDags.set.pending(row, Math.max(0, fairDags.c.pending[row]! - cost));
}

/** What the DAG has had is of no interest any more: it has ended, or has another priority. */
export function forgetDag(fold: Fold, dag: number): void {
  const { state } = fold;
  const { dags, fairDags } = state;
  for (const classSeq of classesOfDag(state, dag)) {
    if (dags.c.fairDags[dag] === 0) return;
    const row = fairDags.find(dags.keyA[dag]!, classSeq);
    if (row === 0) continue;
    fairDags.clear(row);
    dags.add.fairDags(dag, -1);
  }
}

function setTag({ state: { fairDags } }: Fold, row: number, value: number): void {
  fairDags.set.tag(row, Math.min(MAX_TAG, value));
}

/** The row of a DAG in a class; one of another period says nothing, and begins anew. */
function rowInPeriod(fold: Fold, dag: number, tag: number, classSeq: number): number {
  const { dags, fairDags, tags } = fold.state;
  const known = fairDags.find(dags.keyA[dag]!, classSeq);
  const period = tags.c.period[tag]!;
  if (known !== 0 && fairDags.c.period[known] === period) return known;
  if (known === 0) dags.add.fairDags(dag, 1);
  const row = fairDags.row(dags.keyA[dag]!, classSeq);
  fairDags.set.tag(row, 0);
  fairDags.set.period(row, period);
  fairDags.set.pending(row, 0);
  return row;
}

/**
 * What each DAG of a tenant has had in a class, as start-time fair queueing between them needs it. Only `fair@1` looks at
 * it, and a row of each DAG and class is dear, so it is kept only while that policy is in force, which the cell's row says.
 *
 * All DAGs of a tenant begin equal, with nothing, when a busy period of it begins: it had neither flows nor leases of the
 * priority in the class. So tags grow only as long as it is busy. Rows stay behind, of DAGs that want nothing then, and
 * while other policies are in force: each says of which period it is, and one of another period says nothing.
 */

import { DagState } from '../../catalogue/generated/codes.js';
import type { Fold } from '../fold.js';
import { tagKey } from '../keys.js';
import { MAX_TAG } from '../limits.js';
import type { State } from '../state.js';
import type { Account } from './tags.js';

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

/** The busy period that counts of a tenant: its own, or the one that the policy began in the class when it came into force. */
function periodOf({ tags, classes }: State, tag: number, classSeq: number): number {
  return Math.max(tags.c.period[tag]!, classes.c.firstPeriod[classes.find(classSeq)]!);
}

/** The policy comes into force: in this class all DAGs begin equal. */
export function equalDags({ state: { classes } }: Fold, cls: number): void {
  classes.set.firstPeriod(cls, classes.add.busyPeriods(cls, 1));
}

/**
 * A flow of the DAG has begun to compete in the class: a DAG that becomes backlogged starts at max(tag, V). Where its
 * tenant wanted nothing and had nothing there, all of its DAGs begin equal.
 */
export function backlogDag(fold: Fold, dag: number, classSeq: number): void {
  if (!keepsFairDags(fold)) return;
  const { state } = fold;
  const { classes, tags } = state;
  const tag = tagRowOf(state, dag, classSeq);
  const isFirst = tags.c.flows[tag] === 1 && tags.c.leases[tag] === 0;
  enterPeriod(fold, tag, isFirst ? classes.add.busyPeriods(classes.find(classSeq), 1) : periodOf(state, tag, classSeq));
  const v = tags.c.dagV[tag]!;
  if (v > dagTagOf(state, dag, classSeq)) setTag(fold, dag, tag, classSeq, v);
}

/** The tenant is in this busy period; if it was in another one, V of its DAGs begins anew, too. */
function enterPeriod({ state: { tags } }: Fold, tag: number, period: number): void {
  if (tags.c.period[tag] === period) return;
  tags.set.period(tag, period);
  tags.set.dagV(tag, 0);
}

/** Charges a dispatch: V of the tenant's DAGs is the start tag of what is dispatched. */
export function chargeDag(fold: Fold, dag: number, classSeq: number, cost: number): void {
  if (!keepsFairDags(fold)) return;
  const { state } = fold;
  const { tags } = state;
  const before = dagTagOf(state, dag, classSeq);
  const tag = tagRowOf(state, dag, classSeq);
  enterPeriod(fold, tag, periodOf(state, tag, classSeq));
  if (before > tags.c.dagV[tag]!) tags.set.dagV(tag, before);
  setTag(fold, dag, tag, classSeq, before + cost);
}

/** The tag row of the DAG's tenant and priority in a class. */
function tagRowOf({ dags, tags }: State, dag: number, classSeq: number): number {
  return tags.find(tagKey(classSeq, dags.c.priority[dag]!), dags.c.tenant[dag]!);
}

/** Corrects it by what was really used; a DAG that has another priority since began anew there, as all do with a period. */
export function correctDag(fold: Fold, dagSeq: number, account: Account, difference: number): void {
  if (!keepsFairDags(fold)) return;
  const { state } = fold;
  const { dags, fairDags, tags } = state;
  const row = fairDags.find(dagSeq, account.class);
  const dag = row === 0 ? 0 : dags.find(dagSeq);
  if (dag === 0 || dags.c.state[dag]! > DagState.ending || dags.c.priority[dag] !== account.priority) return;
  const tag = tagRowOf(state, dag, account.class);
  if (tag === 0 || fairDags.c.period[row] !== periodOf(state, tag, account.class)) return;
  setTag(fold, dag, tag, account.class, Math.max(tags.c.dagV[tag]!, fairDags.c.tag[row]! + difference));
}

/** What the DAG has had is of no interest any more: it has ended, or has another priority. */
export function forgetDag(fold: Fold, dag: number): void {
  const { state } = fold;
  const { dags, fairDags, cell, cellRow } = state;
  const last = cell.c.nextClass[cellRow]!;
  for (let classSeq = 1; classSeq <= last && dags.c.fairDags[dag]! > 0; classSeq++) {
    const row = fairDags.find(dags.keyA[dag]!, classSeq);
    if (row === 0) continue;
    fairDags.clear(row);
    dags.add.fairDags(dag, -1);
  }
}

function setTag(fold: Fold, dag: number, tag: number, classSeq: number, value: number): void {
  const { dags, fairDags, tags } = fold.state;
  const known = fairDags.find(dags.keyA[dag]!, classSeq);
  if (known === 0) dags.add.fairDags(dag, 1);
  const row = known === 0 ? fairDags.row(dags.keyA[dag]!, classSeq) : known;
  fairDags.set.tag(row, Math.min(MAX_TAG, value));
  fairDags.set.period(row, tags.c.period[tag]!);
}

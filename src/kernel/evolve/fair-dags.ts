/**
 * What each DAG of a tenant has had in a class, as start-time fair queueing between them needs it. Only `fair@1` looks at
 * it, and a row of each DAG and class is dear, so it is kept only while that policy is in force, which the cell's row says.
 *
 * Rows stay behind: of DAGs that want nothing in the class while their tenant's virtual time begins anew, and while other
 * policies are in force. What they say is outdated then, but no higher than the class's `dagTop`: where all begin equal,
 * they begin there.
 */
import { DagState } from '../../catalogue/generated/codes.js';
import { type Fold, tagKey } from '../fold.js';
import { MAX_TAG } from '../limits.js';
import type { State } from '../state.js';
import type { Account } from './tags.js';

/** Whether it is kept now. */
export function keepsFairDags({ state: { cell, cellRow } }: Fold): boolean {
  return cell.c.policy[cellRow] === 'fair@1';
}

/** The tag of a DAG in a class. */
export function dagTagOf({ dags, fairDags, classes }: State, dag: number, classSeq: number): number {
  const tag = fairDags.c.tag[fairDags.find(dags.keyA[dag]!, classSeq)]!;
  return Math.max(tag, classes.c.dagFloor[classes.find(classSeq)]!);
}

/** The policy comes into force: in this class all DAGs begin equal. */
export function equalDags({ state: { classes } }: Fold, cls: number): void {
  classes.set.dagFloor(cls, classes.c.dagTop[cls]!);
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
  if (tags.c.flows[tag] === 1 && tags.c.leases[tag] === 0) {
    tags.set.dagV(tag, classes.c.dagTop[classes.find(classSeq)]!);
  }
  const v = tags.c.dagV[tag]!;
  if (v > dagTagOf(state, dag, classSeq)) setTag(fold, dag, classSeq, v);
}

/** Charges a dispatch: V of the tenant's DAGs is the start tag of what is dispatched. */
export function chargeDag(fold: Fold, dag: number, classSeq: number, cost: number): void {
  if (!keepsFairDags(fold)) return;
  const { state } = fold;
  const { tags } = state;
  const before = dagTagOf(state, dag, classSeq);
  const tag = tagRowOf(state, dag, classSeq);
  if (before > tags.c.dagV[tag]!) tags.set.dagV(tag, before);
  setTag(fold, dag, classSeq, before + cost);
}

/** The tag row of the DAG's tenant and priority in a class. */
function tagRowOf({ dags, tags }: State, dag: number, classSeq: number): number {
  return tags.find(tagKey(classSeq, dags.c.priority[dag]!), dags.c.tenant[dag]!);
}

/** Corrects it by what was really used; a DAG that has another priority since began anew there. */
export function correctDag(fold: Fold, dagSeq: number, account: Account, difference: number): void {
  const { state } = fold;
  const { dags, tags, fairDags } = state;
  const row = fairDags.table.live === 0 ? 0 : fairDags.find(dagSeq, account.class);
  const dag = row === 0 ? 0 : dags.find(dagSeq);
  if (dag === 0 || dags.c.state[dag]! > DagState.ending || dags.c.priority[dag] !== account.priority) return;
  const v = tags.c.dagV[tagRowOf(state, dag, account.class)]!;
  setTag(fold, dag, account.class, Math.max(v, 1, fairDags.c.tag[row]! + difference));
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

function setTag(fold: Fold, dag: number, classSeq: number, value: number): void {
  const { dags, fairDags, classes } = fold.state;
  const known = fairDags.find(dags.keyA[dag]!, classSeq);
  if (known === 0) dags.add.fairDags(dag, 1);
  const row = known === 0 ? fairDags.row(dags.keyA[dag]!, classSeq) : known;
  const tag = Math.min(MAX_TAG, value);
  fairDags.set.tag(row, tag);
  const cls = classes.find(classSeq);
  if (tag > classes.c.dagTop[cls]!) classes.set.dagTop(cls, tag);
}

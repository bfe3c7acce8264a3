/**
 * What each DAG of a tenant has had in a class, as start-time fair queueing between them needs it. Only `fair@1` looks at
 * it, and a row of each DAG and class is dear, so it is kept only while that policy is in force, which the cell's row says.
 */
import { DagState } from '../../catalogue/generated/codes.js';
import { type Fold, tagKey } from '../fold.js';
import type { Account } from './tags.js';

function isKept(fold: Fold): boolean {
  const { cell, cellRow } = fold.state;
  return cell.c.policy[cellRow] === 'fair@1';
}

/** A flow of the DAG begins in the class: a DAG that becomes backlogged starts at max(tag, V). */
export function startDag(fold: Fold, dag: number, classSeq: number): void {
  if (!isKept(fold)) return;
  const { dags, tags, fairDags } = fold.state;
  const { priority, tenant } = dags.c;
  const v = tags.c.dagV[tags.find(tagKey(classSeq, priority[dag]!), tenant[dag]!)]!;
  if (v > fairDags.c.tag[fairDags.find(dags.keyA[dag]!, classSeq)]!) setTag(fold, dag, classSeq, v);
}

/** Charges a dispatch: V of the tenant's DAGs is the start tag of what is dispatched. */
export function chargeDag(fold: Fold, dag: number, classSeq: number, cost: number): void {
  if (!isKept(fold)) return;
  const { state } = fold;
  const { dags, tags, fairDags } = state;
  const { priority, tenant } = dags.c;
  const before = fairDags.c.tag[fairDags.find(dags.keyA[dag]!, classSeq)]!;
  const tag = tags.find(tagKey(classSeq, priority[dag]!), tenant[dag]!);
  if (before > tags.c.dagV[tag]!) tags.set.dagV(tag, before);
  setTag(fold, dag, classSeq, before + cost);
}

/** Corrects it by what was really used. */
export function correctDag(fold: Fold, dagSeq: number, account: Account, difference: number): void {
  const { dags, tags, fairDags } = fold.state;
  const row = fairDags.table.live === 0 ? 0 : fairDags.find(dagSeq, account.class);
  const dag = row === 0 ? 0 : dags.find(dagSeq);
  if (dag === 0 || dags.c.state[dag]! > DagState.ending) return;
  const tag = tags.find(tagKey(account.class, account.priority), account.tenant);
  const v = tag === 0 ? 0 : tags.c.dagV[tag]!;
  setTag(fold, dag, account.class, Math.max(v, 1, fairDags.c.tag[row]! + difference));
}

/** The DAG has ended: what it has had is of no interest any more. */
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
  const { state } = fold;
  const { dags, fairDags } = state;
  const known = fairDags.find(dags.keyA[dag]!, classSeq);
  if (known === 0) dags.add.fairDags(dag, 1);
  const row = known === 0 ? fairDags.row(dags.keyA[dag]!, classSeq) : known;
  fairDags.set.tag(row, value);
}

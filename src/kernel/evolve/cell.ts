/** The cell's own facts: limits, policy, leadership, what is remembered, what is forgotten. */

import { Code, CursorKind } from '../../catalogue/generated/codes.js';
import type * as E from '../../catalogue/generated/types.js';
import type { Fold } from '../fold.js';
import { DEFAULT_POLICY, REMEMBER_INPUT_MS } from '../limits.js';
import { JobFlag } from '../rows/flags.js';
import { IdKind, nameIt, seqOf } from '../rows/ids.js';
import { keptLimit } from '../rows/limit-field.js';
import { setRates } from './buckets.js';
import { clearCredits, keepFree } from './classes.js';
import { dagRow, tenantRow } from './dags.js';
import { equalDags, keepsFairDags } from './fair-dags.js';
import { classRow } from './layout.js';
import { makeCursor } from './make-cursor.js';

export function policyChanged(fold: Fold, body: E.PolicyChanged): void {
  const { state } = fold;
  const { cell, cellRow, classes } = state;
  const before = cell.c.policy[cellRow] || DEFAULT_POLICY;
  cell.set.policy(cellRow, body.policy);
  // Whoever sets it again and again gives the guard no more than its share.
  if (body.policy === before) return;
  cell.set.policyToken(cellRow, cell.c.nextToken[cellRow]!);
  for (let seq = 1; seq <= cell.c.nextClass[cellRow]!; seq++) {
    const cls = classes.find(seq);
    clearCredits(fold, cls);
    if (keepsFairDags(fold)) equalDags(fold, cls);
  }
}

export function classLimitsChanged(fold: Fold, body: E.ClassLimitsChanged): void {
  const { state, input } = fold;
  if (input?.code !== Code.SetClassLimits) throw new Error('assertion failed: ClassLimitsChanged without its input');
  const { classes } = state;
  const limits = input.body;
  if (classRow(fold, limits.group, limits.executorClass) !== body.class) {
    throw new Error('assertion failed: the class of limits is numbered otherwise');
  }
  const cls = classes.find(body.class);
  keepFree(fold, cls);
  classes.set.maxSlots(cls, keptLimit(limits.maxSlots));
  classes.set.unitCost(cls, limits.unitCost);
  classes.set.shortReserve(cls, keptLimit(limits.shortReserve));
  setRates(fold, body.class, limits.rates);
}

export function tenantLimitsChanged(fold: Fold, body: E.TenantLimitsChanged): void {
  const { state, input } = fold;
  if (input?.code !== Code.SetTenantLimits) throw new Error('assertion failed: TenantLimitsChanged without its input');
  const { tenants } = state;
  const limits = input.body;
  const tenant = tenantRow(fold, limits.tenant, body.tenant);
  tenants.set.weight(tenant, limits.weight);
  tenants.set.maxOpenDags(tenant, keptLimit(limits.openDags));
  tenants.set.maxActiveDags(tenant, keptLimit(limits.activeDags));
  tenants.set.maxRunnableJobs(tenant, keptLimit(limits.runnableJobs));
}

export function cellLimitsChanged(fold: Fold): void {
  const { state, input } = fold;
  if (input?.code !== Code.SetCellLimits) throw new Error('assertion failed: CellLimitsChanged without its input');
  const { cell, cellRow } = state;
  const { knownJobs, retainTerminalMs, retainTerminalJobs, retainExecutorsMs } = input.body;
  cell.set.maxKnownJobs(cellRow, keptLimit(knownJobs));
  cell.set.retainTerminalMs(cellRow, keptLimit(retainTerminalMs));
  cell.set.retainTerminalJobs(cellRow, keptLimit(retainTerminalJobs));
  cell.set.retainExecutorsMs(cellRow, keptLimit(retainExecutorsMs));
}

/** No session ends before every executor had the longest session's time to be heard. */
export function leaderElected(fold: Fold, body: E.LeaderElected): void {
  const { cell, cellRow } = fold.state;
  cell.set.noLossBeforeMs(cellRow, body.noLossBeforeMs);
}

export function timeLeapt(fold: Fold, { gapMs }: E.TimeLeapt): void {
  const { cell, cellRow } = fold.state;
  const { wentOnAtMs, longestSessionMs, unheardMs } = cell.c;
  const ranMs = fold.at - gapMs - wentOnAtMs[cellRow]!;
  cell.set.unheardMs(cellRow, (ranMs < longestSessionMs[cellRow]! ? unheardMs[cellRow]! : 0) + gapMs);
  cell.set.wentOnAtMs(cellRow, fold.at);
  cell.set.noLossBeforeMs(cellRow, fold.running + longestSessionMs[cellRow]!);
}

/** Remembers an input's id for a while, and forgets at most two of those whose time is over. */
export function remember(fold: Fold, inputId: string): void {
  const { state } = fold;
  const { remembered, ids, cell, cellRow } = state;
  const seq = state.cell.add.nextRemembered(state.cellRow, 1);
  const id = nameIt(state, IdKind.input, '', inputId, seq);
  const row = remembered.row(seq);
  remembered.set.idA(row, ids.keyA[id]!);
  remembered.set.idB(row, ids.keyB[id]!);
  remembered.set.untilMs(row, fold.at + REMEMBER_INPUT_MS);
  remembered.set.turn(row, fold.turn);
  for (let n = 0; n < 2; n++) {
    const first = cell.c.firstRemembered[cellRow]! + 1;
    const oldest = remembered.find(first);
    if (oldest === 0 || remembered.c.untilMs[oldest]! >= fold.at) return;
    const named = ids.find(remembered.c.idA[oldest]!, remembered.c.idB[oldest]!);
    if (named !== 0) ids.clear(named);
    remembered.clear(oldest);
    cell.set.firstRemembered(cellRow, first);
  }
}

/** What was refused is answered so again when it comes again; of inputs that aren't remembered nothing changes. */
export function inputRefused({ state, input }: Fold, { problems }: E.InputRefused): void {
  if (input === null || !isRemembered(input)) return;
  const { remembered } = state;
  const row = remembered.find(seqOf(state, IdKind.input, '', input.envelope.inputId));
  const { code, path, detail } = problems[0]!;
  remembered.set.refusedAs(row, code);
  remembered.set.refusedAt(row, path);
  remembered.set.refusedWhy(row, detail);
}

/**
 * Whether the input's id is remembered. Controls are carried out once. A registration that comes again late would say
 * what its executor ran long ago: slots of what it has begun since would be free while the work runs.
 */
export function isRemembered({ code }: E.InputEntry): boolean {
  return code === Code.RegisterExecutor || (code >= Code.CancelDag && code <= Code.ReportSnapshot);
}

/** Removes a DAG's rows, step by step; with the first one nobody finds it any more, by its names or among the ended. */
export function dagForgotten(fold: Fold, body: E.DagForgotten): void {
  const { state } = fold;
  const { dags, jobs, fans, retired, cell, cellRow, space } = state;
  const dag = dagRow(fold, body.dag);
  if (body.from === 0) {
    cell.set.firstRetired(cellRow, dags.c.retiredSeq[dag]!);
    retired.clear(retired.find(dags.c.retiredSeq[dag]!));
    cell.add.retiredJobs(cellRow, -dags.c.jobsTotal[dag]!);
    if (!body.last) makeCursor(fold, CursorKind.forget, body.dag, 0);
    state.ids.clear(state.names.id(dag));
    state.ids.clear(state.names.key(dag));
  }
  for (let index = body.from; index < body.to; index++) {
    const fan = fans.find(body.dag, index);
    if (fan !== 0) fans.clear(fan);
    const job = space.handle(dag, index);
    if (job === 0) continue;
    forgetCold(fold, body.dag, index, job);
    jobs.set.empty(job);
  }
  if (!body.last) return;
  fold.cold({ kind: 'gone', dag: body.dag, job: -1, attempts: 0, outputs: false, failures: false });
  dags.clear(dag);
}

/** The cold rows of a job's attempts go with its row. */
function forgetCold(fold: Fold, dag: number, index: number, job: number): void {
  const { attempt, flags } = fold.state.jobs.c;
  const outputs = (flags[job]! & JobFlag.hasOutput) !== 0;
  const failures = (flags[job]! & JobFlag.hasFailure) !== 0;
  if (outputs || failures) fold.cold({ kind: 'gone', dag, job: index, attempts: attempt[job]!, outputs, failures });
}

/** `why`: why a job was dispatched when it was, there, and not earlier. */

import { EvidenceField } from '../../src/catalogue/generated/codes.js';
import { counted, duration } from '../../src/cli/text/format.js';
import { JournalError } from '../../src/journal/errors.js';
import type { JobRef } from '../../src/kernel/explain/index.js';
import { fieldName, fieldValue } from '../../src/scheduler/views/evidence.js';
import { type FoldProgress, fold } from '../fold.js';
import type { History } from '../history.js';
import { type JobName, Names } from '../names.js';
import { type AmongSame, amongSame, type WhichDag } from '../same-id.js';
import type { ScratchFold } from '../scratch-fold.js';
import type { PassedOver } from '../snapshot/resume.js';
import { type Again, DecidedAgain } from './again.js';
import type { DagTurns } from './dag-index.js';
import { type Decision, Decisions, type KeyField } from './decision.js';
import { FindJob, type JobPath } from './find-job.js';
import { isMost, percentWords, sharesOf } from './holders.js';
import { openDagIndex } from './index-file.js';
import { LastEnd } from './last-end.js';
import { usesOf } from './uses.js';
import { partsOf, type Wait, type WaitPart, type WaitSpan, type WaitStart } from './wait.js';
import { Waits } from './waits.js';
import { keyWords, partWords } from './words.js';

/** A DAG whose jobs held the slots that the job waited for. */
export interface HolderView {
  readonly tenant: string;
  readonly dag: string;
  readonly jobs: number;
  readonly slotMs: number;
  /** Of all that was held meanwhile, in thousandths. */
  readonly permille: number;
}

/** Jobs of a DAG that were dispatched while the job was ready too. */
export interface OvertakingView extends JobName {
  readonly jobs: number;
  /** The field of the key in which they won; `reservation`; `none`: they come later, and there was room for them alone. */
  readonly rule: string;
  /** Of the first of them, which `job` names: when, its value there, and the job's own; null where there is none. */
  readonly atMs: number;
  readonly value: number | null;
  readonly own: number | null;
}

/** A dispatch: what the journal says, and whether deciding it again says the same. */
export interface DecisionView {
  readonly policy: string;
  readonly lane: string;
  readonly executor: string;
  readonly freeAfter: number;
  readonly runnerUp: JobName | null;
  readonly decidedBy: string | null;
  readonly key: readonly KeyField[];
  readonly words: readonly string[];
  /** The turn decided again: in the same bytes; the job's dispatch with the same executor and evidence. */
  readonly again: { readonly sameTurn: boolean; readonly sameDispatch: boolean };
}

/** One attempt, from when it could be waited for to its dispatch. `parts` and `spans` sum exactly to `waitMs`. */
export interface AttemptView {
  readonly attempt: number;
  readonly from: { readonly turn: number; readonly atMs: number; readonly what: WaitStart };
  readonly dispatched: { readonly turn: number; readonly atMs: number } | null;
  readonly waitMs: number;
  /** The longest part in words. */
  readonly cause: string;
  readonly parts: readonly WaitPart[];
  readonly spans: readonly WaitSpan[];
  readonly holders: readonly HolderView[];
  readonly overtakings: readonly OvertakingView[];
  readonly decision: DecisionView | null;
}

export interface WhyReport extends JobName, AmongSame {
  readonly executorClass: string;
  readonly attempts: readonly AttemptView[];
}

export interface WhyOptions {
  /** The attempt that is asked for, where the path doesn't say it; otherwise all of them. */
  readonly attempt?: number;
  /** Called now and then while the turns are folded. */
  readonly onProgress?: (done: FoldProgress) => void;
  /** Called now and then while the DAG's turns are looked for. */
  readonly onIndexed?: (done: FoldProgress) => void;
  /** Told why the index beside the journal could not be brought up to date; nothing else comes of it. */
  readonly onUnkept?: (error: unknown) => void;
  /** Told of snapshots that can't be used. */
  readonly onPassedOver?: (what: PassedOver) => void;
}

/**
 * Explains the attempts of a job. Only the turns are folded in which the DAG was open and the job had not ended, from the
 * newest snapshot before them; which those are says the history's index (`openDagIndex`), or a pass over all turns that
 * makes one. Throws `JournalError` `not-found` when the history has no such DAG, job or attempt.
 */
export async function why(history: History, path: JobPath & WhichDag, options: WhyOptions = {}): Promise<WhyReport> {
  const { onIndexed, onUnkept } = options;
  const { index } = await openDagIndex(history, {
    keep: 'if-there',
    ...(onIndexed && { onProgress: onIndexed }),
    ...(onUnkept && { onUnkept }),
  });
  const ranges = await usesOf(history, path, index.find(path.tenant, path.dag));
  const since = history.firstTurn === 1 ? '' : `; those before turn ${history.firstTurn} are not in this history`;
  const among = amongSame(ranges.length, path, since);
  return whyIn(history, path, among, ranges[among.nth - 1]!, options);
}

/** Explains the attempts of a job by those turns only in which its DAG was open. */
async function whyIn(
  history: History,
  path: JobPath,
  among: AmongSame,
  range: DagTurns,
  { attempt, onProgress, onPassedOver }: WhyOptions,
): Promise<WhyReport> {
  const waits = new Waits();
  const target = new FindJob(path, waits);
  const only = (): number | null => attempt ?? target.attempt;
  const isMeant = (one: number): boolean => (only() ?? one) === one;
  const isTarget = ({ dag, job }: JobRef): boolean => dag === target.dag && job === target.job;
  const decisions = new Decisions(isTarget);
  const again = new DecidedAgain((lease) => isTarget(lease) && isMeant(lease.attempt));
  const end = new LastEnd(target, range);
  // An attempt that is given back is waited for once more: it is over when the next one has begun.
  const isPast = (): boolean => waits.waits.some((wait) => wait.attempt > (only() ?? wait.attempt));
  const isEnough = { isDone: () => target.isMissing || isPast() };
  // The target before all who ask for it: in the turn that makes it, too, they have to know it.
  const scratch = await fold(history, [target, again, decisions, waits, end, isEnough], {
    ...(range.first > 1 && { after: { turn: range.first - 1 } }),
    ...(range.last !== null && { toTurn: range.last }),
    follows: true,
    keepsOutputs: true,
    ...(onProgress && { onProgress }),
    ...(onPassedOver && { onPassedOver }),
  });
  try {
    waits.finish();
    if (target.spec === null) throw new Error(`assertion failed: turn ${range.first} doesn't accept ${path.dag}`);
    const { name: job } = target;
    if (target.job === null) throw missing(`DAG ${path.dag} has no job ${job}`);
    const asked = waits.waits.filter((wait) => isMeant(wait.attempt));
    if (asked.length === 0) throw missing(`${job} of ${path.dag} has no attempt ${only()}`);
    const attempts: AttemptView[] = [];
    for (const wait of asked) attempts.push(await attemptView(scratch, wait, decisions, again));
    const { tenant, dag } = path;
    return { tenant, dag, job, ...among, executorClass: target.spec.jobs[target.own]!.executorClass, attempts };
  } finally {
    await scratch.close();
  }
}

function missing(detail: string): JournalError {
  return new JournalError('not-found', detail);
}

async function attemptView(
  scratch: ScratchFold,
  wait: Wait,
  { decisions }: Decisions,
  again: DecidedAgain,
): Promise<AttemptView> {
  const names = new Names(scratch);
  const parts = partsOf(wait.spans);
  const decision = wait.to === null ? undefined : decisions.get(wait.to.token);
  const waitMs = wait.untilMs - wait.from.atMs;
  return {
    attempt: wait.attempt,
    from: wait.from,
    dispatched: wait.to === null ? null : { turn: wait.to.turn, atMs: wait.to.atMs },
    waitMs,
    cause: await causeOf(names, wait, parts),
    parts,
    spans: wait.spans,
    holders: await holderViews(names, wait),
    overtakings: await overtakingViews(names, wait),
    decision: decision === undefined ? null : await decisionView(names, decision, again.of(decision.token)),
  };
}

async function causeOf(names: Names, wait: Wait, parts: readonly WaitPart[]): Promise<string> {
  const [longest] = parts;
  if (longest === undefined) return 'it was dispatched at once';
  const words = `${duration(longest.ms)}: ${partWords(longest)}`;
  const [holder] = sharesOf(wait);
  if (holder === undefined || longest.reason !== 'no-free-slot') return words;
  const { dag } = await names.dag(holder.dag);
  const slots = isMost(holder.permille) ? 'most slots' : `${percentWords(holder.permille)} of the slots`;
  return `${words}; ${slots} were held by ${counted(holder.jobs, 'job')} of ${dag}`;
}

async function holderViews(names: Names, wait: Wait): Promise<HolderView[]> {
  const views: HolderView[] = [];
  for (const { dag, ...held } of sharesOf(wait)) views.push({ ...(await names.dag(dag)), ...held });
  return views;
}

async function overtakingViews(names: Names, { overtakings }: Wait): Promise<OvertakingView[]> {
  const views: OvertakingView[] = [];
  for (const { jobs, field, first } of overtakings) {
    const { dag, job, atMs } = first;
    const [value, own] = isCompared(field)
      ? [fieldValue(field, first.value), fieldValue(field, first.own)]
      : [null, null];
    views.push({ ...(await names.job(dag, job)), jobs, rule: fieldName(field), atMs, value, own });
  }
  return views;
}

/** Whether a job left first by a value that it has: not by a reservation, nor because there was room for it alone. */
function isCompared(field: number): boolean {
  return field !== EvidenceField.none && field !== EvidenceField.reservation;
}

async function decisionView(names: Names, decision: Decision, again: Again): Promise<DecisionView> {
  const { policy, lane, executor, evidence, runnerUp, decidedBy, key } = decision;
  const sameDispatch = JSON.stringify(again.dispatch) === JSON.stringify({ executor, evidence });
  return {
    policy,
    lane,
    executor: names.executor(executor),
    freeAfter: evidence.freeAfter,
    runnerUp: runnerUp === null ? null : await names.job(runnerUp.dag, runnerUp.job),
    decidedBy,
    key,
    words: keyWords(key, decidedBy, { own: evidence.lane, runnerUp: evidence.runnerUpValue }),
    again: { sameTurn: again.sameTurn, sameDispatch },
  };
}

import type { DagSummary, DagView, DeadlineRisk } from '../../../answers/types.js';
import { DAG_STATE_NAMES, DagState } from '../../../catalogue/generated/codes.js';
import { kebab } from '../../../catalogue/kebab.js';
import type { SubmissionHead } from '../../../catalogue/submission-head.js';
import { DeadlineFlag } from '../../../kernel/rows/flags.js';
import type { Columns } from '../../../kernel/rows/table.js';
import type { DAG } from '../../../kernel/rows/tables.js';

/** What a DAG's row says, taken out of its table: the row may leave memory while the rest is read. */
export interface DagFacts {
  readonly seq: number;
  readonly state: number;
  readonly paused: boolean;
  readonly run: number;
  readonly priority: number;
  readonly deadlineAtMs: number;
  readonly hardDeadlineAtMs: number;
  readonly risk: DeadlineRisk;
  readonly acceptedAtMs: number;
  readonly startedAtMs: number;
  readonly endedAtMs: number;
  readonly code: string;
  readonly jobsTotal: number;
  readonly jobsLeft: number;
  readonly jobsFailedOrCancelled: number;
}

/** The facts of a row, in the state's table or in another of its kind. */
export function factsOf(seq: number, c: Columns<typeof DAG>, row: number): DagFacts {
  return {
    seq,
    state: c.state[row]!,
    paused: c.paused[row] !== 0,
    run: c.run[row]!,
    priority: c.priority[row]!,
    deadlineAtMs: c.deadlineAtMs[row]!,
    hardDeadlineAtMs: c.hardDeadlineAtMs[row]!,
    risk: riskOf(c, row),
    acceptedAtMs: c.acceptedAtMs[row]!,
    startedAtMs: c.startedAtMs[row]!,
    endedAtMs: c.endedAtMs[row]!,
    code: c.code[row] ?? '',
    jobsTotal: c.jobsTotal[row]!,
    jobsLeft: c.jobsLeft[row]!,
    jobsFailedOrCancelled: c.jobsFailed[row]!,
  };
}

/** How a DAG stands with its deadlines: the worst that its row has. One that has ended in time is at risk no more. */
export function riskOf(c: Columns<typeof DAG>, row: number): DeadlineRisk {
  const flags = c.deadlineFlags[row]!;
  if ((flags & DeadlineFlag.hardPassed) !== 0) return 'hard-passed';
  if ((flags & DeadlineFlag.missed) !== 0) return 'missed';
  if ((flags & DeadlineFlag.atRisk) !== 0 && c.endedAtMs[row] === 0) return 'at-risk';
  return c.deadlineAtMs[row] === 0 && c.hardDeadlineAtMs[row] === 0 ? 'none' : 'safe';
}

/** Whether a DAG in this state has ended. */
export function hasEnded(state: number): boolean {
  return state >= DagState.succeeded;
}

/** A DAG as readers see it, but for the turn that its row stands for. */
export function dagView(facts: DagFacts, head: SubmissionHead): Omit<DagView, 'turn'> {
  const time = (ms: number): number | null => (ms === 0 ? null : ms);
  return {
    dagId: head.dagId,
    dag: facts.seq,
    tenant: head.tenant,
    name: head.name,
    state: kebab(DAG_STATE_NAMES.get(facts.state)!),
    paused: facts.paused,
    run: facts.run,
    priority: facts.priority,
    deadlineAtMs: time(facts.deadlineAtMs),
    hardDeadlineAtMs: time(facts.hardDeadlineAtMs),
    risk: facts.risk,
    labels: head.labels,
    acceptedAtMs: facts.acceptedAtMs,
    startedAtMs: time(facts.startedAtMs),
    endedAtMs: time(facts.endedAtMs),
    code: facts.code === '' ? null : facts.code,
    jobsTotal: facts.jobsTotal,
    jobsLeft: facts.jobsLeft,
  };
}

/** The same as listings show it. */
export function summaryOf(facts: DagFacts, head: SubmissionHead): DagSummary {
  const { jobsFailedOrCancelled } = facts;
  return { ...dagView(facts, head), template: head.template, jobsFailedOrCancelled };
}

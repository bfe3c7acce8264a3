/** The study of a history: from a journal alone, by the very fold that runs live. */

export { type AnonymiseOptions, type AnonymiseReport, anonymise } from './anonymise/anonymise.js';
export { type ExportOptions, type ExportReport, exportTables } from './export/export.js';
export { type FoldOptions, type FoldProgress, fold, type Visitor } from './fold.js';
export { type History, type HistoryTurn, historyOf, type OpenJournalOptions, openJournal, placeOf } from './history.js';
export { type HtmlOptions, htmlReport } from './html/report.js';
export { type Moment, momentOf } from './moment.js';
export { NotInHistory } from './not-in-history.js';
export type {
  EntryDifference,
  EntryView,
  NamedRow,
  NamedViolation,
  Problem,
  RowDifference,
  TornEnd,
  TurnDifferences,
  VerifiedHead,
  VerifyReport,
} from './report.js';
export type { AmongSame, WhichDag } from './same-id.js';
export { type MissedFilter, type MissedReport, missedDeadlines } from './sla/missed.js';
export type { SlaReport } from './sla/report.js';
export { type SlaOptions, sla } from './sla/sla.js';
export type { PassedOver } from './snapshot/resume.js';
export { type TakenSnapshot, type TakeOptions, takeSnapshots } from './snapshot/take.js';
export { type VerifiedSnapshot, verifySnapshot } from './snapshot/verify.js';
export { diffStates, type RowChange, type StateDiff } from './state/diff.js';
export { dagOf, foldTo, type LeaseView, type StateAt, stateOf } from './state/state-at.js';
export { type VerifyOptions, type VerifyProgress, verify } from './verify.js';
export { type BisectReport, bisect } from './what-if/bisect.js';
export { type Change, type DagPath, ImpossibleChange, MAX_WEIGHT } from './what-if/change.js';
export { type DecidedTurn, decidedTurns, dispatchesAt } from './what-if/decided.js';
export { bisectReleases, type Release, type ReleasesReport, releaseIn } from './what-if/releases.js';
export { type SweepPoint, sweep } from './what-if/sweep.js';
export type { Numbers } from './what-if/tally.js';
export {
  type PartingView,
  Play,
  type Played,
  type PlayProgress,
  type Run,
  type WhatIfReport,
  whatIf,
} from './what-if/what-if.js';
export type { DagTurns } from './why/dag-index.js';
export { INDEX_NAME, type IndexNews, type IndexOptions, type OpenedIndex, openDagIndex } from './why/index-file.js';
export { type AttemptView, type DecisionView, type WhyOptions, type WhyReport, why } from './why/why.js';

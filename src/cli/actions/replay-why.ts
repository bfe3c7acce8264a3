import type { AttemptView, DecisionView, WhyReport } from '../../../replay/index.js';
import { valueWords } from '../../../replay/why/values.js';
import { partWords, ruleWords } from '../../../replay/why/words.js';
import type { Io } from '../terminal/io.js';
import { counted, duration, grouped, moment, moreLines, reportLines } from '../text/format.js';
import { type HistoryOptions, openHistory, passingOver, watching } from './open-history.js';
import { noteSame } from './same-id.js';

export interface WhyOptions extends HistoryOptions {
  readonly tenant: string;
  readonly nth?: number;
}

/** Holders and overtakings that are listed of each attempt. */
const MOST = 5;

/** `marie replay why`: why a job was dispatched when it was, there, and not earlier. */
export async function replayWhy(io: Io, place: string, dag: string, job: string, options: WhyOptions): Promise<void> {
  const { tenant, nth } = options;
  const history = await openHistory(place, options);
  const { why } = await import('../../../replay/why/why.js');
  const report = await watching(
    io,
    'folded',
    history,
    ({ onProgress, onPass }) =>
      why(
        history,
        { tenant, dag, job, ...(nth !== undefined && { nth }) },
        { onProgress, onIndexed: onPass('read'), onUnkept: unkept(io), onPassedOver: passingOver(io) },
      ),
    // Where the job has ended, who knows.
    { until: null },
  );
  io.emit('replay-why', report, (shown) => textOf(io, shown));
  noteSame(io, report);
}

/** Says of an index that it was of no use, or stays as it was: the answer is the same, and takes longer than it need. */
function unkept(io: Io): (error: unknown) => void {
  return (error) => io.note(`the index beside the journal could not be read, or brought up to date: ${String(error)}`);
}

function textOf(io: Io, report: WhyReport): string {
  return report.attempts.map((attempt) => attemptText(io, report, attempt)).join('\n\n');
}

function attemptText(io: Io, { dag, job, executorClass }: WhyReport, attempt: AttemptView): string {
  const { parts, holders, overtakings, decision, dispatched, waitMs, from } = attempt;
  const where = executorClass === '' ? '' : ` of class ${executorClass}`;
  const end =
    dispatched === null ? 'not dispatched' : `dispatched ${moment(dispatched.atMs)} in turn ${dispatched.turn}`;
  const lines = [
    `${io.colors.bold(`${dag} ${job}`)}, attempt ${attempt.attempt}${where}: ${end}`,
    `waited ${duration(waitMs)} from ${moment(from.atMs)} (${from.what}, turn ${from.turn})`,
    ...parts.map((part) => `  ${duration(part.ms).padStart(9)}  ${partWords(part)}`),
  ];
  if (holders.length > 0) lines.push('Slots of the class were held meanwhile by');
  for (const { dag: holder, jobs, permille } of holders.slice(0, MOST)) {
    lines.push(`  ${(permille / 10).toFixed(1).padStart(8)}%  ${holder}, ${counted(jobs, 'job')}`);
  }
  lines.push(...moreLines(holders.length, MOST).map((line) => `  ${line}`));
  if (overtakings.length > 0) lines.push('Dispatched before it although it was ready');
  for (const { dag: other, job: first, jobs, rule, value, own } of overtakings.slice(0, MOST)) {
    const more = jobs === 1 ? '' : ` and ${grouped(jobs - 1)} more`;
    const isCompared = value !== null || own !== null;
    const values = isCompared ? ` (${valueWords(rule, value)} against ${valueWords(rule, own)})` : '';
    lines.push(`  ${other} ${first}${more}: by ${ruleWords(rule)}${values}`);
  }
  lines.push(...moreLines(overtakings.length, MOST).map((line) => `  ${line}`));
  if (decision !== null) lines.push(...decisionLines(decision));
  return reportLines(io, lines);
}

function decisionLines({ policy, lane, executor, runnerUp, words, again, freeAfter }: DecisionView): readonly string[] {
  const over = runnerUp === null ? '' : `, before ${runnerUp.dag} ${runnerUp.job}`;
  const same = again.sameDispatch
    ? 'deciding the turn again gives the same dispatch'
    : 'DECIDED AGAIN IT COMES OUT OTHERWISE';
  return [
    `Chosen by ${policy} in the ${lane} lane for ${executor}${over}; ${counted(freeAfter, 'slot')} of the class stayed free`,
    ...words.map((word) => `  ${word}`),
    same,
  ];
}

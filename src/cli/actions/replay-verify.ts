import type {
  EntryView,
  NamedRow,
  NamedViolation,
  Problem,
  TurnDifferences,
  VerifyReport,
} from '../../../replay/index.js';
import { ERRORS } from '../../catalogue/generated/errors.js';
import { isOnKafka } from '../../main/readable.js';
import { Exit } from '../exit.js';
import { given } from '../given.js';
import type { Io } from '../terminal/io.js';
import { showing } from '../terminal/work.js';
import { counted, grouped } from '../text/format.js';
import { sh } from '../text/shell.js';
import { readJournal } from './journal-folder.js';
import { beginsLater, endsBefore, mustBeRange, theMoment } from './moments.js';
import { findFolder, type HistoryOptions, passingOver } from './open-history.js';

export interface VerifyOptions extends HistoryOptions {
  readonly again?: boolean;
  readonly from?: string;
  readonly to?: string;
}

/** Violations and rows that are listed. */
const MOST = 12;

/** `marie replay verify`: folds a journal again, all of it or a range, and says whether every turn came out the same. */
export async function replayVerify(io: Io, dir: string, options: VerifyOptions): Promise<void> {
  const { again = false, from, to, snapshots } = options;
  const [begin, end] = [from, to].map((text) => (text === undefined ? undefined : theMoment(text)));
  const range = given({ from: begin, to: end });
  mustBeRange(range.from, range.to);
  await findFolder(snapshots);
  const [{ placeOf }, { verify }] = await Promise.all([
    import('../../../replay/history.js'),
    import('../../../replay/verify.js'),
  ]);
  const journal = await readJournal(placeOf(dir));
  const isWhole = from === undefined && to === undefined;
  const total = io.isWatched && isWhole ? (await journal.lastTurn()) - journal.firstTurn() + 1 : null;
  const report = await showing(io, (show) =>
    verify(journal, {
      again,
      ...range,
      ...(snapshots !== undefined && { snapshots }),
      onPassedOver: passingOver(io),
      onProgress: ({ turns, events }) => {
        const detail = counted(turns, 'turn');
        show({ phase: 'verified', done: turns, total, counted: events, unit: 'events', detail });
      },
    }),
  );
  // Nothing was looked at, and all of it was right.
  if (to !== undefined && report.ok && report.head.turn === 0) throw beginsLater(dir);
  if (range.from !== undefined && 'turn' in range.from && report.ok && report.head.turn < range.from.turn)
    throw endsBefore(dir, report.head.turn);
  if (from !== undefined && report.after === 0) io.note(`no snapshot is before ${from}: it began with the first turn`);
  if (!report.ok) process.exitCode = report.problem?.code === 'journal-damaged' ? Exit.Damaged : Exit.Failed;
  io.emit('replay-verify', { folder: journal.place, ...report }, (shown) => textOf(io, shown, again));
  if (report.problem?.code === 'journal-damaged') tellRepair(io, dir, report.problem.turn - 1);
}

/** Files are cut where they are; of a topic the good turns are taken out. */
function tellRepair(io: Io, place: string, lastGood: number): void {
  if (!isOnKafka(place)) io.next(sh`marie journal repair ${place} --dry-run`, 'says what is wrong with the journal');
  else if (lastGood > 0) {
    const why = 'keeps the turns before it: docs/how-to/recover-from-failures.md says how the cell goes on with them';
    io.next(sh`marie export ${place} good --to ${String(lastGood)}`, why);
  }
}

function textOf(io: Io, report: VerifyReport, again: boolean): string {
  const { ok, after, turns, events, eventsPerSecond, stateHash, torn, problem } = report;
  const rate = `${grouped(Math.round(eventsPerSecond))} events/s`;
  const range = after === 0 ? '' : ` after the snapshot of turn ${grouped(after)}`;
  const lines = [`${counted(turns, 'turn')}${range}, ${counted(events, 'event')} (${rate})`, `state hash ${stateHash}`];
  if (torn !== null) lines.push(`the record of turn ${torn.turn} is torn: ${torn.detail}; the history ends before it`);
  if (ok) {
    lines.push(io.colors.green('every turn came out as it was recorded, and every invariant held'));
    if (again) lines.push(io.colors.green('every turn was decided again, and came out byte by byte the same'));
  }
  if (problem !== null) lines.push(...problemLines(io, problem));
  return lines.join('\n');
}

function problemLines(io: Io, problem: Problem): readonly string[] {
  const { turn, code, detail, violations, differences } = problem;
  if (code === 'history-incomplete') {
    return [io.colors.red(`not audited: ${detail}`), `what to do: ${ERRORS[code].todo}`];
  }
  const lines = [io.colors.red(`wrong from turn ${turn} on: ${code}: ${detail}`)];
  const entries = Object.entries(problem.entries ?? {}).map(([name, count]) => `${count} ${name}`);
  if (entries.length > 0) lines.push(`in that turn: ${entries.join(', ')}`);
  lines.push(...violations.slice(0, MOST).map(violationLine));
  if (violations.length > MOST) lines.push(`and ${violations.length - MOST} more`);
  if (differences !== null) lines.push(...differenceLines(differences));
  return lines;
}

function violationLine({ invariant, what, rows, found, expected }: NamedViolation): string {
  const where = rows.length === 0 ? '' : ` of ${rows.map(rowText).join(', ')}`;
  return `${invariant}: ${what}${where}: ${grouped(found)}, not ${grouped(expected)}`;
}

function rowText({ table, key, name }: NamedRow): string {
  const number = key.filter((part, i) => i === 0 || part !== 0).join(' ');
  return name === null ? `${table} ${number}` : `${table} ${name}`;
}

/** How the turn differs from what the kernel decides in its place. */
function differenceLines({ stateHash, entries, entriesInAll, rows, rowsInAll }: TurnDifferences): readonly string[] {
  const { recorded, folded, decided } = stateHash;
  const lines = [
    `state hash: recorded ${recorded}, of its entries ${folded ?? 'none: they can not be applied'}, decided again ${decided}`,
  ];
  if (entriesInAll === 0) lines.push('decided again it has the same entries: only what it says of itself differs');
  for (const { index, recorded: own, decided: other } of entries) {
    lines.push(`entry ${index}`, `  recorded      ${entryText(own)}`, `  decided again ${entryText(other)}`);
  }
  if (entriesInAll > entries.length)
    lines.push(`and ${counted(entriesInAll - entries.length, 'entry', 'entries')} more`);
  if (rowsInAll > 0) lines.push('rows after it, recorded -> decided again');
  for (const row of rows.slice(0, MOST)) {
    const fields = Object.entries(row.fields).map(([field, [a, b]]) => `${field} ${a} -> ${b}`);
    lines.push(`  ${rowText(row)}: ${fields.join(', ')}`);
  }
  if (rowsInAll > MOST) lines.push(`  and ${counted(rowsInAll - MOST, 'row')} more`);
  return lines;
}

function entryText(entry: EntryView | null): string {
  return entry === null ? 'none' : `${entry.type} ${JSON.stringify(entry.data)}`;
}

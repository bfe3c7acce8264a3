import type { MissedReport, SlaReport } from '../../../replay/index.js';
import { nameAmongSame } from '../../../replay/same-id.js';
import { blameWords } from '../../../replay/sla/words.js';
import { misuse } from '../exit.js';
import { given } from '../given.js';
import { tenantOption } from '../remote.js';
import type { Io } from '../terminal/io.js';
import { counted, duration, moment, moreLines } from '../text/format.js';
import { sh } from '../text/shell.js';
import { type ColumnOf, tableOf } from '../text/table.js';
import { visible } from '../text/visible.js';
import { theMoment } from './moments.js';
import { openHistory, watching } from './open-history.js';
import { noteSame } from './same-id.js';

export interface SlaOptions {
  readonly tenant: string;
  readonly nth?: number;
  readonly missed?: boolean;
  readonly since?: string;
  readonly class?: string;
  readonly allTenants?: boolean;
  readonly remedies: boolean;
}

/** Rows of a table: of blame, and of DAGs. */
const MOST = 12;

/** `marie replay sla`: why a deadline was missed, or all that were. */
export async function replaySla(io: Io, place: string, dag: string | undefined, options: SlaOptions): Promise<void> {
  if ((dag === undefined) !== (options.missed === true)) {
    throw misuse('name a DAG, or give --missed');
  }
  mustHaveEffect(options);
  const history = await openHistory(place);
  const [{ missedDeadlines }, { sla }] = await Promise.all([
    import('../../../replay/sla/missed.js'),
    import('../../../replay/sla/sla.js'),
  ]);
  const { tenant, remedies } = options;
  if (dag !== undefined) {
    const path = { tenant, dag, ...(options.nth !== undefined && { nth: options.nth }) };
    const report = await watching(io, 'folded', history, (watch) => sla(history, path, { remedies, ...watch }));
    io.emit('replay-sla', report, (shown) => dagText(io, shown));
    noteSame(io, report);
    return;
  }
  const filter = filterOf(options);
  const report = await watching(io, 'folded', history, ({ onProgress }) =>
    missedDeadlines(history, filter, onProgress),
  );
  io.emit('replay-sla', report, (shown) => missedText(io, shown, options.allTenants === true ? null : tenant));
  const [first] = latest(report);
  if (first !== undefined) suggestSla(io, place, first);
  if (report.withDeadline > 0 || options.allTenants === true) return;
  io.note(`only DAGs of tenant ${tenant} were looked at; --all-tenants takes those of every tenant`);
}

/** What only one of the two answers goes by is refused with the other one: it would look as if it had been asked. */
function mustHaveEffect({ missed, nth, since, class: executorClass, allTenants }: SlaOptions): void {
  const others = missed
    ? { '--nth': nth }
    : { '--since': since, '--class': executorClass, '--all-tenants': allTenants };
  const idle = Object.entries(others).find(([, value]) => value !== undefined);
  if (idle === undefined) return;
  throw misuse(`${idle[0]} goes with ${missed ? 'a DAG' : '--missed'}`);
}

function filterOf({ tenant, since, class: executorClass, allTenants }: SlaOptions) {
  const from = since === undefined ? null : theMoment(since);
  if (from !== null && !('atMs' in from)) throw misuse('--since is a time');
  return given({ sinceMs: from?.atMs, executorClass, tenant: allTenants === true ? undefined : tenant });
}

type Segment = SlaReport['path'][number];

const PATH: readonly ColumnOf<Segment>[] = [
  { title: 'job', cell: ({ job }) => job },
  { title: 'class', cell: ({ executorClass }) => executorClass || '-' },
  { title: 'took', right: true, cell: ({ ms }) => duration(ms) },
  { title: 'ran', right: true, cell: ({ parts }) => duration(sumOf(parts.filter(({ kind }) => kind === 'run'))) },
  { title: 'of which', wraps: true, cell: heldUpBy },
];

function dagText(io: Io, report: SlaReport): string {
  const path = tableOf(io, PATH, report.path);
  return [lateLine(report), '', path, '', `cause: ${report.cause}`, ...remedyLines(report)].join('\n');
}

/** What a job's time went to beside its run: parts that say the same taken together. */
function heldUpBy({ parts }: Segment): string {
  const sums = new Map<string, number>();
  for (const part of parts) {
    if (part.kind === 'run') continue;
    const words = blameWords(part);
    sums.set(words, (sums.get(words) ?? 0) + part.ms);
  }
  return [...sums].map(([words, ms]) => `${duration(ms)} ${words}`).join('; ');
}

function sumOf(parts: readonly { readonly ms: number }[]): number {
  return parts.reduce((sum, { ms }) => sum + ms, 0);
}

function lateLine(report: SlaReport): string {
  const { dag, outcome, acceptedAtMs, endedAtMs, deadlineAtMs, deadlineKind, lateMs } = report;
  const took = endedAtMs === null ? 'not over' : `took ${duration(endedAtMs - acceptedAtMs)}`;
  if (deadlineAtMs === null || lateMs === null) return `${dag}: ${outcome}, ${took}, without a deadline`;
  const isHard = deadlineKind === 'hard';
  const inTime = `${duration(-lateMs)} before its ${isHard ? 'hard deadline' : 'deadline'}`;
  const late = lateMs <= 0 ? inTime : `${duration(lateMs)} ${isHard ? 'past its hard deadline' : 'late'}`;
  return `${dag}: ${outcome}, ${took}, ${late} (due ${moment(deadlineAtMs)})`;
}

/** Where a DAG did not come to a good end, what it had yet to do took its estimates when it was played. */
function remedyLines({ outcome, remedies }: SlaReport): readonly string[] {
  if (remedies === null) return [];
  const enough = outcome === 'succeeded' ? 'enough' : 'enough by estimates';
  const lines = remedies.capacity.map(
    ({ executorClass, slots, more, isLeast }) =>
      `${enough}: ${counted(slots, 'slot')} of ${executorClass}, ${more} more than there were${isLeast ? '' : '; of fewer not every number was played'}`,
  );
  if (remedies.submitAtMs !== null)
    lines.push(`${enough}: to submit it at ${moment(remedies.submitAtMs)}, but not 100 ms later`);
  return lines.length > 0
    ? lines
    : ['neither more slots of one class nor an earlier submission was enough, of those that were played'];
}

const BLAME: readonly ColumnOf<MissedReport['blame'][number]>[] = [
  { title: 'share', right: true, cell: ({ permille }) => `${(permille / 10).toFixed(1)} %` },
  { title: 'time', right: true, cell: ({ ms }) => duration(ms) },
  { title: 'DAGs', right: true, cell: ({ dags }) => String(dags) },
  { title: 'class', cell: ({ executorClass }) => executorClass || '-' },
  { title: 'what held them up', wraps: true, cell: blameWords },
];

const TENANT: ColumnOf<SlaReport> = { title: 'tenant', cell: ({ tenant }) => tenant };

const MISSED: readonly ColumnOf<SlaReport>[] = [
  { title: 'late', right: true, cell: ({ lateMs }) => (lateMs! > 0 ? duration(lateMs) : '-') },
  { title: 'DAG', cell: nameAmongSame },
  { title: 'outcome', cell: ({ outcome }) => outcome },
  { title: 'cause', wraps: true, cell: ({ cause }) => cause },
];

/** The tables of what was missed, of one tenant or, null, of every one: those of DAGs say whose each is then. */
function missedText(io: Io, report: MissedReport, tenant: string | null): string {
  const { withDeadline, missed, blame } = report;
  const all = `${counted(withDeadline, 'deadline')}${tenant === null ? '' : ` of tenant ${visible(tenant)}`}`;
  const head = `${missed.length} of ${all} ${missed.length === 1 || withDeadline === 1 ? 'was' : 'were'} missed`;
  if (missed.length === 0) return head;
  const held = tableOf(io, BLAME, blame.slice(0, MOST));
  const tables = blame.length > 0 ? [held, ...moreLines(blame.length, MOST), ''] : [];
  return [
    head,
    '',
    ...tables,
    tableOf(io, tenant === null ? MISSED.toSpliced(2, 0, TENANT) : MISSED, latest(report).slice(0, MOST)),
    ...moreLines(missed.length, MOST),
  ].join('\n');
}

/** What was missed, the latest first; what ended otherwise before it was due comes last. */
function latest({ missed }: MissedReport): readonly SlaReport[] {
  return missed.toSorted((a, b) => b.lateMs! - a.lateMs!);
}

function suggestSla(io: Io, place: string, { dag, tenant, nth, of }: SlaReport): void {
  const which = nth === of ? '' : ` --nth ${nth}`;
  const command = sh`marie replay sla ${place} ${dag}`;
  io.next(`${command}${which}${tenantOption(tenant)}`, 'says why, and what would have been enough');
}

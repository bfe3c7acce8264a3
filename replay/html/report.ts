/** `htmlReport`: a period of a history, or a DAG, as one page that needs nothing else. */
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { moment } from '../../src/cli/text/format.js';
import { visibleIn } from '../../src/cli/text/visible.js';
import { assetFolder } from '../assets.js';
import { type FoldProgress, fold } from '../fold.js';
import { endingAt, type History } from '../history.js';
import { NotInHistory } from '../not-in-history.js';
import { nameAmongSame } from '../same-id.js';
import { type MissedFilter, type MissedReport, missedDeadlines } from '../sla/missed.js';
import { blameWords } from '../sla/words.js';
import type { DagPath } from '../what-if/change.js';
import { Gather, type Gathered, type Scope } from './gather.js';

export interface HtmlOptions {
  /** The period, in journal time; without it all of the history. */
  readonly fromMs?: number;
  readonly toMs?: number;
  /** One DAG: its attempts on the timeline, its waits, its deadline and what held it up. */
  readonly dag?: DagPath;
  readonly onProgress?: (done: FoldProgress) => void;
}

/** What the page is made from. */
interface Shown extends Gathered {
  readonly title: string;
  readonly place: { readonly cell: string; readonly turn: number; readonly policy: string };
  readonly fromMs: number;
  readonly toMs: number;
  /** Whose DAG it is; null: all are shown. */
  readonly tenant: string | null;
  readonly deadlines: { readonly with: number; readonly missed: number; readonly open: number };
  readonly misses: readonly {
    readonly dag: string;
    readonly tenant: string;
    readonly lateMs: number;
    readonly cause: string;
  }[];
  readonly blame: readonly {
    readonly words: string;
    readonly class: string;
    readonly dags: number;
    readonly permille: number;
  }[];
  /** How many more of both there are than are listed. */
  readonly more: { readonly misses: number; readonly blame: number };
}

/** Misses that are listed: the latest ones of all. */
const MOST_MISSES = 200;
/** What held them up: the rows with the largest shares. */
const MOST_BLAME = 12;

/** Makes the page; gives its text. Throws `NotInHistory` when the history doesn't have the DAG, or nothing of the period. */
export async function htmlReport(history: History, options: HtmlOptions = {}): Promise<string> {
  const { dag = null, onProgress } = options;
  const span = await spanOf(history);
  const scope: Scope = { ...periodOf(options, span), dag };
  const read = endingAt(history, span.lastTurn);
  const missed = await missedDeadlines(read, filterOf(options), onProgress);
  const gather = new Gather(scope);
  const scratch = await fold(read, [gather], { toAtMs: scope.toMs, ...(onProgress && { onProgress }) });
  const place = { cell: scratch.parts?.cell ?? '', turn: scratch.turn, policy: scratch.kernel.policy() };
  const title = dag === null ? `Cell ${place.cell}` : dag.dag;
  const { fromMs, toMs } = scope;
  const tenant = dag?.tenant ?? null;
  return page({ title, place, fromMs, toMs, tenant, ...gather.gathered(scratch), ...missesOf(missed) });
}

/** Deadlines of the period. Without an end of it those after the end of the history are among them. */
function filterOf({ fromMs, toMs, dag }: HtmlOptions): MissedFilter {
  return {
    ...(fromMs !== undefined && { sinceMs: fromMs }),
    ...(toMs !== undefined && { untilMs: toMs }),
    ...(dag !== undefined && { dag }),
  };
}

interface Span {
  readonly fromMs: number;
  readonly toMs: number;
  readonly lastTurn: number;
}

/** What the history has of a period: nothing is known of before and after it. */
function periodOf({ fromMs, toMs }: HtmlOptions, span: Span): Pick<Scope, 'fromMs' | 'toMs'> {
  if (fromMs !== undefined && fromMs > span.toMs) throw new NotInHistory(`the history ends at ${moment(span.toMs)}`);
  if (toMs !== undefined && toMs < span.fromMs) throw new NotInHistory(`the history begins at ${moment(span.fromMs)}`);
  return { fromMs: Math.max(fromMs ?? 0, span.fromMs), toMs: Math.min(toMs ?? span.toMs, span.toMs) };
}

async function spanOf(history: History): Promise<Span> {
  let fromMs: number | null = null;
  let toMs = 0;
  let lastTurn = 0;
  for await (const { record } of history.read()) {
    fromMs ??= record.at;
    toMs = record.at;
    lastTurn = record.turn;
  }
  return { fromMs: fromMs ?? 0, toMs, lastTurn };
}

function missesOf({ missed, withDeadline, open, blame }: MissedReport) {
  const misses = missed
    .map((report) => ({
      dag: nameAmongSame(report),
      tenant: report.tenant,
      lateMs: report.lateMs ?? 0,
      cause: report.cause,
    }))
    .sort((a, b) => b.lateMs - a.lateMs)
    .slice(0, MOST_MISSES);
  const rows = blame.slice(0, MOST_BLAME).map((row) => {
    const { executorClass, dags, permille } = row;
    return { words: blameWords(row), class: executorClass, dags, permille };
  });
  const more = { misses: missed.length - misses.length, blame: blame.length - rows.length };
  return { deadlines: { with: withDeadline, missed: missed.length, open }, misses, blame: rows, more };
}

async function page(all: Shown): Promise<string> {
  // A name that turns the direction of writing would be read as another one.
  const shown = visibleIn(all);
  const folder = await assetFolder('html/page');
  const uplot = dirname(createRequire(import.meta.url).resolve('uplot'));
  const [template, style, script, library, libraryStyle] = await Promise.all([
    readFile(join(folder, 'page.html'), 'utf8'),
    readFile(join(folder, 'page.css'), 'utf8'),
    readFile(join(folder, 'page.js'), 'utf8'),
    readFile(join(uplot, 'uPlot.iife.min.js'), 'utf8'),
    readFile(join(uplot, 'uPlot.min.css'), 'utf8'),
  ]);
  // Whatever stands in names can't end the block that it stands in.
  const data = JSON.stringify(shown).replaceAll('<', '\\u003c');
  const title = escaped(shown.title);
  const parts: readonly (readonly [string, string])[] = [
    ['<title>Report</title>', `<title>${title}</title>`],
    ['<h1>Report</h1>', `<h1>${title}</h1>`],
    ['<link rel="stylesheet" href="page.css">', `<style>${libraryStyle}\n${style}</style>`],
    ['id="data">{}</script>', `id="data">${data}</script>`],
    ['<script src="library.js"></script>', `<script>${library}</script>`],
    ['<script src="page.js"></script>', `<script>${script}</script>`],
  ];
  return parts.reduce((text, [from, to]) => put(text, from, to), template);
}

/** Puts a text in the place of another one, which must be there. */
function put(text: string, from: string, to: string): string {
  const at = text.indexOf(from);
  if (at < 0) throw new Error(`assertion failed: the page has no ${from}`);
  return text.slice(0, at) + to + text.slice(at + from.length);
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}

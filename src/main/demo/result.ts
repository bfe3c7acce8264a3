import type {
  BatchResult,
  CurrencyTotal,
  Difference,
  Field,
  ResultDocument,
  ResultPage,
} from '../../../examples/documents/index.js';
import type { Colors, Io } from '../../cli/terminal/io.js';
import { type ColumnOf, tableOf } from '../../cli/text/table.js';

/** Documents that are shown one by one; of a larger batch the first of them, and those with problems. */
const DOCUMENTS_SHOWN = 24;
const DIFFERENCES_SHOWN = 10;

/** The result as people read it: a line for each document, then sums. */
export function resultText(io: Io, { pages, documents, totals }: BatchResult): string {
  const { colors } = io;
  const shown = documents.filter((one, index) => index < DOCUMENTS_SHOWN || one.validation?.valid === false);
  const lines = [tableOf(io, columnsOf(pages), shown)];
  if (shown.length < documents.length) lines.push(colors.dim(`and ${documents.length - shown.length} more documents`));
  const classes = Object.entries(totals.byClass).map(([name, count]) => `${count} ${name}`);
  const sources = Object.entries(totals.bySource).map(([name, count]) => `${count} ${name}`);
  lines.push('', `documents ${nonZero(classes)}; pages: ${nonZero(sources)}`);
  for (const sum of totals.byCurrency) lines.push(sumLine(sum));
  lines.push(`summaries ${summaries(documents)}`);
  return lines.join('\n');
}

function sumLine({ currency, invoices, receipts, netMinor, taxMinor, totalMinor, receiptsMinor }: CurrencyTotal) {
  const parts: string[] = [];
  if (invoices > 0) {
    const sums = `net ${money(netMinor)} + tax ${money(taxMinor)} = ${money(totalMinor)}`;
    parts.push(`${invoices} ${invoices === 1 ? 'invoice' : 'invoices'}: ${sums}`);
  }
  if (receipts > 0) parts.push(`${receipts} ${receipts === 1 ? 'receipt' : 'receipts'}: ${money(receiptsMinor)}`);
  return `${currency}       ${parts.join('; ')}`;
}

/** How many documents were annotated; why not, where that was for one reason. */
function summaries(documents: readonly ResultDocument[]): string {
  const reasons = new Set(documents.flatMap(({ annotation }) => (annotation.skipped ? [annotation.reason] : [])));
  const written = documents.filter(({ annotation }) => !annotation.skipped).length;
  const why = reasons.size === 0 ? '' : ` (${[...reasons].join(', ')})`;
  return written === 0 ? `none${why}` : `${written} of ${documents.length}${why}`;
}

function columnsOf(pages: readonly ResultPage[]): readonly ColumnOf<ResultDocument>[] {
  return [
    { title: 'pages', right: true, cell: ({ from, to }) => (from === to ? String(from) : `${from}-${to}`) },
    { title: 'class', cell: ({ class: kind }, { colors }) => (kind === 'invoice' ? colors.cyan(kind) : kind) },
    { title: 'text from', spare: 2, cell: ({ from }) => sourceText(pages[from - 1]) },
    { title: 'number', spare: 4, cell: ({ invoice }) => textOf(invoice?.number) },
    { title: 'date', spare: 3, cell: ({ invoice, receipt }) => textOf((invoice ?? receipt)?.date) },
    { title: 'seller', cell: ({ invoice, receipt }) => textOf((invoice ?? receipt)?.seller) },
    { title: 'total', right: true, cell: ({ invoice, receipt }) => totalText(invoice ?? receipt) },
    { title: 'account', spare: 1, cell: ({ account }) => account?.split(' ')[0] ?? '' },
    { title: 'finding', wraps: true, cell: (document, { colors }) => findings(document, colors) },
  ];
}

function totalText(fields: ResultDocument['invoice'] | ResultDocument['receipt']): string {
  return fields?.totalMinor ? `${textOf(fields.currency)} ${money(fields.totalMinor.value)}` : '';
}

function sourceText(page: ResultPage | undefined): string {
  if (page === undefined) return '';
  const { textSource, ocrConfidence } = page;
  return ocrConfidence === null ? textSource : `${textSource} (${ocrConfidence} %)`;
}

function findings({ validation, decision }: ResultDocument, colors: Colors): string {
  if (validation === null) return '';
  const decided = decision === null ? '' : `, ${DECIDED[decision]}`;
  if (validation.valid) return `${colors.green('valid')}${decided}`;
  return colors.red(validation.problems.map(({ code, path }) => `${code} at ${path}`).join(', ')) + decided;
}

const DECIDED = { accept: 'accepted', reject: 'rejected', correct: 'put right' } as const;

function textOf(field: Field<string> | null | undefined): string {
  return field?.value ?? '';
}

function nonZero(counts: readonly string[]): string {
  return counts.filter((count) => !count.startsWith('0 ')).join(', ');
}

/** Minor units as a decimal number; exact, since it only moves the point. */
function money(minor: number): string {
  const digits = String(Math.abs(minor)).padStart(3, '0');
  const whole = digits.slice(0, -2).replace(/\B(?=(\d{3})+$)/g, ',');
  return `${minor < 0 ? '-' : ''}${whole}.${digits.slice(-2)}`;
}

/** Whether the result is what the sample says, in words. */
export function verdictText(colors: Colors, differences: readonly Difference[]): string {
  if (differences.length === 0) return `${colors.green('✔')} the result is right: every field is what the sample says`;
  const lines = differences.slice(0, DIFFERENCES_SHOWN).map(({ path, expected, actual }) => {
    return `  ${path}: expected ${JSON.stringify(expected)}, found ${JSON.stringify(actual)}`;
  });
  const count = differences.length === 1 ? 'one place' : `${differences.length} places`;
  return [`${colors.red('✘')} the result is wrong in ${count}`, ...lines].join('\n');
}

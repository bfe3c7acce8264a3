import type { Difference, DocumentResult, Field, ResultPage } from '../../../examples/documents/index.js';
import type { Colors, Io } from '../../cli/io.js';
import { type Column, tableText } from '../../cli/table.js';

/** Pages that are shown one by one; of a longer document the first of them, and those with problems. */
const PAGES_SHOWN = 24;
const DIFFERENCES_SHOWN = 10;

const COLUMNS: readonly Column[] = [
  { title: 'page', right: true },
  { title: 'class' },
  { title: 'text from' },
  { title: 'number' },
  { title: 'date' },
  { title: 'seller' },
  { title: 'total', right: true },
  { title: 'finding' },
];

/** The result as people read it: a line for each page, then sums. */
export function resultText(io: Io, { pages, totals, annotation }: DocumentResult): string {
  const { colors } = io;
  const shown = pages.filter((page, index) => index < PAGES_SHOWN || page.validation?.valid === false);
  const lines = [
    tableText(
      io,
      COLUMNS,
      shown.map((page) => pageRow(page, colors)),
    ),
  ];
  if (shown.length < pages.length) lines.push(colors.dim(`and ${pages.length - shown.length} more pages`));
  const classes = Object.entries(totals.byClass).map(([name, count]) => `${count} ${name}`);
  const sources = Object.entries(totals.bySource).map(([name, count]) => `${count} ${name}`);
  lines.push('', `pages   ${nonZero(classes)}; text: ${nonZero(sources)}`);
  for (const { currency, invoices, netMinor, taxMinor, totalMinor } of totals.byCurrency) {
    const sums = `net ${money(netMinor)} + tax ${money(taxMinor)} = ${money(totalMinor)}`;
    lines.push(`${currency}     ${invoices} valid ${invoices === 1 ? 'invoice' : 'invoices'}: ${sums}`);
  }
  lines.push(`summary ${annotation.skipped ? `none: ${annotation.reason}` : annotation.summary}`);
  return lines.join('\n');
}

function pageRow({ page, class: kind, textSource, ocrConfidence, invoice, validation }: ResultPage, colors: Colors) {
  const source = ocrConfidence === null ? textSource : `${textSource} (${ocrConfidence} %)`;
  const total = invoice?.totalMinor ? `${textOf(invoice.currency)} ${money(invoice.totalMinor.value)}` : '';
  return [
    String(page),
    kind === 'invoice' ? colors.cyan(kind) : kind,
    source,
    textOf(invoice?.number),
    textOf(invoice?.date),
    textOf(invoice?.seller),
    total,
    findings(validation, colors),
  ];
}

function findings(validation: ResultPage['validation'], colors: Colors): string {
  if (validation === null) return '';
  if (validation.valid) return colors.green('valid');
  return colors.red(validation.problems.map(({ code, path }) => `${code} at ${path}`).join(', '));
}

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

import type { PageClass, TextSource } from '../model.js';
import { drawInvoice, type InvoiceStyle, inventInvoice } from './invoices.js';
import { drawArticle, drawForm, drawLetter, drawReceipt, inventReceipt } from './pages.js';
import { type SamplePage, writePdf } from './pdf.js';
import { SeededRandom } from './random.js';
import { scan } from './scan.js';
import type { Sheet } from './sheet.js';
import type { TrueDocument, TruePage, Truth } from './truth.js';

/** The samples by name: `invoice` has 1 page, `mixed` has 12 and `archive` has 200. */
export type SampleName = 'invoice' | 'mixed' | 'archive';

/** What a document of a sample should be. */
interface Plan {
  readonly kind: 'invoice' | 'letter' | 'receipt' | 'form' | 'article';
  readonly scanned?: boolean;
  readonly style?: InvoiceStyle;
  readonly items?: number;
  /** A letter that needs a second sheet. */
  readonly long?: boolean;
  /** The total is printed wrong by this many minor units. */
  readonly wrongBy?: number;
  readonly stamp?: string;
}

const MIXED: readonly Plan[] = [
  { kind: 'letter', long: true },
  { kind: 'invoice', style: 'classic', items: 5 },
  { kind: 'invoice', style: 'continental', items: 14 },
  { kind: 'receipt', scanned: true },
  { kind: 'form' },
  { kind: 'invoice', style: 'classic', items: 2, scanned: true },
  { kind: 'receipt' },
  { kind: 'article' },
  { kind: 'invoice', style: 'modern', items: 3, wrongBy: 900 },
  { kind: 'receipt', scanned: true, stamp: 'Received 3 March 2026, post room' },
];

const SEEDS: Readonly<Record<SampleName, number>> = { invoice: 1, mixed: 12, archive: 200 };

/** Makes a sample: its PDF and the truth about it. */
export async function makeSample(name: SampleName): Promise<{ pdf: Uint8Array; truth: Truth }> {
  const random = new SeededRandom(SEEDS[name]);
  const pages: SamplePage[] = [];
  const truth: { name: string; pages: TruePage[]; documents: TrueDocument[] } = { name, pages: [], documents: [] };
  for (const plan of plansOf(name)) {
    const { sheets, invoice, receipt } = draw(plan, random);
    const from = pages.length + 1;
    const kind = classOf(plan);
    for (const sheet of sheets) {
      pages.push(await print(plan, sheet, random));
      const textSource: TextSource = plan.scanned ? 'ocr' : 'text-layer';
      truth.pages.push({ page: pages.length, class: kind, textSource });
    }
    const problems = plan.wrongBy ? [invoice ? 'net-plus-tax' : 'items-sum'] : [];
    truth.documents.push({ class: kind, from, to: pages.length, invoice, receipt, problems });
  }
  return { pdf: await writePdf(`Sample document: ${name}`, pages), truth };
}

async function print({ scanned, stamp }: Plan, sheet: Sheet, random: SeededRandom): Promise<SamplePage> {
  if (!scanned) return { kind: 'text', sheet };
  return { kind: 'scan', sheet, jpeg: await scan(sheet, random), ...(stamp ? { stamp } : {}) };
}

function plansOf(name: SampleName): readonly Plan[] {
  if (name === 'invoice') return [{ kind: 'invoice', style: 'classic', items: 4 }];
  return name === 'mixed' ? MIXED : archivePlans();
}

/**
 * 200 pages, every tenth of them scanned: short ones, so that the OCR of all of them takes some ten seconds. Some
 * documents have two pages; an invoice and a receipt don't add up.
 */
function archivePlans(): Plan[] {
  const random = new SeededRandom(2_000);
  const plans: Plan[] = [];
  for (let page = 0; page < 200; ) {
    const plan = archivePlan(page, random);
    plans.push(plan);
    page += plan.long || (plan.items ?? 0) > 10 ? 2 : 1;
  }
  return plans;
}

function archivePlan(page: number, random: SeededRandom): Plan {
  const style = random.pick(['classic', 'modern', 'continental']);
  if (page % 10 === 9) {
    return page % 40 === 9 ? { kind: 'invoice', style, items: 2, scanned: true } : { kind: 'receipt', scanned: true };
  }
  if (page === 50) return { kind: 'invoice', style, items: 3, wrongBy: 1_000 };
  if (page === 120) return { kind: 'receipt', wrongBy: 250 };
  const kind = random.pick(['invoice', 'invoice', 'letter', 'receipt', 'form', 'article']);
  // Two pages fit only where neither of them is one that is meant for something else.
  const isLong = random.next() < 0.2 && page % 10 < 8 && page !== 49 && page !== 119;
  if (kind === 'invoice') return { kind, style, items: isLong ? random.integer(11, 18) : random.integer(1, 8) };
  return kind === 'letter' ? { kind, long: isLong } : { kind };
}

function draw(plan: Plan, random: SeededRandom): Pick<TrueDocument, 'invoice' | 'receipt'> & { sheets: Sheet[] } {
  const nothing = { invoice: null, receipt: null };
  switch (plan.kind) {
    case 'letter':
      return { ...nothing, sheets: drawLetter(random, plan.long ? 48 : random.integer(3, 6)) };
    case 'receipt': {
      const receipt = wrong(inventReceipt(random), plan);
      return { ...nothing, receipt, sheets: [drawReceipt(receipt, random)] };
    }
    case 'form':
      return { ...nothing, sheets: [drawForm()] };
    case 'article':
      return { ...nothing, sheets: [drawArticle()] };
    case 'invoice': {
      const style = plan.style ?? 'classic';
      const invoice = wrong(inventInvoice(random, style, plan.items ?? 3, plan.scanned === true), plan);
      return { ...nothing, invoice, sheets: drawInvoice(invoice, style) };
    }
  }
}

function wrong<T extends { readonly totalMinor: number }>(fields: T, { wrongBy = 0 }: Plan): T {
  return { ...fields, totalMinor: fields.totalMinor + wrongBy };
}

function classOf(plan: Plan): PageClass {
  return plan.kind === 'form' || plan.kind === 'article' ? 'other' : plan.kind;
}

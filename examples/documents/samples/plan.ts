import type { PageClass, TextSource } from '../model.js';
import { drawInvoice, type InvoiceStyle, inventInvoice } from './invoices.js';
import { drawArticle, drawForm, drawLetter, drawReceipt } from './pages.js';
import { type SamplePage, writePdf } from './pdf.js';
import { SeededRandom } from './random.js';
import { scan } from './scan.js';
import type { Sheet } from './sheet.js';
import type { TrueInvoice, TruePage, Truth } from './truth.js';

/** The samples by name: `invoice` has 1 page, `mixed` has 12 and `archive` has 200. */
export type SampleName = 'invoice' | 'mixed' | 'archive';

/** What a page of a sample should be. */
interface PagePlan {
  readonly kind: 'invoice' | 'letter' | 'receipt' | 'form' | 'article';
  readonly scanned?: boolean;
  readonly style?: InvoiceStyle;
  readonly items?: number;
  /** The total is printed wrong by this many minor units. */
  readonly wrongBy?: number;
  readonly stamp?: string;
}

const MIXED: readonly PagePlan[] = [
  { kind: 'letter' },
  { kind: 'invoice', style: 'classic', items: 5 },
  { kind: 'invoice', style: 'modern', items: 4 },
  { kind: 'receipt', scanned: true },
  { kind: 'invoice', style: 'continental', items: 6 },
  { kind: 'form' },
  { kind: 'invoice', style: 'classic', items: 2, scanned: true },
  { kind: 'receipt' },
  { kind: 'article' },
  { kind: 'invoice', style: 'modern', items: 3, wrongBy: 900 },
  { kind: 'letter' },
  { kind: 'receipt', scanned: true, stamp: 'Received 3 March 2026, post room' },
];

const SEEDS: Readonly<Record<SampleName, number>> = { invoice: 1, mixed: 12, archive: 200 };

/** Makes a sample: its PDF and the truth about it. */
export async function makeSample(name: SampleName): Promise<{ pdf: Uint8Array; truth: Truth }> {
  const random = new SeededRandom(SEEDS[name]);
  const pages: SamplePage[] = [];
  const truths: TruePage[] = [];
  for (const plan of plansOf(name)) {
    const { sheet, invoice } = draw(plan, random);
    pages.push(
      plan.scanned
        ? { kind: 'scan', sheet, jpeg: scan(sheet, random), ...(plan.stamp ? { stamp: plan.stamp } : {}) }
        : { kind: 'text', sheet },
    );
    truths.push({
      page: pages.length,
      class: classOf(plan),
      textSource: (plan.scanned ? 'ocr' : 'text-layer') satisfies TextSource,
      invoice,
      problems: plan.wrongBy ? ['net-plus-tax'] : [],
    });
  }
  return { pdf: await writePdf(`Sample document: ${name}`, pages), truth: { name, pages: truths } };
}

function plansOf(name: SampleName): readonly PagePlan[] {
  if (name === 'invoice') return [{ kind: 'invoice', style: 'classic', items: 4 }];
  return name === 'mixed' ? MIXED : archivePlans();
}

/** 200 pages, every tenth of them scanned: short ones, so that the OCR of all of them takes some ten seconds. */
function archivePlans(): PagePlan[] {
  const random = new SeededRandom(2_000);
  return Array.from({ length: 200 }, (_, index): PagePlan => {
    const style = random.pick(['classic', 'modern', 'continental']);
    if (index % 10 === 9) {
      return index % 40 === 9
        ? { kind: 'invoice', style, items: 2, scanned: true }
        : { kind: 'receipt', scanned: true };
    }
    const kind = random.pick(['invoice', 'invoice', 'letter', 'receipt', 'form', 'article']);
    return kind === 'invoice' ? { kind, style, items: random.integer(1, 8) } : { kind };
  });
}

function draw(plan: PagePlan, random: SeededRandom): { sheet: Sheet; invoice: TrueInvoice | null } {
  if (plan.kind === 'letter') return { sheet: drawLetter(random, random.integer(3, 6)), invoice: null };
  if (plan.kind === 'receipt') return { sheet: drawReceipt(random), invoice: null };
  if (plan.kind === 'form') return { sheet: drawForm(), invoice: null };
  if (plan.kind === 'article') return { sheet: drawArticle(), invoice: null };
  const style = plan.style ?? 'classic';
  const right = inventInvoice(random, style, plan.items ?? 3);
  const invoice = { ...right, totalMinor: right.totalMinor + (plan.wrongBy ?? 0) };
  return { sheet: drawInvoice(invoice, style), invoice };
}

function classOf(plan: PagePlan): PageClass {
  return plan.kind === 'form' || plan.kind === 'article' ? 'other' : plan.kind;
}

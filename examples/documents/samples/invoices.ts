import { multiply } from '../money.js';
import { printDate, printMinor } from './numbers.js';
import type { SeededRandom } from './random.js';
import { Sheet } from './sheet.js';
import type { TrueInvoice, TrueItem } from './truth.js';

const COMPANIES = [
  ['Northwind Trading Ltd', '14 Quay Street', 'Bristol BS1 4RT'],
  ['Brightwater Instruments GmbH', 'Hafenstrasse 21', '20457 Hamburg'],
  ['Lumen Stationery Co', '220 Market Street', 'Denver CO 80202'],
  ['Oakfield Print Works', '3 Mill Road', 'Leeds LS2 7AB'],
  ['Castellan Office Supplies', '81 Rue du Port', '69002 Lyon'],
  ['Harrow Data Systems', '5 Station Parade', 'Reading RG1 1LX'],
] as const;
const CUSTOMERS = [
  ['Ashgrove Primary School', '8 Church Lane', 'Norwich NR3 1QT'],
  ['Veldhuis Engineering BV', 'Kanaalweg 40', '3526 Utrecht'],
  ['Pinnacle Dental Group', '77 Lake Avenue', 'Chicago IL 60614'],
  ['Marlow Community Library', '1 High Street', 'Marlow SL7 1AU'],
  ['Fenwick Architects', '19 Castle Hill', 'Durham DH1 3RW'],
] as const;
const PRODUCTS = [
  ['Printer paper A4, 500 sheets', 489],
  ['Desk lamp, adjustable', 3450],
  ['Whiteboard markers, set of 8', 1275],
  ['Archive boxes', 320],
  ['Ergonomic chair', 18990],
  ['Label printer', 9425],
  ['Toner cartridge, black', 7640],
  ['Maintenance visit', 12000],
  ['Document scanner', 41900],
  ['Envelopes C5, pack of 100', 865],
  ['Network cable, 5 metres', 749],
  ['Consulting, per hour', 9500],
] as const;

/** The three ways in which the samples print an invoice. */
export type InvoiceStyle = 'classic' | 'modern' | 'continental';

/**
 * Makes up an invoice that adds up.
 * @param whole Quantities without a fraction: of a small point between two digits a scan sometimes keeps nothing.
 */
export function inventInvoice(
  random: SeededRandom,
  style: InvoiceStyle,
  itemCount: number,
  whole: boolean,
): TrueInvoice {
  const items: TrueItem[] = [];
  const first = random.integer(0, PRODUCTS.length - 1);
  for (let i = 0; i < itemCount; i++) {
    const [description, unitPriceMinor] = PRODUCTS[(first + 5 * i) % PRODUCTS.length] ?? PRODUCTS[0];
    const quantity = random.next() < 0.15 && !whole ? `${random.integer(1, 9)}.5` : String(random.integer(1, 24));
    items.push({ description, quantity, unitPriceMinor, amountMinor: multiply(quantity, unitPriceMinor) });
  }
  const netMinor = items.reduce((sum, item) => sum + item.amountMinor, 0);
  const taxMinor = multiply(`0.${String(taxPercent(style)).padStart(2, '0')}`, netMinor);
  const month = String(random.integer(1, 12)).padStart(2, '0');
  const day = String(random.integer(1, 28)).padStart(2, '0');
  return {
    number: `${random.pick(['INV', 'RE', 'AR'])}-2026-${random.integer(1000, 9999)}`,
    date: `2026-${month}-${day}`,
    seller: random.pick(COMPANIES)[0],
    buyer: random.pick(CUSTOMERS)[0],
    currency: style === 'classic' ? 'GBP' : style === 'modern' ? 'USD' : 'EUR',
    items,
    netMinor,
    taxMinor,
    totalMinor: netMinor + taxMinor,
  };
}

function taxPercent(style: InvoiceStyle): number {
  return style === 'classic' ? 20 : style === 'modern' ? 8 : 19;
}

/** Items on the first sheet of an invoice; more of them go on a second one. */
const ITEMS_ON_FIRST = 10;

/** Prints an invoice, on one sheet or on two. */
export function drawInvoice(invoice: TrueInvoice, style: InvoiceStyle): Sheet[] {
  if (style === 'classic') return drawClassic(invoice);
  return style === 'modern' ? drawModern(invoice) : drawContinental(invoice);
}

function addressOf(list: readonly (readonly [string, string, string])[], name: string): string[] {
  return list.find(([candidate]) => candidate === name)?.slice(1) ?? [];
}

/** Letterhead at the top, the customer on the left, labelled values on the right. */
function drawClassic(invoice: TrueInvoice): Sheet[] {
  const sheet = new Sheet();
  sheet.text(50, 70, invoice.seller, { size: 18, bold: true });
  sheet.column(50, 88, addressOf(COMPANIES, invoice.seller), 13, { size: 9 });
  sheet.text(545, 70, 'INVOICE', { size: 16, bold: true, alignRight: true }).rule(50, 120, 545);
  sheet.text(50, 150, 'Bill to:', { bold: true });
  sheet.column(50, 166, [invoice.buyer, ...addressOf(CUSTOMERS, invoice.buyer)]);
  sheet.text(350, 150, 'Invoice no:').text(545, 150, invoice.number, { alignRight: true });
  sheet.text(350, 166, 'Invoice date:').text(545, 166, printDate(invoice.date, 'long'), { alignRight: true });
  sheet.text(350, 182, 'Terms:').text(545, 182, 'net 30 days', { alignRight: true });
  const headings = ['Description', 'Qty', 'Unit price', 'Amount'] as const;
  sheet.text(50, 790, 'Please quote the invoice number with your payment. Thank you for your business.', { size: 8 });
  const totals = [
    ['Subtotal', printMinor(invoice.netMinor)],
    ['VAT 20%', printMinor(invoice.taxMinor)],
    ['Total due (GBP)', printMinor(invoice.totalMinor)],
  ] as const;
  return drawBody(sheet, 240, { headings, items: invoice.items, totals, print: printMinor, folio: true });
}

/** Seller and customer side by side under labels, values below their labels. */
function drawModern(invoice: TrueInvoice): Sheet[] {
  const sheet = new Sheet();
  sheet.text(50, 80, 'Invoice', { size: 26, bold: true });
  const labels = ['Invoice number', 'Issue date', 'Due'] as const;
  const values = [invoice.number, printDate(invoice.date, 'us'), 'on receipt'];
  for (const [index, label] of labels.entries()) {
    sheet
      .text(50 + index * 170, 120, label, { size: 8 })
      .text(50 + index * 170, 134, values[index] ?? '', { bold: true });
  }
  sheet.rule(50, 150, 545);
  sheet.text(50, 180, 'From', { size: 8 }).text(300, 180, 'Billed to', { size: 8 });
  sheet.column(50, 195, [invoice.seller, ...addressOf(COMPANIES, invoice.seller)]);
  sheet.column(300, 195, [invoice.buyer, ...addressOf(CUSTOMERS, invoice.buyer)]);
  const headings = ['Item', 'Units', 'Rate', 'Total'] as const;
  sheet.text(50, 780, 'Wire transfer within 14 days. Late payments bear interest.', { size: 8 });
  const print = (minor: number) => `$${printMinor(minor)}`;
  const totals = [
    ['Net amount', print(invoice.netMinor)],
    ['Sales tax (8%)', print(invoice.taxMinor)],
    ['Amount due', print(invoice.totalMinor)],
  ] as const;
  return drawBody(sheet, 270, { headings, items: invoice.items, totals, print, folio: true });
}

/** Window envelope, German dates and decimal commas, and no page numbers. */
function drawContinental(invoice: TrueInvoice): Sheet[] {
  const sheet = new Sheet();
  sheet.text(545, 60, invoice.seller, { size: 14, bold: true, alignRight: true });
  sheet.text(50, 140, 'Customer:', { size: 8 });
  sheet.column(50, 154, [invoice.buyer, ...addressOf(CUSTOMERS, invoice.buyer)]);
  sheet.text(50, 240, `Rechnung Nr. ${invoice.number}`, { size: 14, bold: true });
  sheet.text(50, 258, `Date: ${printDate(invoice.date, 'dotted')}`).text(250, 258, 'All amounts in EUR');
  const headings = ['Article', 'Quantity', 'Price', 'Amount'] as const;
  sheet.text(50, 790, 'Payable within 30 days. IBAN DE02 1203 0000 0000 2020 51', { size: 8 });
  const print = (minor: number) => printMinor(minor, true);
  const totals = [
    ['Net total', print(invoice.netMinor)],
    ['VAT 19 %', print(invoice.taxMinor)],
    ['Invoice total EUR', print(invoice.totalMinor)],
  ] as const;
  return drawBody(sheet, 300, { headings, items: invoice.items, totals, print, decimal: ',', folio: false });
}

type Headings = readonly [string, string, string, string];

/** What follows the head of an invoice. */
interface Body {
  readonly headings: Headings;
  readonly items: readonly TrueItem[];
  readonly totals: readonly (readonly [string, string])[];
  readonly print: (minor: number) => string;
  readonly decimal?: string;
  /** Whether several sheets carry their numbers. */
  readonly folio: boolean;
}

/** The items and the sums below them; a table that is too long goes on on a second sheet. */
function drawBody(first: Sheet, top: number, body: Body): Sheet[] {
  const here = drawTable(first, top, body, body.items.slice(0, ITEMS_ON_FIRST));
  const rest = body.items.slice(ITEMS_ON_FIRST);
  if (rest.length === 0) {
    drawTotals(first, here, body.totals);
    return [first];
  }
  const second = new Sheet();
  drawTotals(second, drawTable(second, 100, body, rest), body.totals);
  const sheets = [first, second];
  for (const [index, sheet] of sheets.entries()) {
    if (body.folio) sheet.text(545, 815, `Page ${index + 1} of ${sheets.length}`, { size: 9, alignRight: true });
  }
  return sheets;
}

function drawTable(
  sheet: Sheet,
  top: number,
  { headings, print, decimal = '.' }: Body,
  items: readonly TrueItem[],
): number {
  const right = [360, 450, 545] as const;
  const row = (y: number, cells: readonly string[], bold: boolean) => {
    sheet.text(50, y, cells[0] ?? '', { bold });
    for (const [index, x] of right.entries()) sheet.text(x, y, cells[index + 1] ?? '', { bold, alignRight: true });
  };
  row(top, headings, true);
  sheet.rule(50, top + 6, 545);
  for (const [index, { description, quantity, unitPriceMinor, amountMinor }] of items.entries()) {
    const cells = [description, quantity.replace('.', decimal), print(unitPriceMinor), print(amountMinor)];
    row(top + 24 + index * 18, cells, false);
  }
  const bottom = top + 24 + items.length * 18;
  sheet.rule(50, bottom - 8, 545);
  return bottom + 14;
}

function drawTotals(sheet: Sheet, top: number, rows: readonly (readonly [string, string])[]): void {
  for (const [index, [label, value]] of rows.entries()) {
    const bold = index === rows.length - 1;
    sheet.text(350, top + index * 18, label, { bold }).text(545, top + index * 18, value, { bold, alignRight: true });
  }
}

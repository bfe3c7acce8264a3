import { printDate, printMinor } from './numbers.js';
import type { SeededRandom } from './random.js';
import { Sheet } from './sheet.js';
import type { TrueReceipt } from './truth.js';

const PEOPLE = ['Margaret Ellis', 'Jonas Becker', 'Priya Raman', 'Thomas Adeyemi', 'Clara Novak'] as const;
const MATTERS = [
  ['Your visit in spring', 'we were glad to hear that you plan to visit our office.'],
  ['Lease of the ground floor', 'the lease of the ground floor ends this summer and we would like to renew it.'],
  ['Delivery of the archive', 'your archive reached us in good order and is now in our store room.'],
  ['Invitation to the open day', 'we should like to invite you to our open day, with guided tours and lunch.'],
] as const;
const SENTENCES = [
  'Please let us know by the end of the month whether this suits you.',
  'My colleague will call you early next week to agree on the details.',
  'If you have any questions, do not hesitate to write to me or to ring the office.',
  'We have enclosed a copy of the plan and would be grateful for your remarks.',
  'As you know, the building is closed on public holidays.',
  'I look forward to hearing from you.',
] as const;
const GOODS = [
  ['Espresso', 260],
  ['Sandwich', 540],
  ['Orange juice', 320],
  ['Muffin', 280],
  ['Soup of the day', 620],
] as const;
const SHOPS = ['CAFE ROSSI', 'STATION KIOSK', 'GREEN GROCER', 'HARBOUR BOOKS'] as const;

/** Lines of a letter's body on its first sheet. */
const LETTER_LINES = 30;

/** A letter, of two sheets when it is long; a short one fits what OCR reads in a third of a second. */
export function drawLetter(random: SeededRandom, sentences: number): Sheet[] {
  const sheet = new Sheet();
  const [subject, opening] = random.pick(MATTERS);
  const [from, to] = [random.pick(PEOPLE), random.pick(PEOPLE)];
  sheet.text(50, 70, from, { bold: true, size: 12 }).column(50, 86, ['42 Garden Road', 'Oxford OX2 6HT'], 13);
  const date = `2026-0${random.integer(1, 9)}-${random.integer(10, 28)}`;
  sheet.text(545, 150, printDate(date, 'long'), { alignRight: true });
  sheet.text(50, 200, subject, { bold: true, size: 12 });
  sheet.text(50, 232, `Dear ${to},`, { size: 11 });
  const body = [opening, ...Array.from({ length: sentences }, (_, i) => SENTENCES[i % SENTENCES.length] ?? '')];
  const lines = wrap(body.join(' '), 84);
  const style = { size: 11 };
  const bottom = sheet.column(50, 256, lines.slice(0, LETTER_LINES), 16, style);
  const rest = lines.slice(LETTER_LINES);
  const last = rest.length === 0 ? sheet : new Sheet();
  const end = rest.length === 0 ? bottom : last.column(50, 80, rest, 16, style);
  last.text(50, end + 16, 'Yours sincerely,', style).text(50, end + 60, from, style);
  return last === sheet ? [sheet] : [sheet, last];
}

/** Makes up a receipt that adds up. */
export function inventReceipt(random: SeededRandom): TrueReceipt {
  const items = Array.from({ length: random.integer(2, 4) }, (_, index) => {
    const [description, amountMinor] = GOODS[(index + random.integer(0, 1)) % GOODS.length] ?? GOODS[0];
    return { description, amountMinor };
  });
  return {
    seller: random.pick(SHOPS),
    date: `2026-0${random.integer(1, 9)}-${random.integer(10, 28)}`,
    currency: 'EUR',
    items,
    totalMinor: items.reduce((sum, { amountMinor }) => sum + amountMinor, 0),
  };
}

/** Prints a till receipt on an 80 mm roll. */
export function drawReceipt({ seller, date, items, totalMinor }: TrueReceipt, random: SeededRandom): Sheet {
  const sheet = new Sheet(226, 250 + 16 * items.length);
  sheet.text(60, 34, seller, { bold: true, size: 14 }).text(60, 52, 'Tel 020 7946 0135');
  let y = 84;
  for (const { description, amountMinor } of items) {
    sheet.text(20, y, description).text(206, y, printMinor(amountMinor), { alignRight: true });
    y += 16;
  }
  const total = printMinor(totalMinor);
  sheet.rule(20, y - 4, 206);
  sheet.text(20, y + 14, 'TOTAL EUR', { bold: true, size: 12 });
  sheet.text(206, y + 14, total, { bold: true, size: 12, alignRight: true });
  sheet.text(20, y + 32, 'Card').text(206, y + 32, total, { alignRight: true });
  sheet.text(20, y + 48, 'Change').text(206, y + 48, '0.00', { alignRight: true });
  sheet.text(20, y + 78, 'Thank you for your visit');
  sheet.text(20, y + 94, `Till 2   ${printDate(date, 'dotted')}   ${random.integer(10, 19)}:42`);
  return sheet;
}

/** An application form with empty boxes. */
export function drawForm(): Sheet {
  const sheet = new Sheet();
  sheet.text(50, 70, 'Application for a reader card', { bold: true, size: 16 });
  sheet.text(50, 92, 'Please complete this form in block capitals and tick the boxes that apply.');
  const fields = ['Surname', 'First name', 'Date of birth', 'Nationality', 'Address', 'Postcode', 'Telephone', 'Email'];
  for (const [index, label] of fields.entries()) {
    sheet.text(50, 140 + index * 40, label, { size: 9 }).frame(50, 146 + index * 40, 400, 166 + index * 40);
  }
  sheet.column(
    50,
    490,
    ['I declare that the information given in this form is correct.', 'For office use only: section B'],
    20,
  );
  sheet.rule(50, 580, 250).rule(320, 580, 545);
  sheet.text(50, 592, 'Place and date', { size: 8 }).text(320, 592, 'Signature of applicant', { size: 8 });
  return sheet;
}

/** Two columns of prose under a headline: what comes first is the left column as a whole. */
export function drawArticle(): Sheet {
  const sheet = new Sheet();
  sheet.text(50, 80, 'The library opens its reading room earlier', { bold: true, size: 18 });
  sheet.text(50, 100, 'Newsletter of the readers club, volume 12', { size: 9 });
  const left =
    'From next month on the reading room will open at eight in the morning. Members of the club had asked for ' +
    'longer hours since last autumn, and the survey in this newsletter showed that most of them prefer the morning.';
  const second = 'The spring programme begins in March with an evening about maps and the people who drew them.';
  const right =
    'Research on reading habits shows that more and more people read on the way to work. The board expects that ' +
    'the number of visitors will grow, and that the table near the window will remain the favourite place.';
  const third = 'Articles for the next issue of the newsletter should reach the editor by the end of the month.';
  for (const [x, first, last] of [
    [50, left, second],
    [310, right, third],
  ] as const) {
    const bottom = sheet.column(x, 140, wrap(first, 44), 14);
    sheet.column(x, Math.max(bottom, 250) + 14, wrap(last, 44), 14);
  }
  return sheet;
}

function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + word.length < width) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}

/** The page of `marie replay report`, opened in a real browser: everything is in it, and is drawn. */
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openBrowser } from '../support/browser.js';

let folder: string;
let browser: Browser;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'marie-report-'));
  browser = await openBrowser();
});

afterAll(async () => {
  await browser?.close();
  await rm(folder, { recursive: true, force: true });
});

/** Writes a report and opens it without a network; what goes wrong in it is collected. */
async function opened(...args: string[]): Promise<{ page: Page; problems: string[]; file: string }> {
  const file = join(folder, `report-${args.length}.html`);
  await promisify(execFile)(process.execPath, [
    'bin/marie.mjs',
    'replay',
    'report',
    'corpus:late-invoice',
    '-o',
    file,
    ...args,
  ]);
  const context = await browser.newContext({ viewport: { width: 1280, height: 1600 }, offline: true });
  const page = await context.newPage();
  const problems: string[] = [];
  page.on('pageerror', (error) => problems.push(String(error)));
  page.on('console', (message) => (message.type() === 'error' ? problems.push(message.text()) : undefined));
  page.on('request', (request) => (request.url().startsWith('file:') ? undefined : problems.push(request.url())));
  await page.goto(`file://${file}`);
  await page.waitForSelector('body[data-ready=true]');
  return { page, problems, file };
}

/** What is asked of a canvas in the browser. */
interface Canvas {
  readonly width: number;
  readonly height: number;
  getContext(kind: '2d'): { getImageData(...box: number[]): { readonly data: Uint8ClampedArray } };
}

/** How many pixels of a canvas are of no colour that paper has. */
function inked(page: Page, selector: string): Promise<number> {
  return page.$eval(selector, (canvas) => {
    const { width, height } = canvas as unknown as Canvas;
    const { data } = (canvas as unknown as Canvas).getContext('2d').getImageData(0, 0, width, height);
    let count = 0;
    for (let i = 0; i < data.length; i += 4) {
      const isColour = Math.abs(data[i]! - data[i + 1]!) > 40 || Math.abs(data[i + 1]! - data[i + 2]!) > 40;
      if (data[i + 3]! > 0 && isColour) count += 1;
    }
    return count;
  });
}

/** Of a colour such as `rgb(29, 36, 51)` that the first such element has: the mean of the three. */
async function lightness(page: Page, selector: string, property: 'color' | 'backgroundColor'): Promise<number> {
  const asked = `getComputedStyle(document.querySelector(${JSON.stringify(selector)})).${property}`;
  const [red, green, blue] = (await page.evaluate<string>(asked)).match(/\d+/gu)!.map(Number);
  return (red! + green! + blue!) / 3;
}

/** How many pixels of a canvas are opaque and of a colour such as `#5b6577`. */
function drawnIn(page: Page, selector: string, colour: string): Promise<number> {
  return page.$eval(
    selector,
    (canvas, colour) => {
      const { width, height } = canvas as unknown as Canvas;
      const { data } = (canvas as unknown as Canvas).getContext('2d').getImageData(0, 0, width, height);
      const [red, green, blue] = [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16));
      let count = 0;
      for (let i = 0; i < data.length; i += 4) {
        if (data[i] === red && data[i + 1] === green && data[i + 2] === blue && data[i + 3] === 255) count += 1;
      }
      return count;
    },
    colour,
  );
}

/** What the page's style says of a colour now. */
function styled(page: Page, name: string): Promise<string> {
  return page.evaluate(`getComputedStyle(document.documentElement).getPropertyValue('${name}').trim()`);
}

it('draws the timeline and the charts, and lists the misses with their cause', async () => {
  const { page, problems, file } = await opened();
  expect(problems).toEqual([]);
  expect(await inked(page, '#timeline canvas')).toBeGreaterThan(5_000);
  for (const chart of ['#in-use', '#ready', '#pressure']) {
    expect(await inked(page, `${chart} canvas`)).toBeGreaterThan(200);
  }
  expect(await page.textContent('#figures')).toContain('35 of 40');
  expect(await page.locator('#misses tbody tr').count()).toBe(5);
  expect(await page.textContent('#misses')).toContain('held by archive-1-0');
  expect(await page.textContent('#blame')).toContain('archive-1-0');
  expect(await page.locator('#waits tbody tr').count()).toBe(3);
  expect((await readFile(file, 'utf8')).match(/(src|href)="/g)).toBeNull();
  await page.hover('#timeline canvas', { position: { x: 480, y: 72 } });
  expect(await page.textContent('#pointed')).toMatch(/ on \S+, \d\d:\d\d:\d\d/);
});

it('can be of one DAG', async () => {
  const { page, problems } = await opened('--dag', 'invoice-0-11');
  expect(problems).toEqual([]);
  expect(await page.textContent('h1')).toBe('invoice-0-11');
  expect(await page.textContent('#about')).toContain('DAG of tenant default, ');
  expect(await page.textContent('#figures')).toContain('0 of 1');
  expect(await page.locator('#blame tbody tr').count()).toBe(1);
  expect(await page.locator('#misses tbody tr').count()).toBe(1);
  // It looks at the time of its attempts first, which is a small part of the history.
  const label = () => page.getAttribute('#timeline canvas', 'aria-label');
  const first = await label();
  await page.keyboard.press('Tab');
  await page.keyboard.press('Home');
  expect(await label()).toMatch(/^Attempts on slots from 00:00:00\.000 to /);
  expect(first).not.toBe(await label());
});

it('can be looked at closer with keys alone', async () => {
  const { page, problems } = await opened('--to', '2026-01-01T00:02:00Z');
  const label = () => page.getAttribute('#timeline canvas', 'aria-label');
  const whole = await label();
  expect(whole).toMatch(/^Attempts on slots from 00:00:00.000 to 00:02:00.000: [0-9]+ completed/);
  await page.keyboard.press('Tab');
  await page.keyboard.press('+');
  expect(await label()).toContain(' from 00:00:30.000 to 00:01:30.000: ');
  await page.keyboard.press('ArrowRight');
  expect(await label()).toContain(' from 00:00:45.000 to 00:01:45.000: ');
  await page.keyboard.press('Home');
  expect(await label()).toBe(whole);
  expect(problems).toEqual([]);
});

it('says what its charts show to who does not see them, and nothing of a legend without a pointer', async () => {
  const { page } = await opened();
  const devtools = await page.context().newCDPSession(page);
  const { nodes } = await devtools.send('Accessibility.getFullAXTree');
  const named = (role: string) =>
    nodes.filter((node) => !node.ignored && node.role?.value === role).map(({ name }) => String(name?.value));
  const [timeline, ...charts] = named('image');
  expect(timeline).toMatch(/^Attempts on slots from \S+ to \S+: [\d,]+ completed/);
  const most = /at most \d+ at \d\d:\d\d:\d\d\.\d{3}, \d+ at the end/;
  expect(charts.map((name) => name.split('.')[0])).toEqual(['Slots in use', 'Ready jobs', 'Deadlines under pressure']);
  for (const name of charts) expect(name).toMatch(most);
  expect(charts[0]).toMatch(/; ocr, offered: at most 4 /);
  expect(named('rowheader')).toEqual([]);
  expect(named('columnheader')).toEqual(expect.arrayContaining(['class', 'longest', 'what', 'share', 'cause']));
  expect(named('columnheader')).not.toContain('time');
});

it('keeps to its window, also when that becomes another one', async () => {
  const { page, problems } = await opened('--to', '2026-01-01T00:03:57Z');
  const atTheEnd = async () => {
    const { width } = (await page.locator('#timeline canvas').boundingBox())!;
    await page.mouse.move(0, 0);
    await page.hover('#timeline canvas', { position: { x: width - 2, y: 104 } });
    return page.textContent('#pointed');
  };
  const last = await atTheEnd();
  expect(last).toMatch(/^invoice-0-\d+ read on ocr-1-1, 00:03:5/);
  for (const width of [700, 375]) {
    await page.setViewportSize({ width, height: 1600 });
    await expect.poll(() => page.$eval('html', (html) => html.scrollWidth), { timeout: 10_000 }).toBe(width);
    await expect.poll(atTheEnd, { timeout: 10_000 }).toBe(last);
    for (const canvas of await page.locator('canvas').all()) {
      const { width: shown } = (await canvas.boundingBox())!;
      expect(Number(await canvas.getAttribute('width'))).toBe(Math.round(shown));
      expect(shown).toBeLessThan(width);
    }
  }
  expect(problems).toEqual([]);
});

it('is dark where that is wanted, and what is drawn on it can be read', async () => {
  const { page } = await opened('--dag', 'invoice-0-12');
  for (const colorScheme of ['dark', 'light'] as const) {
    const before = await styled(page, '--line');
    await page.emulateMedia({ colorScheme });
    const paper = await lightness(page, 'section', 'backgroundColor');
    expect(paper < 60).toBe(colorScheme === 'dark');
    for (const text of ['h1', 'td', 'th', '.hint']) {
      const ink = await lightness(page, text, 'color');
      expect(Math.abs(ink - paper), text).toBeGreaterThan(100);
    }
    for (const canvas of ['#timeline canvas', '#in-use canvas']) {
      for (const ink of ['--line', '--soft']) {
        const colour = await styled(page, ink);
        await expect.poll(() => drawnIn(page, canvas, colour), { timeout: 10_000 }).toBeGreaterThan(0);
      }
      expect(await drawnIn(page, canvas, before)).toBe(0);
    }
  }
});

it('says so where JavaScript is switched off, as viewers of files do', async () => {
  const { file } = await opened('--to', '2026-01-01T00:01:00Z');
  const page = await (await browser.newContext({ javaScriptEnabled: false })).newPage();
  await page.goto(`file://${file}`);
  expect(await page.locator('noscript p').isVisible()).toBe(true);
});

it('keeps the colours of lines and bars where a system has its own, and has no header without a name', async () => {
  const { page } = await opened();
  const colours = (selector: string, property: string) =>
    page.$$eval(
      selector,
      (all, property) =>
        all.map(
          (one) =>
            (globalThis as unknown as { getComputedStyle: (of: unknown) => Record<string, string> }).getComputedStyle(
              one,
            )[property],
        ),
      property,
    );
  const before = [await colours('.u-marker', 'borderTopColor'), await colours('.share', 'backgroundColor')];
  await page.emulateMedia({ forcedColors: 'active' });
  expect([await colours('.u-marker', 'borderTopColor'), await colours('.share', 'backgroundColor')]).toEqual(before);
  expect(await page.locator('table:not(.u-legend) th:empty').count()).toBe(0);
});

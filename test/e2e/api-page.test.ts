/** The pages of a fabric in a browser: the API page shows every address and asks nobody else for anything; the codes. */
import { expect, onTestFinished } from 'vitest';
import { openBrowser } from '../support/browser.js';
import { it } from '../support/fabric/fabric.js';

it('shows every operation, sends a request, and loads nothing from elsewhere', async ({ fabric }) => {
  const browser = await openBrowser();
  onTestFinished(() => browser.close());
  const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
  const asked: string[] = [];
  const errors: string[] = [];
  page.on('request', (request) => asked.push(request.url()));
  page.on('pageerror', (error) => errors.push(error.message));
  await page.goto(`${fabric.url}/docs`);
  await page.waitForSelector('.opblock');

  const { paths } = (await (await fetch(`${fabric.url}/openapi.json`)).json()) as { paths: Record<string, object> };
  const operations = Object.values(paths).flatMap((methods) => Object.keys(methods));
  expect(await page.locator('.opblock').count()).toBe(operations.length);
  await page.locator('.opblock', { hasText: '/healthz' }).first().click();
  await page.getByRole('button', { name: 'Try it out' }).click();
  await page.getByRole('button', { name: 'Execute' }).click();
  await page.locator('.live-responses-table', { hasText: '"status": "ok"' }).waitFor();

  expect(errors).toEqual([]);
  expect(asked.filter((url) => !url.startsWith(fabric.url) && !url.startsWith('data:'))).toEqual([]);
});

it('shows the codes on a screen of 320 pixels without moving sideways, and says to screen readers what is the page', async ({
  fabric,
}) => {
  const browser = await openBrowser();
  onTestFinished(() => browser.close());
  const page = await browser.newPage({ viewport: { width: 320, height: 640 } });
  for (const path of ['/errors', '/errors/idempotency-key-reused']) {
    await page.goto(`${fabric.url}${path}`);
    expect(await page.evaluate<number>('document.documentElement.scrollWidth'), path).toBe(320);
    expect(await page.getByRole('main').getByRole('heading', { level: 1 }).count()).toBe(1);
  }
  await page.goto(`${fabric.url}/errors`);
  expect(await page.getByRole('columnheader').allTextContents()).toEqual(['code', 'status', 'title']);
});

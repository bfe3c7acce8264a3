/** The API page in a browser: served by the process, it shows every address and asks nobody else for anything. */
import { expect, it, onTestFinished } from 'vitest';
import { openBrowser } from '../support/browser.js';
import { FabricProcess } from '../support/fabric/fabric.js';

it('shows every operation, sends a request, and loads nothing from elsewhere', async () => {
  const fabric = await FabricProcess.start();
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

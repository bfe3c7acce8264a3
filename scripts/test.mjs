// `npm test`: installs and builds if needed, runs every vitest project, and ends with the line
// `N passed, N failed` (`, N skipped` when there are any). Arguments go to vitest: `npm test -- test/kernel`.
// MARIE_FAILED_CHECKS (set by scripts/verify.mjs) names checks that failed before; they count as failed.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildIfNeeded, checkNode, installIfNeeded, PrepareError, root, run } from './lib/prepare.mjs';

const say = (text) => process.stdout.write(`${text}\n`);

const failures = (process.env.MARIE_FAILED_CHECKS ?? '').split(' ').filter(Boolean);
let summary = { passed: 0, failed: 0, skipped: [], broken: [] };
try {
  checkNode();
  await installIfNeeded();
  await buildAndCount();
  say('marie: running the tests (vitest)');
  summary = await runVitest();
} catch (error) {
  if (!(error instanceof PrepareError)) throw error;
  say(`marie: ${error.message}`);
  failures.push('preparation');
}
close();

/** A build that fails is one failure; the tests still run, most of them on the sources. */
async function buildAndCount() {
  try {
    await buildIfNeeded();
  } catch (error) {
    if (!(error instanceof PrepareError)) throw error;
    say(`marie: ${error.message}`);
    failures.push('build');
  }
}

async function runVitest() {
  const folder = mkdtempSync(join(tmpdir(), 'marie-test-'));
  const file = join(folder, 'summary.json');
  const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs');
  const reporters = ['--reporter=default', '--reporter=./scripts/lib/summary-reporter.mjs'];
  try {
    const code = await run(process.execPath, [vitest, 'run', ...reporters, ...process.argv.slice(2)], {
      env: { ...process.env, MARIE_TEST_SUMMARY: file },
      stdio: ['ignore', 'inherit', 'inherit'],
    });
    const result = JSON.parse(readFileSync(file, 'utf8'));
    if (code !== 0 && result.failed + result.broken.length === 0) failures.push(`vitest (exit code ${code})`);
    return result;
  } catch (error) {
    failures.push(`vitest (no results: ${error.message})`);
    return summary;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The lists that a reader must not miss, then the closing line, alone and last. */
function close() {
  for (const { name, reason } of summary.skipped) say(`SKIPPED  ${name}: ${reason}`);
  for (const { name, reason } of summary.broken) say(`BROKEN   ${name}: ${reason}`);
  for (const name of failures) say(`FAILED   ${name}`);
  const failed = summary.failed + summary.broken.length + failures.length;
  const none = summary.passed + failed === 0;
  if (none) say('FAILED   no test ran');
  const skipped = summary.skipped.length > 0 ? `, ${summary.skipped.length} skipped` : '';
  say(`${summary.passed} passed, ${failed + (none ? 1 : 0)} failed${skipped}`);
  process.exitCode = failed > 0 || none ? 1 : 0;
}

// A vitest reporter that writes what the closing line of `npm test` needs to the file MARIE_TEST_SUMMARY names:
// { passed, failed, skipped: [{ name, reason }], broken: [{ name, reason }] }. A file that fails to load and an error
// outside any test are `broken`: nothing of them counts as passed.
import { writeFileSync } from 'node:fs';

export default class SummaryReporter {
  onTestRunEnd(modules, unhandledErrors) {
    const summary = { passed: 0, failed: 0, skipped: [], broken: [] };
    for (const module of modules) addModule(summary, module);
    for (const error of unhandledErrors) {
      summary.broken.push({ name: 'outside any test', reason: firstLine(error.message) });
    }
    writeFileSync(process.env.MARIE_TEST_SUMMARY, JSON.stringify(summary));
  }
}

function addModule(summary, module) {
  for (const error of module.errors()) {
    summary.broken.push({ name: module.relativeModuleId, reason: firstLine(error.message) });
  }
  for (const suite of module.children.allSuites()) {
    for (const error of suite.errors())
      summary.broken.push({ name: fullName(module, suite), reason: firstLine(error.message) });
  }
  for (const test of module.children.allTests()) {
    const result = test.result();
    if (result.state === 'passed') summary.passed += 1;
    else if (result.state === 'failed') summary.failed += 1;
    else summary.skipped.push({ name: fullName(module, test), reason: skipReason(test, result) });
  }
}

/** The note of `ctx.skip('…')`; a test that waits for something that doesn't exist yet is a `todo`. */
function skipReason(test, result) {
  if (result.note !== undefined) return result.note;
  return test.options.mode === 'todo' ? 'todo' : 'no reason given';
}

const fullName = (module, entity) => `${module.relativeModuleId} > ${entity.fullName}`;
const firstLine = (text) => String(text ?? '').split('\n', 1)[0];

/**
 * Checks over the source itself, in the spirit of TigerBeetle's tidy: what no compiler or linter sees. Each check is a
 * function from a file to findings; the second half shows that each one can fail.
 */
import { describe, expect, it } from 'vitest';
import { kernelPurity, outsideCalls } from './calls.js';
import { codesWithoutTest, codesWithoutTopic, eventsWithoutApplier, inputsWithoutDecision } from './catalogue.js';
import { codesWithoutMeaning, codesWithoutPage, codesWithoutUse } from './errors.js';
import { undocumentedExports } from './exports.js';
import { brokenLinks } from './links.js';
import {
  announcedWork,
  longFiles,
  longFunctions,
  machinePaths,
  registryHosts,
  silentSkips,
  strayTests,
  wideComments,
} from './shape.js';
import { allSources, type Finding, isCode, type Source } from './source.js';
import { replacedNames, replacedProse } from './words.js';

const sources = allSources();
const code = sources.filter(isCode);

function findings(check: (source: Source) => Finding[], among: readonly Source[] = sources): Finding[] {
  return among.flatMap(check);
}

describe('the source', () => {
  it('reaches clock, timers and randomness in adapters only', () => expect(findings(outsideCalls, code)).toEqual([]));
  it('keeps the kernel a calculation on integers', () => expect(findings(kernelPurity, code)).toEqual([]));
  it('has no file that is too long', () => expect(findings(longFiles)).toEqual([]));
  it('has no function that is too long', () => expect(findings(longFunctions)).toEqual([]));
  it('has no comment that is too wide', () => expect(findings(wideComments)).toEqual([]));
  it('announces no work', () => expect(findings(announcedWork)).toEqual([]));
  it('names no path of one machine', () => expect(findings(machinePaths)).toEqual([]));
  it('names no registry in the lock file', () => expect(findings(registryHosts)).toEqual([]));
  it('leaves out no test silently', () => expect(findings(silentSkips)).toEqual([]));
  it('has no test that no project runs', () => expect(findings(strayTests)).toEqual([]));
  it('uses the words of the glossary in names', () => expect(findings(replacedNames)).toEqual([]));
  it('uses the words of the glossary in prose', () => expect(findings(replacedProse)).toEqual([]));
  it('explains every public export', () => expect(undocumentedExports(sources)).toEqual([]));
  it('has no broken link in its documents', () =>
    expect(findings((source) => brokenLinks(source, sources))).toEqual([]));
});

describe('the catalogue', () => {
  it('has an applier for every event', () => expect(eventsWithoutApplier(sources)).toEqual([]));
  it('has a decision for every input', () => expect(inputsWithoutDecision(sources)).toEqual([]));
  it('has a topic for every input and event', () => expect(codesWithoutTopic(sources)).toEqual([]));
  it('has a test for every input and event', () => expect(codesWithoutTest(sources)).toEqual([]));
});

describe('the codes of errors', () => {
  it('are in the catalogue, wherever the program gives one', () => expect(codesWithoutMeaning(sources)).toEqual([]));
  it('are all in use', () => expect(codesWithoutUse(sources)).toEqual([]));
  it('have a page each', () => expect(codesWithoutPage(sources)).toEqual([]));
});

describe('each check can fail', () => {
  const file = (path: string, text: string): Source => ({ path, text });
  const long = 'const a = 1;\n'.repeat(401);
  const cases: readonly [string, (source: Source) => Finding[], Source, string][] = [
    ['clock', outsideCalls, file('src/gateway/a.ts', 'const t = Date.now();'), 'Date.now'],
    ['global timer', outsideCalls, file('src/store/a.ts', 'globalThis.setTimeout(f, 1);'), 'setTimeout'],
    ['new Date()', outsideCalls, file('src/outbox/a.ts', 'const t = new Date();'), 'new Date()'],
    ['await', kernelPurity, file('src/kernel/a.ts', 'export async function f() {\n  await g();\n}'), ':2: '],
    ['division', kernelPurity, file('src/kernel/a.ts', 'const x = Math.floor(a / b) + c / d;'), 'division'],
    ['fraction', kernelPurity, file('src/kernel/a.ts', 'const x = 0.5;'), '0.5'],
    ['float', kernelPurity, file('src/kernel/a.ts', 'const x = Math.sqrt(2);'), 'Math.sqrt'],
    ['key order', kernelPurity, file('src/kernel/a.ts', 'for (const k in o) f(k);'), 'for … in'],
    ['file', longFiles, file('src/a.ts', long), '401 lines'],
    ['function', longFunctions, file('src/a.ts', `function f() {\n${'g();\n'.repeat(70)}}`), '72 lines'],
    ['comment', wideComments, file('src/a.ts', `f();\n  /** ${'long '.repeat(25)}*/`), 'src/a.ts:2: a comment of 133'],
    ['announced work', announcedWork, file('src/a.ts', `// ${'TO'}DO later`), 'issue'],
    ['machine path', machinePaths, file('docs/a.md', `see /${'home'}/ann/notes`), 'one machine'],
    ['registry', registryHosts, file('package-lock.json', '"resolved": "https://r.example/a.tgz"'), 'registry'],
    ['only', silentSkips, file('test/spec/a.test.ts', `it.${'only'}('x', f);`), 'every other'],
    ['skip', silentSkips, file('test/spec/a.test.ts', `it.${'skip'}('x', f);`), 'says why'],
    ['stray test', strayTests, file('src/a.test.ts', ''), 'no vitest project'],
    ['name', replacedNames, file('src/a.ts', 'const nextWorkerId = 1;'), 'executor'],
    ['file name', replacedNames, file('src/task-list.ts', ''), 'job'],
    ['prose', replacedProse, file('docs/a.md', 'A workflow of jobs.'), 'dag'],
    ['link', (source) => brokenLinks(source, []), file('README.md', '[x](docs/nowhere.md)'), 'no file'],
    ['heading', (source) => brokenLinks(source, [source]), file('README.md', '# A\n[x](#b)'), 'no heading'],
    [
      'docstring',
      (source) => undocumentedExports([source]),
      file('src/a/index.ts', 'export const a = 1;'),
      'docstring',
    ],
  ];
  it.each(cases)('%s', (_name, check, source, expected) => {
    expect(check(source).join('\n')).toContain(expected);
  });

  it('and passes what is right', () => {
    const right = file(
      'src/kernel/a.ts',
      '/** Half, rounded down. */\nexport const half = (n: number): number => Math.floor(n / 2);\n',
    );
    for (const check of [outsideCalls, kernelPurity, longFiles, longFunctions, announcedWork, replacedNames]) {
      expect(check(right)).toEqual([]);
    }
    expect(undocumentedExports([{ ...right, path: 'src/a/index.ts' }])).toEqual([]);
  });

  it('a code of an error without meaning, use or page', () => {
    const errors = file('schemas/errors.json', '{"some-code": {}}');
    expect(codesWithoutMeaning([errors, file('src/a.ts', "throw new Refusal('no-code', '');")])).toHaveLength(1);
    expect(codesWithoutMeaning([errors, file('src/a.ts', "throw new Refusal('some-code', '');")])).toEqual([]);
    expect(codesWithoutUse([errors])).toHaveLength(1);
    expect(codesWithoutPage([errors, file('docs/errors/other-code.md', '')])).toHaveLength(2);
    expect(codesWithoutPage([errors, file('docs/errors/some-code.md', '')])).toEqual([]);
  });

  it('a code without applier, decision, topic or test', () => {
    const codes = file('schemas/codes.json', '{"inputs": {"Ask@1": {"code": 1}}, "events": {"Asked@2": {"code": 2}}}');
    expect(eventsWithoutApplier([codes])).toHaveLength(1);
    expect(inputsWithoutDecision([codes])).toHaveLength(1);
    expect(codesWithoutTopic([codes])).toHaveLength(2);
    expect(codesWithoutTest([codes])).toHaveLength(2);
    const applier = file('src/kernel/evolve/ask.ts', '  AskedV2: asks.asked,\n');
    expect(eventsWithoutApplier([codes, applier])).toEqual([]);
  });
});

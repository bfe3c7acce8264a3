import { readdirSync, readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
import { AT_ONCE, AT_ONCE_ON_KAFKA } from './test/support/at-once.js';
import { compiledModules } from './test/support/compiled-modules.js';
import { LongFirst } from './test/support/long-first.js';
import { LIMIT_MS, PATIENT } from './test/support/patience.js';

/**
 * One project per kind of test; a kind is a folder of test/. `group` orders them: what is quick and pure first, what
 * starts processes last, so that the heavy kinds don't slow each other down on a small machine.
 */
const kinds = [
  { name: 'architecture', group: 0 },
  { name: 'spec', group: 0 },
  { name: 'contract', group: 0 },
  { name: 'property', group: 1 },
  { name: 'simulation', group: 1 },
  { name: 'integration', group: 2 },
  { name: 'e2e', group: 3 },
];

const limits = { testTimeout: LIMIT_MS, hookTimeout: LIMIT_MS, expect: { poll: PATIENT } };

/** Threads run compiled modules, also those of a source. */
const alias = [
  { find: './host-module.js', replacement: fileURLToPath(new URL('test/support/host-module.ts', import.meta.url)) },
  { find: './thread-module.js', replacement: fileURLToPath(new URL('test/support/thread-module.ts', import.meta.url)) },
];

/**
 * Kinds whose tests start servers or whole fabrics: few files at once. Each has folders and ports of its own.
 */
const startsProcesses = new Set(['integration', 'e2e']);

/**
 * How many files of the others run at once: in the first group one more than there are cores, as those of the Python
 * executor, of outages and of snapshots wait for most of their time.
 */
const atOnce = (group: number): number => availableParallelism() + (group === 0 ? 1 : 0);

/** Kinds whose tests start processes or threads of ours, which run what is compiled. */
const compiled = new Set(['contract', 'alone', 'integration', 'e2e']);

/**
 * Kinds whose files are run by the same few processes, which keep the modules that they have loaded: with each file in a
 * process of its own, loading them took longer than the tests.
 */
const sharesModules = new Set(['architecture', 'spec', 'contract', 'property', 'integration']);

/** What a file of such a kind can't do there: put something else in a module's place or the process's, or measure it. */
const NEEDS_A_PROCESS =
  /\bvi\.(mock|doMock|resetModules|stubEnv|stubGlobal|useFakeTimers|setSystemTime)\(|\b(memoryUsage|setFlagsFromString|chdir)\b/;
const root = fileURLToPath(new URL('.', import.meta.url));
const alone = [...sharesModules].flatMap((kind) => filesAlone(`test/${kind}`));

function filesAlone(folder: string): string[] {
  const names = readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' });
  const paths = names
    .filter((name) => name.endsWith('.test.ts'))
    .map((name) => `${folder}/${name.replaceAll('\\', '/')}`);
  return paths.filter((path) => NEEDS_A_PROCESS.test(readFileSync(join(root, path), 'utf8')));
}

/** Who puts something in a module's place needs its source: Node gives nobody another one. */
const onSources = new Set(['alone']);

/** Tests that need Kafka, of any kind: a project of their own, for which one broker is started that its files share. */
const NEEDS_KAFKA = 'test/*/kafka/**/*.test.ts';

const kafka = {
  resolve: { alias },
  plugins: [compiledModules(root)],
  test: {
    name: 'kafka',
    include: [NEEDS_KAFKA],
    environment: 'node' as const,
    pool: 'forks' as const,
    ...limits,
    sequence: { groupOrder: 4 },
    maxWorkers: AT_ONCE_ON_KAFKA,
    globalSetup: ['scripts/lib/build-before-tests.mjs', 'test/support/kafka/set-up.ts'],
  },
};

const included = [
  ...kinds.map((kind) => ({ ...kind, include: [`test/${kind.name}/**/*.test.ts`], exclude: [NEEDS_KAFKA, ...alone] })),
  { name: 'alone', group: 0, include: alone, exclude: [NEEDS_KAFKA] },
];

const others = included.map(({ name, group, include, exclude }) => ({
  resolve: { alias },
  plugins: onSources.has(name) ? [] : [compiledModules(root)],
  test: {
    name,
    include,
    exclude,
    isolate: !sharesModules.has(name),
    environment: 'node',
    pool: 'forks',
    ...limits,
    sequence: { groupOrder: group },
    maxWorkers: startsProcesses.has(name) ? AT_ONCE : atOnce(group),
    globalSetup: [`scripts/lib/${compiled.has(name) ? 'build-before-tests' : 'build-or-sources'}.mjs`],
  },
}));

export default defineConfig({ test: { projects: [...others, kafka], sequence: { sequencer: LongFirst } } });

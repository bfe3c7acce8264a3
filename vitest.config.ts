import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
import { AT_ONCE } from './test/support/at-once.js';
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

/** Threads run compiled modules. */
const alias = [
  { find: './host-module.js', replacement: fileURLToPath(new URL('test/support/host-module.ts', import.meta.url)) },
];

/**
 * Kinds whose tests start servers or whole fabrics: few files at once. Each has folders and ports of its own.
 */
const startsProcesses = new Set(['integration', 'e2e']);

/** Kinds whose tests start processes or threads of ours, which run what is compiled. */
const compiled = new Set(['contract', 'integration', 'e2e']);

/** Tests that need Kafka, of any kind: a project of their own, for which one broker is started that its files share. */
const NEEDS_KAFKA = 'test/*/kafka/**/*.test.ts';

const kafka = {
  resolve: { alias },
  test: {
    name: 'kafka',
    include: [NEEDS_KAFKA],
    environment: 'node' as const,
    pool: 'forks' as const,
    ...limits,
    sequence: { groupOrder: 4 },
    maxWorkers: AT_ONCE,
    globalSetup: ['scripts/lib/build-before-tests.mjs', 'test/support/kafka/set-up.ts'],
  },
};

const others = kinds.map(({ name, group }) => ({
  resolve: { alias },
  test: {
    name,
    include: [`test/${name}/**/*.test.ts`],
    exclude: [NEEDS_KAFKA],
    environment: 'node',
    pool: 'forks',
    ...limits,
    sequence: { groupOrder: group },
    maxWorkers: startsProcesses.has(name) ? AT_ONCE : availableParallelism(),
    ...(compiled.has(name) ? { globalSetup: ['scripts/lib/build-before-tests.mjs'] } : {}),
  },
}));

export default defineConfig({ test: { projects: [...others, kafka] } });

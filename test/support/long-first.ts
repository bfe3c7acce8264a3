/** In which order test files begin: Vitest knows none on a clean clone, and may keep the longest for the end. */
import { existsSync } from 'node:fs';
import { join, relative } from 'node:path';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Those that take most of a minute, or more, on a quiet machine of two cores; the longest first. */
const LONG = [
  'test/e2e/kafka/brokers.test.ts',
  'test/e2e/kafka/failover.test.ts',
  'test/e2e/kafka/foreign.test.ts',
  'test/integration/cli/tree.test.ts',
  'test/e2e/newcomer.test.ts',
  'test/integration/cli/dev.test.ts',
  'test/integration/docs/pages.test.ts',
  'test/integration/gateway/fuzz.test.ts',
  'test/e2e/documents.test.ts',
  'test/integration/cli/long-work.test.ts',
  'test/simulation/fabric.test.ts',
  'test/spec/python/executor-session.test.ts',
  'test/spec/python/executor-faults.test.ts',
  'test/e2e/kafka/fabric.test.ts',
  'test/e2e/executors-crash.test.ts',
  'test/e2e/kafka/topics-sdk.test.ts',
  'test/integration/cli/repair.test.ts',
  'test/e2e/operations.test.ts',
  'test/e2e/fabric-kill.test.ts',
  'test/integration/deploy/deploy.test.ts',
  'test/integration/backup/archived.test.ts',
];

/** They begin first in their group: no worker is left alone with one of them while the others have nothing more to do. */
export class LongFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const { root } = this.ctx.config;
    for (const file of LONG) if (!existsSync(join(root, file))) throw new Error(`there is no ${file}`);
    const group = ({ project }: TestSpecification): number => project.config.sequence.groupOrder;
    const rank = ({ moduleId }: TestSpecification): number => {
      const place = LONG.indexOf(relative(root, moduleId));
      return place < 0 ? LONG.length : place;
    };
    const sorted = await super.sort(files);
    return sorted.sort((a, b) => group(a) - group(b) || rank(a) - rank(b));
  }
}

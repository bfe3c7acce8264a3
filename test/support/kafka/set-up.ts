/** Vitest's global set-up of the project `kafka`: one broker for all its files, started once. */
import type { TestProject } from 'vitest/node';
import { whyNoKafka } from '../../../src/main/dev-kafka/archives.js';
import type { Proxied } from './broker.js';
import { startSharingClasses } from './classes.js';
import type { Guarded } from './guarded.js';

/** Where the shared broker is. */
export interface SharedBroker {
  readonly addresses: readonly string[];
  /**
   * Its listeners for clients behind a proxy, one for each file that
   * runs at once, and the port on which that starts its proxy.
   */
  readonly proxied: readonly Proxied[];
  /** Its listener for clients that must prove who they are. */
  readonly guarded: Guarded;
}

declare module 'vitest' {
  interface ProvidedContext {
    /** The shared broker, or why there is none. */
    kafka: SharedBroker | { readonly missing: string };
  }
}

export default async function setUp(project: TestProject): Promise<(() => Promise<void>) | undefined> {
  const missing = await whyNoKafka();
  if (missing !== null) {
    if (process.env.MARIE_REQUIRE_KAFKA === '1') throw new Error(`MARIE_REQUIRE_KAFKA is set, but ${missing}`);
    project.provide('kafka', { missing });
    return undefined;
  }
  const cluster = await startSharingClasses();
  const { proxied, guarded } = cluster.brokers[0]!.spec;
  project.provide('kafka', { addresses: [...cluster.addresses], proxied, guarded });
  return () => cluster.remove();
}

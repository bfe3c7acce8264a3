import { it as base, onTestFinished } from 'vitest';
import {
  type ExecutorDefinition,
  type RunningExecutors,
  type RunOptions,
  runExecutors,
} from '../../../src/executor/index.js';
import { FakeFabric } from '../../support/fake-fabric.js';
import { quietLog } from '../../support/quiet-log.js';

/** The id under which the executors of these tests register. */
export const ID = 'e-1';

export async function startFake(port = 0): Promise<FakeFabric> {
  const fake = await FakeFabric.start(port);
  onTestFinished(() => fake.stop());
  return fake;
}

/** A test that asks for `fake` gets one of its own. */
export const it = base.extend('fake', () => startFake());

/** Runs one executor against a fake, with the class `test` and four slots unless told otherwise. */
export async function startExecutor(
  fake: FakeFabric,
  run: ExecutorDefinition['run'],
  options: Partial<RunOptions> & { slots?: number } = {},
): Promise<RunningExecutors> {
  const { slots = 4, ...others } = options;
  const running = await runExecutors({
    url: fake.url,
    id: ID,
    executors: [{ class: 'test', slots, run }],
    handleSignals: false,
    log: quietLog(),
    ...others,
  });
  onTestFinished(() => running.close(0));
  return running;
}

/** A promise with its handles. */
export function gate(): { readonly opened: Promise<void>; readonly open: () => void } {
  let open!: () => void;
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opened, open };
}

/** A run() that ends only when its signal is aborted, with the signal's reason. */
export function untilAborted(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    if (signal.aborted) reject(signal.reason);
    signal.addEventListener('abort', () => reject(signal.reason));
  });
}

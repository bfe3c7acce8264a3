import { Code } from '../../src/catalogue/generated/codes.js';
import type { EventEntry, InputEntry, RegisterExecutor } from '../../src/catalogue/generated/types.js';
import type { GatewayFixture } from './gateway.js';

/** From now on registrations are taken as the kernel takes them, as those of executor 1. */
export function takeRegistrations({ inbox, views }: GatewayFixture): void {
  inbox.decide = (input) => {
    if (input.code !== Code.RegisterExecutor) return [];
    views.registered.set(input.body.executor, { seq: 1, incarnation: input.body.incarnation, live: true });
    const session = { executor: 1, class: 1, session: 1, untilMs: 1, resumed: false };
    return [{ code: Code.ExecutorRegistered, cause: 0, body: session }];
  };
}

/** What the turn has in which a process of executor 1 registers. */
export function registration(incarnation: string): [InputEntry, EventEntry] {
  const body = { executor: 'e1', incarnation, sessionMs: 10_000 } as RegisterExecutor;
  const session = { executor: 1, class: 1, session: 1, untilMs: 1, resumed: false };
  return [
    { code: Code.RegisterExecutor, envelope: {} as never, body } as InputEntry,
    { code: Code.ExecutorRegistered, cause: 0, body: session },
  ];
}

/** What the routes share. */
import type { FastifyRequest } from 'fastify';
import { fits, isWellFormed } from '../edge/json/text.js';
import { NAME_BYTES, READ_WAIT_MS } from '../edge/limits.js';
import { Refusal } from '../edge/problems.js';
import { Senders } from '../edge/seal.js';
import type { GatewayDeps } from './deps.js';
import type { DispatchHub } from './dispatch/hub.js';
import type { History } from './history.js';
import type { Feed } from './lifecycle/feed.js';
import type { PressureCache } from './signals/pressure-cache.js';
import type { SignalRecorder } from './signals/recorder.js';
import type { Streams } from './streams.js';

export interface Gateway {
  readonly deps: GatewayDeps;
  readonly cell: string;
  readonly history: History;
  readonly hub: DispatchHub;
  readonly feed: Feed;
  readonly streams: Streams;
  readonly recorder: SignalRecorder;
  readonly pressure: PressureCache;
}

/** What comes with the inputs of one request. */
export function sendersOf(gateway: Gateway, request: FastifyRequest): Senders {
  return new Senders(gateway.deps.ids, gateway.deps.clock, request.headers['traceparent']);
}

/** The id under which a sender repeats a request, or null. Throws `Refusal`. */
export function idempotencyKeyOf(request: FastifyRequest): string | null {
  const key = request.headers['idempotency-key'];
  if (key === undefined) return null;
  if (typeof key !== 'string' || key === '' || !fits(key, NAME_BYTES) || !isWellFormed(key)) {
    throw new Refusal('invalid-value', `Idempotency-Key is 1 to ${NAME_BYTES} bytes`);
  }
  return key;
}

/**
 * Throws `Refusal` for a sender that was registered in another reign than this one: turns that it knows may be gone, and
 * what it says of a token would count for another lease. Where a reign has no name everybody is taken.
 */
export function checkReign({ deps }: Gateway, named: string | undefined): void {
  const reign = deps.reign();
  if (named === undefined || reign === null || reign.id === named) return;
  throw new Refusal('other-reign', `turns are made by ${reign.id} now, since turn ${reign.turn}`);
}

/**
 * Waits until what was just read from the fold is in the journal: the fold is ahead of it by the turn that is being
 * appended, and nothing is visible outside before its turn is accepted (law 1).
 */
export async function untilAccepted({ deps, hub }: Gateway): Promise<void> {
  const { turn } = deps.views.cell();
  const fate = await hub.accepted(turn, READ_WAIT_MS);
  if (fate === 'dropped')
    throw new Refusal(
      'not-ready',
      `the state that this was read from was given up, and turn ${turn} may be another one`,
    );
  if (fate === 'open') throw notHere(turn, hub);
}

/** Waits until a turn is in the journal. Throws `Refusal` when that takes too long: a journal may be out of reach. */
export async function untilTurn({ hub }: Gateway, turn: number): Promise<void> {
  if (!(await hub.reached(turn, READ_WAIT_MS))) throw notHere(turn, hub);
}

function notHere(turn: number, { published }: DispatchHub): Refusal {
  return new Refusal('not-ready', `turn ${turn} is not here yet; this is turn ${published}`);
}

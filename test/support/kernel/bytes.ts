import type { TurnRecord } from '../../../src/catalogue/generated/types.js';
import { encodeTurn } from '../../../src/catalogue/turn.js';
import type { TurnRequest, TurnResult } from '../../../src/kernel/kernel.js';

/** A turn as the journal would hold it. */
export function recordOf(request: TurnRequest, result: TurnResult): TurnRecord {
  return {
    format: 1,
    catalogue: new Uint8Array(8),
    cell: 'main',
    epoch: 1,
    writer: new Uint8Array(16),
    turn: request.turn,
    prev: new Uint8Array(32),
    at: request.at,
    stoppedMs: request.stoppedMs,
    policy: result.policy,
    kernel: 'kernel@1',
    caughtUp: request.caughtUp,
    full: result.full,
    published: request.published,
    syncEveryMs: 0,
    inputs: [],
    entries: result.entries,
    stateHash: result.stateHash,
  };
}

/** The bytes of a turn that any leader and any auditor must come to (I12). */
export function bytesOf(request: TurnRequest, result: TurnResult): Buffer {
  return encodeTurn(recordOf(request, result));
}

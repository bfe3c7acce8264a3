import { turnHash } from '../catalogue/digest.js';
import { CATALOGUE_FINGERPRINT } from '../catalogue/generated/codes.js';
import type { TurnRecord } from '../catalogue/generated/types.js';
import { encodeTurn, TURN_FORMAT } from '../catalogue/turn.js';
import type { LostInputs, Pending } from '../inbox/port.js';
import type { Head } from '../journal/port.js';
import { positionsAfter } from '../journal/rule.js';
import type { TurnRequest, TurnResult } from '../kernel/kernel.js';
import { KERNEL_VERSION } from '../kernel/limits.js';
import { rangesOf } from './input-ranges.js';

/** Who writes turns, as every turn of a reign says it. */
export interface Author {
  readonly cell: string;
  readonly epoch: number;
  /** Random per process, 16 bytes. */
  readonly writer: Uint8Array;
  /** How often the journal is forced to the disk, as it is recorded: 0 every turn, -1 never, else every so many ms. */
  readonly syncEveryMs: number;
}

/** A turn as it goes into the journal. */
export interface SealedTurn {
  readonly record: TurnRecord;
  readonly bytes: Uint8Array;
  /** SHA-256 of `bytes`. */
  readonly hash: Uint8Array;
}

const FINGERPRINT = Uint8Array.from(Buffer.from(CATALOGUE_FINGERPRINT, 'hex'));

/** The turns of a reign: numbers them, counts their inputs' positions on, and chains each on the one before. */
export class TurnChain {
  #head: Head;

  constructor(
    private readonly author: Author,
    head: Head,
  ) {
    this.#head = head;
  }

  /** What the next turn chains on. */
  get head(): Head {
    return this.#head;
  }

  /** Encodes the next turn. `taken` are its inputs, `lost` the positions that it passes over. */
  seal(request: TurnRequest, result: TurnResult, taken: readonly Pending[], lost: readonly LostInputs[]): SealedTurn {
    const before = this.#head;
    const inputs = rangesOf(before.positions, taken, lost);
    const { turn, at, stoppedMs, published } = request;
    const record: TurnRecord = {
      format: TURN_FORMAT,
      catalogue: FINGERPRINT,
      ...this.author,
      turn,
      prev: before.hash,
      at,
      stoppedMs,
      policy: result.policy,
      kernel: KERNEL_VERSION,
      // What the kernel went by: inputs that it left for the next turn had not been read.
      caughtUp: request.caughtUp && result.taken === request.inputs.length,
      full: result.full,
      published,
      inputs,
      entries: result.entries,
      stateHash: result.stateHash,
    };
    const bytes = encodeTurn(record);
    const hash = turnHash(bytes);
    this.#head = { turn, hash, epoch: record.epoch, at, positions: positionsAfter(before.positions, inputs) };
    return { record, bytes, hash };
  }
}

import { turnHash } from '../catalogue/digest.js';
import { CATALOGUE_FINGERPRINT } from '../catalogue/generated/schemas.js';
import type { TurnRecord } from '../catalogue/generated/types.js';
import { encodeTurn, TURN_FORMAT } from '../catalogue/turn.js';
import type { Head } from '../journal/port.js';
import type { TurnRequest, TurnResult } from '../kernel/kernel.js';
import { KERNEL_VERSION } from '../kernel/limits.js';

/** What a leader writes into every turn of its reign. */
export interface Reign {
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

/** The one source of inputs of an embedded fabric, and its key in a journal's head. */
const SOURCE = 'embedded';
const PARTITION_KEY = `${SOURCE}/0`;

const FINGERPRINT = Uint8Array.from(Buffer.from(CATALOGUE_FINGERPRINT, 'hex'));

/** The turns of a reign: numbers them, counts their inputs' positions on, and chains each on the one before. */
export class TurnChain {
  #turn: number;
  #hash: Uint8Array;
  #position: number;
  #atMs: number;

  constructor(
    private readonly reign: Reign,
    head: Head,
  ) {
    this.#turn = head.turn;
    this.#hash = head.hash;
    this.#atMs = head.at;
    this.#position = head.positions.get(PARTITION_KEY) ?? 0;
  }

  /** Number of the last turn. */
  get turn(): number {
    return this.#turn;
  }

  /** Hash of the last turn. */
  get hash(): Uint8Array {
    return this.#hash;
  }

  /** Journal time of the last turn, in ms. */
  get atMs(): number {
    return this.#atMs;
  }

  /** Encodes the next turn. */
  seal(request: TurnRequest, result: TurnResult): SealedTurn {
    const from = this.#position;
    this.#position += result.taken;
    const { turn, at, stoppedMs, published } = request;
    const record: TurnRecord = {
      format: TURN_FORMAT,
      catalogue: FINGERPRINT,
      ...this.reign,
      turn,
      prev: this.#hash,
      at,
      stoppedMs,
      policy: result.policy,
      kernel: KERNEL_VERSION,
      // What the kernel went by: inputs that it left for the next turn had not been read.
      caughtUp: request.caughtUp && result.taken === request.inputs.length,
      full: result.full,
      published,
      inputs: result.taken === 0 ? [] : [{ source: SOURCE, partition: 0, from, to: this.#position }],
      entries: result.entries,
      stateHash: result.stateHash,
    };
    const bytes = encodeTurn(record);
    this.#turn = turn;
    this.#hash = turnHash(bytes);
    this.#atMs = at;
    return { record, bytes, hash: this.#hash };
  }
}

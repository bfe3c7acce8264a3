/**
 * The reader's rule (architecture.md: Journal): which records of a log count. It is the same for the leader, a standby,
 * a projection and an auditor, and it alone makes the journal exactly-once: duplicates, zombies, torn and late writes
 * are void for every reader alike.
 */
import type { Head } from './port.js';

/** A half-open range of positions of one partition of one source. */
export interface HeaderRange {
  readonly source: string;
  readonly partition: number;
  readonly from: number;
  readonly to: number;
}

/** What the rule looks at in a turn record. */
export interface TurnHeader {
  readonly cell: string;
  readonly epoch: number;
  readonly turn: number;
  /** SHA-256 of the record before it. */
  readonly prev: Uint8Array;
  /** Journal time in ms. */
  readonly at: number;
  readonly inputs: readonly HeaderRange[];
}

/** Why a record is passed over. */
export type IgnoreReason = 'stale-epoch' | 'seen-turn';

/** Why a reader stops. */
export type StopReason =
  | 'other-cell'
  | 'missing-turn'
  | 'broken-chain'
  | 'time-fell'
  | 'input-gap'
  | 'invalid-input-range';

export type Verdict =
  | { readonly kind: 'accept' }
  | { readonly kind: 'ignore'; readonly reason: IgnoreReason }
  | { readonly kind: 'stop'; readonly reason: StopReason; readonly detail: string };

/** Length of a record's hash in bytes. */
export const HASH_BYTES = 32;

const ACCEPT: Verdict = { kind: 'accept' };

/** The head of a log in which nothing has been accepted yet. */
export function emptyHead(): Head {
  return { turn: 0, hash: new Uint8Array(HASH_BYTES), epoch: 0, at: 0, positions: new Map() };
}

/** The key of an input partition in `Head.positions`. */
export function positionKey(source: string, partition: number): string {
  return `${source}/${partition}`;
}

/** The first position of each input partition that no turn has taken, after one that takes these. */
export function positionsAfter(
  before: ReadonlyMap<string, number>,
  taken: readonly HeaderRange[],
): ReadonlyMap<string, number> {
  if (taken.length === 0) return before;
  const positions = new Map(before);
  for (const { source, partition, to } of taken) positions.set(positionKey(source, partition), to);
  return positions;
}

/** How a rule starts when it doesn't start at the first turn. */
export interface RuleOptions {
  /** The cell that every record must name; without it the first accepted record decides. */
  readonly cell?: string | undefined;
  /** What was accepted before; an empty head without it. */
  readonly head?: Head;
  /**
   * False if `head.positions` isn't complete, because reading began in the middle: then the first range of a partition
   * that isn't in it is taken as it is. True without it.
   */
  readonly positionsComplete?: boolean;
}

/** Judges the records of one log in order, and keeps the head that the accepted ones lead to. */
export class ReaderRule {
  #cell: string | null;
  #head: Head;
  readonly #positionsComplete: boolean;

  constructor({ cell, head = emptyHead(), positionsComplete = true }: RuleOptions = {}) {
    this.#cell = cell ?? null;
    this.#head = head;
    this.#positionsComplete = positionsComplete;
  }

  /** The cell of the log, or null as long as nobody has named it. */
  get cell(): string | null {
    return this.#cell;
  }

  /** The number of the last accepted turn. */
  get turn(): number {
    return this.#head.turn;
  }

  /** The head after the last accepted record: a value that later records don't change. */
  head(): Head {
    return this.#head;
  }

  /** Judges a record and changes nothing. */
  judge(header: TurnHeader): Verdict {
    const { turn, hash, epoch, at } = this.#head;
    if (header.epoch < epoch) return { kind: 'ignore', reason: 'stale-epoch' };
    if (header.turn <= turn) return { kind: 'ignore', reason: 'seen-turn' };
    if (this.#cell !== null && header.cell !== this.#cell) {
      return stop('other-cell', `the record is of cell ${header.cell}, the log of cell ${this.#cell}`);
    }
    if (header.turn !== turn + 1) {
      return stop('missing-turn', `turn ${header.turn} comes after turn ${turn}`);
    }
    if (!sameBytes(header.prev, hash)) {
      return stop('broken-chain', `turn ${header.turn} does not chain on turn ${turn}`);
    }
    if (header.at < at) return stop('time-fell', `its time ${header.at} is before ${at}`);
    return header.inputs.length === 0 ? ACCEPT : this.#judgeInputs(header.inputs);
  }

  /** Judges a record, and moves the head if it is accepted. `hash` is the SHA-256 of the record's bytes. */
  take(header: TurnHeader, hash: Uint8Array): Verdict {
    const verdict = this.judge(header);
    if (verdict.kind === 'accept') this.accept(header, hash);
    return verdict;
  }

  /** Moves the head past a record that `judge` has accepted at this head. */
  accept(header: TurnHeader, hash: Uint8Array): void {
    this.#cell ??= header.cell;
    const { turn, epoch, at, inputs } = header;
    this.#head = { turn, hash, epoch, at, positions: positionsAfter(this.#head.positions, inputs) };
  }

  /** Ranges go on where the last one of their partition ended, in the turn itself too; a new partition begins at 0. */
  #judgeInputs(inputs: readonly HeaderRange[]): Verdict {
    const inTurn = inputs.length > 1 ? new Map<string, number>() : null;
    for (const { source, partition, from, to } of inputs) {
      const key = positionKey(source, partition);
      if (to < from || from < 0) return stop('invalid-input-range', `inputs of ${key} go from ${from} to ${to}`);
      const known = inTurn?.get(key) ?? this.#head.positions.get(key);
      if (known === undefined ? from !== 0 && this.#positionsComplete : from !== known) {
        return stop('input-gap', `inputs of ${key} begin at ${from}, not at ${known ?? 0}`);
      }
      inTurn?.set(key, to);
    }
    return ACCEPT;
  }
}

function stop(reason: StopReason, detail: string): Verdict {
  return { kind: 'stop', reason, detail };
}

/** Whether two byte strings are equal. */
export function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) {
    if (a[i] !== b[i]) return false;
  }
  return true;
}

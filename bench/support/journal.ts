import { turnHash } from '../../src/catalogue/digest.js';
import { CATALOGUE_FINGERPRINT } from '../../src/catalogue/generated/codes.js';
import { encodeTurn, TURN_FORMAT } from '../../src/catalogue/turn.js';
import { nodeDisk } from '../../src/journal/files/node-disk.js';
import { openFileJournal } from '../../src/journal/files/open.js';
import type { Journal } from '../../src/journal/port.js';
import { KERNEL_VERSION } from '../../src/kernel/limits.js';
import type { DrivenTurn, TurnSink } from './driver.js';

export const CELL = 'main';

/** Writes the turns of a driver as a leader would, into files that are not synced: the journal is only read later. */
export class JournalSink implements TurnSink {
  readonly #writer = Buffer.alloc(16, 7);
  #hash: Uint8Array = new Uint8Array(32);
  #position = 0;
  #appending: Promise<void> = Promise.resolve();
  bytes = 0;
  events = 0;

  private constructor(private readonly journal: Journal) {}

  static async open(folder: string, segmentBytes?: number): Promise<JournalSink> {
    const limit = segmentBytes === undefined ? {} : { segmentBytes };
    const { journal } = await openFileJournal({ disk: nodeDisk, folder, cell: CELL, sync: 'off', ...limit });
    return new JournalSink(journal);
  }

  /** SHA-256 of the last turn. */
  get hash(): Uint8Array {
    return this.#hash;
  }

  take({ turn, at, result }: DrivenTurn): void {
    const from = this.#position;
    this.#position += result.taken;
    const bytes = encodeTurn({
      format: TURN_FORMAT,
      catalogue: FINGERPRINT,
      cell: CELL,
      epoch: 1,
      writer: this.#writer,
      turn,
      prev: this.#hash,
      at,
      stoppedMs: 0,
      policy: result.policy,
      kernel: KERNEL_VERSION,
      caughtUp: true,
      full: result.full,
      published: turn - 1,
      syncEveryMs: -1,
      inputs: result.taken === 0 ? [] : [{ source: 'embedded', partition: 0, from, to: this.#position }],
      entries: result.entries,
      stateHash: result.stateHash,
    });
    const hash = turnHash(bytes);
    this.#hash = hash;
    this.bytes += bytes.length;
    this.events += result.entries.length - result.taken;
    this.#appending = this.#appending.then(() => this.journal.append(bytes, hash));
    // A failure is met when the journal is flushed or closed.
    this.#appending.catch(() => undefined);
  }

  /** Waits until all turns are written. */
  flushed(): Promise<void> {
    return this.#appending;
  }

  async close(): Promise<void> {
    await this.#appending;
    await this.journal.close();
  }
}

const FINGERPRINT = Uint8Array.from(Buffer.from(CATALOGUE_FINGERPRINT, 'hex'));

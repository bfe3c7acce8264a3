/**
 * `verify`: the audit of a history. It folds a journal from its first turn with the same function as live (law 4), and
 * compares what every turn has come to with what the journal says.
 */
import { performance } from 'node:perf_hooks';
import { isInput } from '../src/catalogue/codec.js';
import { CAUSE_CODE_NAMES } from '../src/catalogue/generated/codes.js';
import type { TurnRecord } from '../src/catalogue/generated/types.js';
import { decodeTurn } from '../src/catalogue/turn.js';
import { nodeDisk } from '../src/journal/files/node-disk.js';
import { type FolderReader, openForReading } from '../src/journal/files/reader.js';
import type { JournalRecord } from '../src/journal/port.js';
import { Wrong } from './problem.js';
import type { VerifyReport } from './report.js';
import { ScratchFold } from './scratch-fold.js';

/** How far an audit is. */
export interface VerifyProgress {
  readonly turns: number;
  readonly events: number;
  /** Of the turns' records. */
  readonly bytes: number;
}

export interface VerifyOptions {
  /** Called now and then, with what has been folded so far. */
  readonly onProgress?: (done: VerifyProgress) => void;
  /**
   * The first turn whose inputs are compared with their digests, which takes about a fifth of the time. Those before
   * it are chained, folded and compared with their state hash all the same. Without it, all are compared.
   */
  readonly fromTurn?: number;
}

/** Events after which progress is told: a few times a second. */
const EVENTS_PER_PROGRESS = 100_000;

/**
 * Folds the journal in a folder and checks frames, chain and the reader's rule, the canonical encoding, the digests of
 * inputs, causes, and the state hash of every turn. It takes no lock: the journal may be a running fabric's, and is
 * read up to the end that is met. What is wrong with the journal is in the report; only a folder that can't be read
 * rejects.
 */
export async function verify(folder: string, options: VerifyOptions = {}): Promise<VerifyReport> {
  const audit = new Audit(options);
  const reader = await openForReading(nodeDisk, folder);
  let wrong: Wrong | null = null;
  try {
    await audit.run(reader);
  } catch (error) {
    wrong = Wrong.of(error, audit.nextTurn());
  }
  return audit.report(reader, wrong);
}

interface Head {
  readonly turn: number;
  readonly hash: Uint8Array;
  readonly stateHash: Uint8Array;
}

class Audit {
  readonly #options: VerifyOptions;
  readonly #fold = new ScratchFold();
  readonly #beganMs = performance.now();
  #told = 0;
  /** The last turn that was right. */
  #head: Head = { turn: 0, hash: new Uint8Array(32), stateHash: new Uint8Array(16) };
  #turns = 0;
  #entries = 0;
  #events = 0;
  #bytes = 0;

  constructor(options: VerifyOptions) {
    this.#options = options;
  }

  nextTurn(): number {
    return this.#head.turn + 1;
  }

  async run(reader: FolderReader): Promise<void> {
    const first = reader.firstTurn();
    if (first !== 1) {
      const detail = `the journal begins with turn ${first}, and a fold without a snapshot with turn 1`;
      throw new Wrong('history-incomplete', first, detail, null);
    }
    for await (const record of reader.read(first)) {
      await this.#take(record);
      this.#tell();
    }
  }

  async #take({ bytes, hash, turn }: JournalRecord): Promise<void> {
    const digests = turn >= (this.#options.fromTurn ?? 1) ? 'check' : 'trust';
    let record: TurnRecord | null = null;
    try {
      record = decodeTurn(bytes, { digests, submissions: 'keep' });
      const events = eventsOf(record);
      await this.#fold.fold(record, hash);
      this.#events += events;
    } catch (error) {
      throw Wrong.of(error, turn, record);
    }
    this.#turns += 1;
    this.#bytes += bytes.length;
    this.#entries += record.entries.length;
    this.#head = { turn, hash, stateHash: record.stateHash };
  }

  #tell(): void {
    if (this.#events - this.#told < EVENTS_PER_PROGRESS) return;
    this.#told = this.#events;
    this.#options.onProgress?.({ turns: this.#turns, events: this.#events, bytes: this.#bytes });
  }

  report(reader: FolderReader, wrong: Wrong | null): VerifyReport {
    const seconds = (performance.now() - this.#beganMs) / 1_000;
    const torn = reader.torn();
    const head = { turn: this.#head.turn, hash: hex(this.#head.hash), stateHash: hex(this.#head.stateHash) };
    return {
      ok: wrong === null,
      turns: this.#turns,
      entries: this.#entries,
      events: this.#events,
      seconds,
      eventsPerSecond: Math.round(this.#events / Math.max(seconds, 1e-6)),
      stateHash: head.stateHash,
      head,
      torn: torn === null ? null : { turn: torn.turn, file: torn.file, offset: torn.offset, detail: torn.reason },
      problem: wrong?.problem() ?? null,
    };
  }
}

/** How many events a turn has. That a cause which is an input stands before its event was seen when it was decoded. */
function eventsOf({ entries, turn }: TurnRecord): number {
  let events = 0;
  for (const entry of entries) {
    if (isInput(entry)) continue;
    events += 1;
    if (entry.cause < 0 && !CAUSE_CODE_NAMES.has(entry.cause)) {
      throw new Wrong('undecodable', turn, `an event has the cause ${entry.cause}, which stands for nothing`, null);
    }
  }
  return events;
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}

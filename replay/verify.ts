/**
 * `verify`: the audit of a history. It folds a journal from its first turn, or from a snapshot on, with the same
 * function as live (law 4), compares what every turn has come to with what the journal says, and checks the invariants
 * of faults.md at each.
 */
import { performance } from 'node:perf_hooks';
import { isInput } from '../src/catalogue/codec.js';
import { CAUSE_CODE_NAMES } from '../src/catalogue/generated/codes.js';
import type { TurnRecord } from '../src/catalogue/generated/types.js';
import { hex } from '../src/catalogue/hex.js';
import { decodeTurn } from '../src/catalogue/turn.js';
import { nodeDisk } from '../src/journal/files/node-disk.js';
import { openForReading } from '../src/journal/files/reader.js';
import { type JournalRecord, readTo } from '../src/journal/port.js';
import type { ReadableJournal } from '../src/journal/readable.js';
import { Decider } from './decider.js';
import { differencesAt } from './differences.js';
import { mustBegin } from './fold.js';
import { type History, openJournal } from './history.js';
import { Invariants } from './invariants/invariants.js';
import { isAfter, lastTurnOf, type Moment } from './moment.js';
import { Names } from './names.js';
import { Wrong } from './problem.js';
import type { NamedRow, NamedViolation, Problem, TurnDifferences, VerifyReport } from './report.js';
import { nameOfRow } from './row-names.js';
import { ScratchFold } from './scratch-fold.js';
import { type PassedOver, resumed } from './snapshot/resume.js';

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
   * Where the audit has to begin: it goes on from the newest snapshot before this moment that can be relied on, and
   * takes that for right. Without it, or where there is none, it begins with the first turn.
   */
  readonly from?: Moment;
  /** The last moment that is looked at; by default the end. */
  readonly to?: Moment;
  /** The folder of the snapshots, if not beside the journal. */
  readonly snapshots?: string;
  /** Told of snapshots that can't be used. */
  readonly onPassedOver?: (what: PassedOver) => void;
  /** Whether every turn is decided again, too, and compared byte by byte (I11, I12): takes a few times as long. */
  readonly again?: boolean;
}

/** Events after which progress is told: a few times a second. */
const EVENTS_PER_PROGRESS = 100_000;

/**
 * Folds the journal in a folder, or any that can be read: it checks frames, chain and the reader's rule, the canonical
 * encoding, the digests of inputs, causes, the state hash of every turn, and the invariants I1 to I10 with what I11
 * says of rows. It takes no lock: the journal may be a running fabric's, and is read up to the end that is met. What is
 * wrong with the journal is in the report; only one that can't be read at all rejects.
 */
export async function verify(place: string | ReadableJournal, options: VerifyOptions = {}): Promise<VerifyReport> {
  const journal = typeof place === 'string' ? await openForReading(nodeDisk, place) : place;
  const audit = new Audit(options);
  let problem: Problem | null = null;
  try {
    await audit.run(journal);
  } catch (error) {
    problem = await audit.problem(Wrong.of(error, audit.nextTurn()), journal);
  } finally {
    await audit.close();
  }
  return audit.report(journal, problem);
}

/**
 * The last moment before one: a turn that is named, or turns of the very millisecond, have to be looked at themselves.
 */
function before(moment: Moment): Moment {
  return 'turn' in moment ? { turn: moment.turn - 1 } : { atMs: moment.atMs - 1 };
}

interface Head {
  readonly turn: number;
  readonly hash: Uint8Array;
  readonly stateHash: Uint8Array;
}

class Audit {
  #fold: ScratchFold;
  #invariants: Invariants;
  #decider: Decider | null;
  readonly #beganMs = performance.now();
  #told = 0;
  /** The turn of the snapshot that it began with; 0: it began with nothing. */
  #after = 0;
  /** The last turn that was right. */
  #head: Head = { turn: 0, hash: new Uint8Array(32), stateHash: new Uint8Array(16) };
  #turns = 0;
  #entries = 0;
  #events = 0;
  #bytes = 0;

  constructor(private readonly options: VerifyOptions) {
    this.#fold = this.#watchedFold();
    this.#invariants = new Invariants(this.#fold.state);
    this.#decider = options.again === true ? new Decider() : null;
  }

  #watchedFold(): ScratchFold {
    return new ScratchFold({
      onEvent: (entry) => this.#invariants.event(entry),
      onChanged: (changes) => this.#invariants.changed(changes),
    });
  }

  nextTurn(): number {
    return this.#head.turn + 1;
  }

  async run(reader: ReadableJournal): Promise<void> {
    await this.#resume(reader);
    if (this.#fold.turn === 0) mustBegin({ firstTurn: reader.firstTurn() });
    const { to } = this.options;
    const first = this.#fold.turn === 0 ? reader.firstTurn() : this.#fold.turn;
    for await (const record of readTo(reader, first, to === undefined ? Number.POSITIVE_INFINITY : lastTurnOf(to))) {
      // The turn of the snapshot itself was compared with it: it is read so that the next one is seen to chain on it.
      if (record.turn === this.#fold.turn) continue;
      if (!(await this.#take(record, to))) break;
      this.#tell();
    }
  }

  /** Stands where the newest snapshot before the range does, if there is one. */
  async #resume(reader: ReadableJournal): Promise<void> {
    const { from, onPassedOver } = this.options;
    if (from === undefined) return;
    const history = await this.#historyOf(reader);
    const fold = await resumed(history, before(from), () => this.#watchedFold(), onPassedOver);
    if (fold === null) return;
    this.#fold = fold;
    this.#after = fold.turn;
    this.#head = { turn: fold.turn, hash: fold.hash, stateHash: fold.state.hash.toBytes() };
    this.#invariants = new Invariants(fold.state);
    this.#invariants.all();
    this.#mustHold(fold.turn, null);
    if (this.#decider !== null) this.#decider = await Decider.resumed(history, fold.turn);
  }

  #historyOf(journal: ReadableJournal): Promise<History> {
    const { snapshots } = this.options;
    return openJournal(journal, snapshots === undefined ? {} : { snapshots });
  }

  /** Lets go of the snapshots that it began with. */
  async close(): Promise<void> {
    await this.#fold.close();
    await this.#decider?.close();
  }

  /** Folds a turn under the audit's eyes; false if it is behind the last one. */
  async #take({ bytes, hash, turn }: JournalRecord, to: Moment | undefined): Promise<boolean> {
    let record: TurnRecord | null = null;
    try {
      record = decodeTurn(bytes, { digests: 'check', submissions: 'keep' });
      if (to !== undefined && isAfter(record, to)) return false;
      const events = eventsOf(record);
      this.#invariants.begin(record);
      await this.#fold.fold(record, hash);
      this.#mustHold(turn, record);
      await this.#decider?.take(record);
      this.#events += events;
    } catch (error) {
      throw Wrong.of(error, turn, record);
    }
    this.#turns += 1;
    this.#bytes += bytes.length;
    this.#entries += record.entries.length;
    this.#head = { turn, hash, stateHash: record.stateHash };
    return true;
  }

  #mustHold(turn: number, record: TurnRecord | null): void {
    const { violations } = this.#invariants;
    if (violations.length === 0) return;
    const broken = [...new Set(violations.map(({ invariant }) => invariant))].join(', ');
    throw new Wrong('invariant-broken', turn, `${broken} does not hold`, record);
  }

  /** What is wrong, with the invariants that do not hold there and what differs from the turn decided again. */
  async problem(wrong: Wrong, journal: ReadableJournal): Promise<Problem> {
    const names = new Names(this.#fold);
    const violations: NamedViolation[] = [];
    for (const violation of this.#invariants.violations) {
      const rows: NamedRow[] = [];
      for (const row of violation.rows) rows.push({ ...row, name: await nameOfRow(names, row.table, row.key) });
      violations.push({ ...violation, rows });
    }
    const differences = wrong.record === null ? null : await this.#differences(journal, wrong.turn);
    return { ...wrong.problem(), violations, differences };
  }

  async #differences(journal: ReadableJournal, turn: number): Promise<TurnDifferences | null> {
    return differencesAt(await this.#historyOf(journal), turn, this.#after === 0 ? 'first-turn' : 'snapshot');
  }

  #tell(): void {
    if (this.#events - this.#told < EVENTS_PER_PROGRESS) return;
    this.#told = this.#events;
    this.options.onProgress?.({ turns: this.#turns, events: this.#events, bytes: this.#bytes });
  }

  report(reader: ReadableJournal, problem: Problem | null): VerifyReport {
    const seconds = (performance.now() - this.#beganMs) / 1_000;
    const torn = reader.torn();
    const head = { turn: this.#head.turn, hash: hex(this.#head.hash), stateHash: hex(this.#head.stateHash) };
    return {
      ok: problem === null,
      after: this.#after,
      turns: this.#turns,
      entries: this.#entries,
      events: this.#events,
      seconds,
      eventsPerSecond: Math.round(this.#events / Math.max(seconds, 1e-6)),
      stateHash: head.stateHash,
      head,
      torn: torn === null ? null : { turn: torn.turn, file: torn.file, offset: torn.offset, detail: torn.reason },
      problem,
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

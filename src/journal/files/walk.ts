import { turnHash } from '../../catalogue/digest.js';
import { errorCode, isMissing } from '../../catalogue/thrown.js';
import { decodeTurnHeader } from '../../catalogue/turn.js';
import { JournalDamaged, JournalError } from '../errors.js';
import type { Head, JournalRecord } from '../port.js';
import { ReaderRule, sameBytes, type TurnHeader } from '../rule.js';
import type { Checkpoint } from './checkpoint.js';
import { type DiskFile, pathIn } from './disk.js';
import type { JournalFolder } from './folder.js';
import { mustBeCell } from './of-cell.js';
import { Offsets } from './offsets.js';
import { type Frame, readFrame } from './read-frame.js';
import { FrameScanner } from './scanner.js';
import { loadOffsets } from './seek.js';
import { listSegments, readSegmentHeader, segmentName } from './segment.js';

/**
 * Walks over the records of a folder in order, from a turn to the end that is known when the walk reaches it. Every
 * record has right checksums, chains on the one before and is accepted by the reader's rule; whatever is not like
 * that ends the walk with `JournalDamaged`. In files there is no record to be passed over: one writer appends, and
 * only to an accepted head.
 */
export class FolderWalk {
  readonly #journal: JournalFolder;
  #rule: ReaderRule;
  /** Whether the rule knows the positions of all input partitions. */
  #complete = true;
  #segment = 0;
  #offsets = new Offsets();
  #end = 0;
  /** The first turn of the next segment, as it was known before the end of this one was read. */
  #later: number | undefined;
  /** Whether the segment in which the walk is was not in the folder any more when its end was read. */
  #isRemoved = false;
  /** What is wrong after the records of the batch that is being handed out. */
  #damage: JournalDamaged | JournalError | null = null;

  constructor(journal: JournalFolder) {
    this.#journal = journal;
    this.#rule = new ReaderRule({ cell: journal.cell });
  }

  /** The head after the last record that was walked over. Its positions are complete if the walk began a segment. */
  head(): Head {
    return this.#rule.head();
  }

  /** The first turn of the segment in which the walk is, 0 before the first. */
  segment(): number {
    return this.#segment;
  }

  /** Where the records of that segment begin, if the walk began it, or at a checkpoint in it. */
  offsets(): Offsets {
    return this.#offsets;
  }

  /** Where the last record that was walked over ends in its segment, in bytes. */
  end(): number {
    return this.#end;
  }

  /** The records from `fromTurn`, in batches as they are read; `checkpoint` is that of the turn before, if there is one. */
  async *from(fromTurn: number, checkpoint: Checkpoint | null = null): AsyncGenerator<JournalRecord[]> {
    const { disk, folder } = this.#journal;
    const segments = await listSegments(disk, folder);
    if (segments.length === 0) return;
    let next = segments.findLast((turn) => turn <= fromTurn);
    if (next === undefined) {
      throw new JournalError('not-found', `turn ${fromTurn} is before turn ${segments[0]}, the first that is there`);
    }
    while (next !== undefined) {
      yield* this.#oneSegment(next, fromTurn, this.#segment === 0 ? checkpoint : null);
      next = this.#later;
      if (next !== undefined && next !== this.#rule.turn + 1) {
        if (this.#isRemoved) throw takenAway(this.#rule.turn + 1);
        throw this.#damagedHere(`turns ${this.#rule.turn + 1} to ${next - 1} are missing`);
      }
    }
  }

  async *#oneSegment(
    firstTurn: number,
    fromTurn: number,
    checkpoint: Checkpoint | null,
  ): AsyncGenerator<JournalRecord[]> {
    const file = await this.#open(firstTurn, fromTurn);
    try {
      await this.#enter(file, firstTurn, checkpoint === null ? fromTurn : firstTurn);
      if (checkpoint !== null) this.#resume(checkpoint);
      const scanner = new FrameScanner(file, this.#end, this.#limit(file));
      try {
        for (let frames = await this.#next(scanner, file); frames !== null; frames = await this.#next(scanner, file)) {
          const records = this.#check(frames);
          const wanted = (records[0]?.turn ?? 0) >= fromTurn ? records : records.filter(({ turn }) => turn >= fromTurn);
          if (wanted.length > 0) yield wanted;
          if (this.#damage !== null) throw this.#damage;
        }
      } finally {
        await scanner.settle();
      }
      this.#meetEnd(scanner);
    } finally {
      await file.close();
    }
  }

  /** Opens a segment that was in the folder a moment ago. */
  async #open(firstTurn: number, fromTurn: number): Promise<DiskFile> {
    const { disk, folder } = this.#journal;
    try {
      return await disk.open(pathIn(folder, segmentName(firstTurn)), 'read');
    } catch (error) {
      throw isMissing(error) ? takenAway(Math.max(firstTurn, fromTurn), error) : error;
    }
  }

  /**
   * The next frames, those too that were appended in the meantime. Whether there is another segment is asked before
   * the last look: then nothing can come after it in this one.
   */
  async #next(scanner: FrameScanner, file: DiskFile): Promise<Frame[] | null> {
    const frames = await scanner.next();
    if (frames !== null) return frames;
    const segments = await listSegments(this.#journal.disk, this.#journal.folder);
    this.#later = segments.find((turn) => turn > this.#segment);
    this.#isRemoved = !segments.includes(this.#segment);
    scanner.extend(this.#limit(file));
    return scanner.next();
  }

  /** How far a segment may be read, in bytes. */
  #limit(file: DiskFile): number {
    const active = this.#journal.active?.();
    return active?.firstTurn === this.#segment ? active.end : file.status().size;
  }

  /** Goes into a segment, to its first record, or to `fromTurn` if that is in its middle. */
  async #enter(file: DiskFile, firstTurn: number, fromTurn: number): Promise<void> {
    const { cell, head, dataOffset } = await readSegmentHeader(file, firstTurn);
    const expected = this.#journal.cell;
    if (expected !== undefined) mustBeCell(cell, expected);
    const before = this.#segment === 0 ? null : this.#rule;
    this.#segment = firstTurn;
    this.#offsets = new Offsets();
    this.#end = 0;
    if (before !== null && !this.#fits(before, cell, head)) {
      throw this.#damagedHere('the header of the segment does not go on where the segment before ends');
    }
    this.#end = dataOffset;
    this.#rule = new ReaderRule({ cell, head });
    this.#complete = true;
    if (fromTurn > firstTurn) await this.#jump(file, fromTurn, cell);
  }

  /** Goes on after what a checkpoint of this segment stands for. */
  #resume({ head, offsets, end }: Checkpoint): void {
    this.#rule = new ReaderRule({ cell: this.#rule.cell ?? undefined, head });
    this.#offsets = offsets;
    this.#end = end;
  }

  /** Goes to `fromTurn`, by way of the record before it, whose hash it chains on. Stays where that isn't found. */
  async #jump(file: DiskFile, fromTurn: number, cell: string): Promise<void> {
    const place = { cell, firstTurn: this.#segment, dataOffset: this.#end };
    const offsets = await loadOffsets(this.#journal, file, place);
    const offset = offsets.at(fromTurn - 1 - this.#segment);
    if (offset === null) return;
    const frame = await readFrame(file, offset);
    if (frame === null || frame.size + offset > this.#limit(file)) return;
    const { turn, epoch, at } = this.#decode(frame);
    // An index file that doesn't belong to this segment; or a damaged segment, which a walk from its beginning meets.
    if (turn !== fromTurn - 1) return;
    const head: Head = { turn, hash: turnHash(frame.contents), epoch, at, positions: new Map() };
    this.#rule = new ReaderRule({ cell, head, positionsComplete: false });
    this.#complete = false;
    this.#end = offset + frame.size;
  }

  /** Whether a segment's header says what the records before it led to. */
  #fits(before: ReaderRule, cell: string, head: Head): boolean {
    const known = before.head();
    const chained = before.cell === cell && known.turn === head.turn && sameBytes(known.hash, head.hash);
    if (!chained || known.epoch !== head.epoch || known.at !== head.at) return false;
    if (this.#complete && known.positions.size !== head.positions.size) return false;
    return [...known.positions].every(([key, position]) => head.positions.get(key) === position);
  }

  /** The records of the frames up to the first one that isn't right, which is kept as the damage. */
  #check(frames: readonly Frame[]): JournalRecord[] {
    const records: JournalRecord[] = [];
    for (const frame of frames) {
      try {
        records.push(this.#accept(frame));
      } catch (error) {
        if (!(error instanceof JournalDamaged || error instanceof JournalError)) throw error;
        this.#damage = error;
        break;
      }
    }
    return records;
  }

  #accept(frame: Frame): JournalRecord {
    const header = this.#decode(frame);
    const hash = turnHash(frame.contents);
    const verdict = this.#rule.take(header, hash);
    if (verdict.kind !== 'accept') {
      throw this.#damagedHere(verdict.kind === 'stop' ? verdict.detail : `the record is void: ${verdict.reason}`);
    }
    this.#offsets.push(frame.offset);
    this.#end = frame.offset + frame.size;
    return { turn: header.turn, bytes: frame.contents, hash };
  }

  #decode(frame: Frame): TurnHeader {
    if (frame.kind !== 'turn' && frame.kind !== 'inverted') {
      throw this.#damagedHere(`a frame of kind ${frame.kind} stands where a turn should be`);
    }
    try {
      return decodeTurnHeader(frame.contents);
    } catch (error) {
      if (errorCode(error) === 'unknown-version') {
        throw new JournalError(
          'unknown-version',
          `turn ${this.#rule.turn + 1} cannot be read: ${String(error)}`,
          error,
        );
      }
      throw this.#damagedHere(`the record cannot be decoded: ${String(error)}`, error);
    }
  }

  /** At the end of a segment: whether it ends as it should. */
  #meetEnd(scanner: FrameScanner): void {
    const active = this.#journal.active?.();
    const isActive = active?.firstTurn === this.#segment;
    if (scanner.flaw !== null) {
      const torn = scanner.flaw.torn && !isActive && this.#later === undefined;
      throw this.#damagedHere(scanner.flaw.reason, undefined, torn);
    }
    if (isActive && this.#end < active.end) {
      throw this.#damagedHere('the file is shorter than what was appended');
    }
  }

  #damagedHere(reason: string, cause?: unknown, torn = false): JournalDamaged {
    const place = { turn: this.#rule.turn + 1, file: segmentName(this.#segment), offset: this.#end };
    return new JournalDamaged({ ...place, reason, torn }, cause);
  }
}

/**
 * An archive takes segments away, the oldest first, also while they are read. So where the segment that was read last is
 * gone, too, what should follow it is not missing.
 */
function takenAway(turn: number, cause?: unknown): JournalError {
  return new JournalError('not-found', `turn ${turn} was taken away while the journal was read; read it again`, cause);
}

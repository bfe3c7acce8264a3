import { decodeTurnHeader } from '../../../src/catalogue/turn.js';
import { judgeAppend, refusedAppend } from '../../../src/journal/append.js';
import { JournalError } from '../../../src/journal/errors.js';
import type { Head, Journal, JournalRecord } from '../../../src/journal/port.js';
import { ReaderRule } from '../../../src/journal/rule.js';

/** What a memory journal has stored: it outlives the journals that are opened on it, as a disk does. */
export type MemoryLog = JournalRecord[];

/** A journal in memory, for tests and simulation. What was appended is durable as long as its log is kept. */
export class MemoryJournal implements Journal {
  readonly #log: MemoryLog;
  readonly #rule: ReaderRule;
  #closed = false;

  /** Opens a log for a cell, which may have records of an earlier journal. */
  constructor(cell: string, log: MemoryLog = []) {
    this.#log = log;
    this.#rule = new ReaderRule({ cell });
    for (const { bytes, hash } of log) this.#rule.accept(decodeTurnHeader(bytes), hash);
  }

  head(): Head {
    return this.#rule.head();
  }

  firstTurn(): number {
    return 1;
  }

  async append(bytes: Uint8Array, hash: Uint8Array): Promise<void> {
    if (this.#closed) throw refusedAppend('the journal is closed');
    const header = judgeAppend(this.#rule, bytes);
    this.#log.push({ turn: header.turn, bytes: new Uint8Array(bytes), hash });
    this.#rule.accept(header, hash);
  }

  async *read(fromTurn: number): AsyncGenerator<JournalRecord> {
    if (fromTurn < 1) throw new JournalError('not-found', `turn ${fromTurn} is before turn 1, the first that is there`);
    for (let turn = fromTurn; turn <= this.#log.length; turn++) yield this.#log[turn - 1]!;
  }

  async close(): Promise<void> {
    this.#closed = true;
  }
}

import { CauseCode, Code } from '../../../src/catalogue/generated/codes.js';
import type { AnyEntry, EventEntry, InputEntry, TurnRecord } from '../../../src/catalogue/generated/types.js';
import { decodeTurn } from '../../../src/catalogue/turn.js';
import type { Disk } from '../../../src/journal/files/disk.js';
import { openForReading } from '../../../src/journal/files/reader.js';
import { Kernel, type TurnRequest } from '../../../src/kernel/kernel.js';
import { bytesOf } from '../../support/kernel/bytes.js';
import { ColdStore } from '../../support/kernel/cold.js';
import { checkState } from '../../support/kernel/invariants.js';
import { Ledger } from '../../support/kernel/random/ledger.js';
import { Replica } from '../../support/kernel/replica.js';
import { CELL, FOLDER } from '../machine/machine.js';
import type { Answered } from '../people/world.js';

/** All turns of a journal, by the reader's rule (I1, I2): whatever is not one chain throws. */
export async function readHistory(disk: Disk): Promise<TurnRecord[]> {
  const reader = await openForReading(disk, FOLDER, CELL);
  const turns: TurnRecord[] = [];
  for await (const { bytes } of reader.read(1)) turns.push(decodeTurn(bytes));
  if (reader.torn() !== null) throw new Error(`the journal ends with a torn record: ${reader.torn()!.reason}`);
  return turns;
}

/** What the events alone must say (I4, I6, I7), and what a fold from the first turn comes to at each turn (I3). */
export function checkEvents(turns: readonly TurnRecord[]): void {
  const ledger = new Ledger(new Set());
  const replica = new Replica();
  for (const turn of turns) {
    ledger.add(turn.entries);
    replica.fold(turn);
  }
  checkState(replica.state);
  const open = replica.state.cell.c.openDags[replica.state.cellRow];
  if (open !== 0) throw new Error(`${open} DAGs never ended`);
}

/**
 * Decides every turn again, with one kernel that was never restarted and has everything in memory: it comes to the same
 * bytes as all the leaders that wrote it (I11, I12).
 */
export function audit(turns: readonly TurnRecord[]): void {
  const kernel = new Kernel();
  const cold = new ColdStore();
  for (const record of turns) {
    const request = requestOf(record);
    const result = kernel.turn(request, cold.viewFor(kernel, request), cold.put);
    kernel.accept();
    const { entries, full, policy, stateHash } = record;
    const recorded = { entries, full, policy, stateHash, taken: request.inputs.length, unfinished: false };
    if (bytesOf(request, result).equals(bytesOf(request, recorded))) continue;
    const at = entries.findIndex((entry, i) => textOf(entry) !== textOf(result.entries[i]));
    const place = at < 0 ? entries.length : at;
    throw new Error(
      `turn ${record.turn} is decided otherwise at entry ${place}: the journal has ` +
        `${textOf(entries[place])}, the audit ${textOf(result.entries[place])}`,
    );
  }
}

function requestOf({ turn, at, stoppedMs, caughtUp, published, entries }: TurnRecord): TurnRequest {
  const shell = entries.filter((entry) => 'cause' in entry && entry.cause === CauseCode.shell) as EventEntry[];
  const inputs = entries.filter((entry) => 'envelope' in entry) as InputEntry[];
  return { turn, at, stoppedMs, shell, inputs, caughtUp, published };
}

function textOf(entry: AnyEntry | undefined): string {
  return entry === undefined ? 'nothing' : `${entry.code} ${JSON.stringify(entry.body)}`;
}

/** Every answer stands in the journal at the place that it named (I9), and every token shown was dispatched (I10). */
export function checkPromises(
  turns: readonly TurnRecord[],
  answered: readonly Answered[],
  shown: ReadonlyMap<number, string>,
): void {
  for (const { input, answer } of answered) {
    const entry = turns[answer.turn - 1]?.entries[answer.index];
    if (entry !== undefined && 'envelope' in entry && entry.envelope.inputId === input.envelope.inputId) continue;
    throw new Error(`input ${input.envelope.inputId} was answered by turn ${answer.turn}, which does not have it`);
  }
  const dispatched = new Set<number>();
  for (const { entries } of turns) {
    for (const entry of entries) {
      if (entry.code === Code.JobDispatched || entry.code === Code.SlotReportedHeld) dispatched.add(entry.body.token);
    }
  }
  for (const [token, to] of shown) {
    if (!dispatched.has(token)) throw new Error(`${to} was shown token ${token}, which no accepted turn dispatched`);
  }
}

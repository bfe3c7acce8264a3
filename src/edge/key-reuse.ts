/** Whether a key that was used before was used for the same: the journal has what it was for. */
import { Code, isInputCode } from '../catalogue/generated/codes.js';
import type { AnyEntry, InputEntry } from '../catalogue/generated/types.js';
import { decodeTurn } from '../catalogue/turn.js';
import type { Journal } from '../journal/port.js';
import { Refusal } from './problems.js';
import { readTurn } from './read-turn.js';

/**
 * Throws `Refusal` if the control that the kernel calls a repeat of one in `turn` is another control with the same id:
 * the first answer would say that this one was carried out. Where the journal has that turn no more, nothing is known.
 */
export async function refuseReuse(journal: Pick<Journal, 'read'>, turn: number, repeat: InputEntry): Promise<void> {
  const record = await readTurn(journal, turn);
  if (typeof record === 'string') return;
  const first = decodeTurn(record.bytes).entries.find((entry) => isFirst(entry, repeat));
  if (first !== undefined && !isSame(first as InputEntry, repeat)) throw reused(repeat, turn);
}

function isFirst(entry: AnyEntry, { envelope }: InputEntry): boolean {
  return isInputCode(entry.code) && (entry as InputEntry).envelope.inputId === envelope.inputId;
}

function isSame(first: InputEntry, repeat: InputEntry): boolean {
  return first.code === repeat.code && Buffer.compare(first.envelope.digest, repeat.envelope.digest) === 0;
}

function reused({ envelope, code }: InputEntry, turn: number): Refusal {
  const what = Object.keys(Code).find((name) => Code[name as keyof typeof Code] === code);
  const key = JSON.stringify(envelope.inputId);
  const detail = `${key} was the key of something else in turn ${turn}; this ${what} was not carried out`;
  return new Refusal('idempotency-key-reused', detail);
}

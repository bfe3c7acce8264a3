/** Whether a key that was used before was used for the same: the journal has what it was for. */
import { isInput } from '../catalogue/codec.js';
import { Code } from '../catalogue/generated/codes.js';
import type { InputEntry } from '../catalogue/generated/types.js';
import { decodeTurn } from '../catalogue/turn.js';
import { type Journal, readTurn } from '../journal/port.js';
import { Refusal } from './problems.js';

/**
 * Throws `Refusal` if the control that the kernel calls a repeat of one in `turn` is another control with the same id:
 * the first answer would say that this one was carried out. Where the journal has that turn no more, nothing is known.
 */
export async function refuseReuse(journal: Pick<Journal, 'read'>, turn: number, repeat: InputEntry): Promise<void> {
  const record = await readTurn(journal, turn);
  if (typeof record === 'string') return;
  const { inputId } = repeat.envelope;
  const inputs = decodeTurn(record.bytes).entries.filter(isInput);
  const first = inputs.find(({ envelope }) => envelope.inputId === inputId);
  if (first !== undefined && !isSame(first, repeat)) throw reused(repeat, turn);
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

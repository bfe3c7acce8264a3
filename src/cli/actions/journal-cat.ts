import { CODE_NAMES, nameOf } from '../../catalogue/generated/codes.js';
import type { AnyEntry, TurnRecord } from '../../catalogue/generated/types.js';
import { hex } from '../../catalogue/hex.js';
import { toJson } from '../../catalogue/json.js';
import { decodeTurn } from '../../catalogue/turn.js';
import { readTo } from '../../journal/port.js';
import { CliError, Exit } from '../exit.js';
import { type Io, written } from '../terminal/io.js';
import { moment } from '../text/format.js';
import { summary } from '../text/summary.js';
import { readJournal } from './journal-folder.js';
import { mustBeTurns, mustHaveTurns } from './moments.js';

export interface CatOptions {
  readonly from?: number;
  readonly to?: number;
  readonly type?: string;
}

/** `marie journal cat`: prints entries turn by turn, as fast as stdout takes them. */
export async function journalCat(io: Io, place: string, options: CatOptions): Promise<void> {
  mustBeTurns(options);
  const wanted = options.type === undefined ? null : codesOf(options.type);
  const journal = await readJournal(place);
  const from = Math.max(options.from ?? 0, journal.firstTurn());
  let turns = 0;
  for await (const { bytes, hash } of readTo(journal, from, options.to ?? Number.POSITIVE_INFINITY)) {
    turns += 1;
    const turn = decodeTurn(bytes);
    const text = io.json ? jsonOfTurn(turn, hash, wanted) : textOfTurn(io, turn, wanted);
    if (text !== '') await written(text);
  }
  if (turns === 0) await mustHaveTurns(journal, place, options);
  const torn = journal.torn();
  if (torn !== null) io.note(`the last record (turn ${torn.turn}) is torn: ${torn.reason}`);
}

function codesOf(names: string): ReadonlySet<number> {
  const codes = new Set<number>();
  for (const name of names.split(',')) {
    const found = [...CODE_NAMES].find(([, known]) => known.toLowerCase() === name.trim().toLowerCase());
    if (found === undefined) {
      const todo = `Name inputs and events of the catalogue, such as ${[...CODE_NAMES.values()].slice(0, 4).join(', ')}.`;
      throw new CliError(Exit.Usage, 'unknown-type', `the catalogue has no ${name}`, { where: '--type', todo });
    }
    codes.add(found[0]);
  }
  return codes;
}

type Wanted = ReadonlySet<number> | null;

function* entriesOf(turn: TurnRecord, wanted: Wanted): Generator<[AnyEntry, number]> {
  for (const [index, entry] of turn.entries.entries()) {
    if (wanted === null || wanted.has(entry.code)) yield [entry, index];
  }
}

function jsonOfTurn(turn: TurnRecord, hash: Uint8Array, wanted: Wanted): string {
  let text = wanted === null ? `${headerJson(turn, hash)}\n` : '';
  for (const [entry, index] of entriesOf(turn, wanted)) {
    text += `${toJson(entry, { cell: turn.cell, turn: turn.turn, index, at: turn.at })}\n`;
  }
  return text;
}

function headerJson({ entries, ...header }: TurnRecord, hash: Uint8Array): string {
  const fields = Object.entries({ type: 'Turn', ...header, hash, entries: entries.length });
  return JSON.stringify(Object.fromEntries(fields.map(([name, value]) => [name, hexOf(value)])));
}

function hexOf(value: unknown): unknown {
  return value instanceof Uint8Array ? hex(value) : value;
}

function textOfTurn(io: Io, turn: TurnRecord, wanted: Wanted): string {
  const { bold, dim } = io.colors;
  let text = '';
  for (const [entry, index] of entriesOf(turn, wanted)) {
    const { data, cause } = JSON.parse(
      toJson(entry, { cell: turn.cell, turn: turn.turn, index, at: turn.at }),
    ) as EntryJson;
    const from = cause === undefined ? 'input' : (CAUSES.get(cause) ?? `by ${cause}`);
    text += `  ${dim(String(index).padStart(5))} ${bold(nameOf(entry.code))} ${dim(from)} ${summary(data)}\n`;
  }
  if (text === '' && wanted !== null) return '';
  const hash = hex(turn.stateHash).slice(0, 12);
  return `${bold(`turn ${turn.turn}`)} ${moment(turn.at)} ${dim(`epoch ${turn.epoch} state ${hash}`)}\n${text}`;
}

interface EntryJson {
  readonly cause?: number;
  readonly data: Readonly<Record<string, unknown>>;
}

const CAUSES: ReadonlyMap<number, string> = new Map([
  [-1, 'timer'],
  [-2, 'plan'],
  [-3, 'continuation'],
  [-4, 'shell'],
]);

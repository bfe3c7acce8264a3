import { type Examination, examineJournal } from '../../journal/files/examine.js';
import { nodeDisk } from '../../journal/files/node-disk.js';
import { type DataRepaired, emptiedJournalIn, repairData } from '../../main/repair.js';
import { CliError, Exit } from '../exit.js';
import type { OutputOf } from '../outputs/index.js';
import type { Io } from '../terminal/io.js';
import { bytes, counted, grouped } from '../text/format.js';
import { findJournal, mustNotBeInBackup, type OnKafka } from './journal-folder.js';

export interface RepairOptions {
  readonly acceptLoss?: boolean;
  readonly dryRun?: boolean;
}

const ON_KAFKA: OnKafka = {
  what: 'a topic is not repaired in place: records can be neither cut from its middle nor replaced',
  todo: (place) =>
    `End the fabrics; marie export ${place} good --to TURN keeps the turns before the damage, as marie replay verify ` +
    `names it; delete the topic; marie kafka init makes it anew; marie journal import good ${place} writes the turns ` +
    'back. docs/how-to/recover-from-failures.md goes through it.',
};

/** `marie journal repair`: says what is wrong, and cuts what may be cut. */
export async function journalRepair(io: Io, dir: string, options: RepairOptions): Promise<void> {
  const folder = (await emptiedJournalIn(dir)) ?? (await findJournal(dir, ON_KAFKA)).folder;
  const found = await examineJournal(nodeDisk, folder);
  if (!io.json) describe(io, folder, found);
  const needsConsent = found.damage !== null && !found.damage.torn;
  if (options.dryRun || (needsConsent && !options.acceptLoss)) {
    if (io.json) io.emit('journal-repair', reportOf(folder, found, null), () => '');
    if (needsConsent && !options.dryRun) throw needsAcceptLoss(folder, found);
    if (needsConsent) process.exitCode = Exit.Damaged;
    return;
  }
  mustNotBeInBackup(folder);
  const repaired = await repairData(folder, options.acceptLoss ?? false);
  io.emit('journal-repair', reportOf(folder, found, repaired), () => cutText(repaired));
}

function describe(io: Io, folder: string, { segments, head, damage, loss }: Examination): void {
  const size = segments.reduce((sum, segment) => sum + segment.bytes, 0);
  io.out(`${folder}: ${counted(segments.length, 'file')}, ${bytes(size)}, right up to turn ${grouped(head.turn)}`);
  if (damage === null || loss === null) return;
  const kind = damage.torn ? 'torn last record' : io.colors.red('damage');
  io.out(`${kind} at turn ${damage.turn} (${damage.file}, byte ${grouped(damage.offset)}): ${damage.reason}`);
  const readable = loss.readableTurns === 0 ? '' : `, among it ${grouped(loss.readableTurns)} readable turns`;
  io.out(`after it: ${bytes(loss.bytes)} in ${counted(loss.files.length, 'file')}${readable}`);
}

function cutText({ cut, headTurn, storeAside }: DataRepaired): string {
  if (cut.length === 0 && storeAside === null) return 'nothing to repair';
  const lines = cut.map(({ file, kept, bytes: size }) => `cut ${bytes(size)} from ${file}, kept in ${kept}`);
  lines.push(`the journal ends with turn ${grouped(headTurn)} now`);
  if (storeAside !== null) {
    lines.push(`the store stood for a turn that is not there: it is in ${storeAside}, the next start makes it anew`);
  }
  return lines.join('\n');
}

function reportOf(
  folder: string,
  { segments, head, damage, loss }: Examination,
  repaired: DataRepaired | null,
): OutputOf<'journal-repair'> {
  const found = damage && { ...placeOf(damage), loss };
  const storeAside = repaired?.storeAside ?? null;
  const done = { cut: repaired?.cut ?? [], headTurn: repaired?.headTurn ?? head.turn, storeAside };
  return { folder, segments, rightUpToTurn: head.turn, damage: found, ...done };
}

function placeOf({ turn, file, offset, reason, torn }: NonNullable<Examination['damage']>) {
  return { turn, file, offset, reason, torn };
}

function needsAcceptLoss(folder: string, { damage, loss }: Examination): CliError {
  const turns = loss?.readableTurns ?? 0;
  const what = `everything from turn ${damage?.turn} on would be lost, among it ${turns} readable turns`;
  const todo = 'Try to get the files back from a copy first. Repeat with --accept-loss to cut them off.';
  return new CliError(Exit.Damaged, 'journal-damaged', what, { where: folder, todo });
}

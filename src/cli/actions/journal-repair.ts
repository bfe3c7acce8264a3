import { type Examination, examineJournal } from '../../journal/files/examine.js';
import { nodeDisk } from '../../journal/files/node-disk.js';
import { type DataRepaired, repairData } from '../../main/repair.js';
import type { CommonOptions } from '../arguments.js';
import { CliError, Exit } from '../exit.js';
import { bytes, grouped } from '../format.js';
import { type Io, openIo } from '../io.js';
import { findJournal } from './journal-folder.js';

export interface RepairOptions extends CommonOptions {
  readonly acceptLoss?: boolean;
  readonly dryRun?: boolean;
}

/** `marie journal repair`: says what is wrong, and cuts what may be cut. */
export async function journalRepair(dir: string, options: RepairOptions): Promise<void> {
  const io = openIo(options);
  const { folder } = await findJournal(dir);
  const found = await examineJournal(nodeDisk, folder);
  if (!io.json) describe(io, folder, found);
  const needsConsent = found.damage !== null && !found.damage.torn;
  if (options.dryRun || (needsConsent && !options.acceptLoss)) {
    if (io.json) io.out(reportJson(folder, found, null));
    if (needsConsent && !options.dryRun) throw needsAcceptLoss(folder, found);
    if (needsConsent) process.exitCode = Exit.Damaged;
    return;
  }
  const repaired = await repairData(folder, options.acceptLoss ?? false);
  if (io.json) io.out(reportJson(folder, found, repaired));
  else describeCut(io, repaired);
}

function describe(io: Io, folder: string, { segments, head, damage, loss }: Examination): void {
  const size = segments.reduce((sum, segment) => sum + segment.bytes, 0);
  io.out(`${folder}: ${segments.length} files, ${bytes(size)}, right up to turn ${grouped(head.turn)}`);
  if (damage === null || loss === null) return;
  const kind = damage.torn ? 'torn last record' : io.colors.red('damage');
  io.out(`${kind} at turn ${damage.turn} (${damage.file}, byte ${grouped(damage.offset)}): ${damage.reason}`);
  const readable = loss.readableTurns === 0 ? '' : `, among it ${grouped(loss.readableTurns)} readable turns`;
  io.out(`after it: ${bytes(loss.bytes)} in ${loss.files.length} files${readable}`);
}

function describeCut(io: Io, { cut, headTurn, storeAside }: DataRepaired): void {
  if (cut.length === 0 && storeAside === null) {
    io.out('nothing to repair');
    return;
  }
  for (const { file, kept, bytes: size } of cut) io.out(`cut ${bytes(size)} from ${file}, kept in ${kept}`);
  io.out(`the journal ends with turn ${grouped(headTurn)} now`);
  if (storeAside !== null)
    io.out(`the store stood for later turns: it is in ${storeAside}, the next start makes it anew`);
}

function reportJson(
  folder: string,
  { segments, head, damage, loss }: Examination,
  repaired: DataRepaired | null,
): string {
  const found = damage && { ...placeOf(damage), loss };
  const storeAside = repaired?.storeAside ?? null;
  const done = { cut: repaired?.cut ?? [], headTurn: repaired?.headTurn ?? head.turn, storeAside };
  return JSON.stringify({ folder, segments, rightUpToTurn: head.turn, damage: found, ...done });
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

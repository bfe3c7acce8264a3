import { sealInput } from '../../../src/catalogue/codec.js';
import { Code, CursorKind, DagState } from '../../../src/catalogue/generated/codes.js';
import type { InputEntry } from '../../../src/catalogue/generated/types.js';
import type { OpenedJournal } from '../../../src/journal/files/open.js';
import { openFileJournal } from '../../../src/journal/files/open.js';
import type { State } from '../../../src/kernel/rows/state.js';
import { LAYOUT } from '../../../src/kernel/rows/tables.js';
import { fetchNeeds } from '../../../src/scheduler/fetch.js';
import { type OpenedFold, openFold } from '../../../src/scheduler/start.js';
import type { FaultyDisk } from '../../contract/journal-support/faulty-disk.js';
import { job, registration, submission } from '../../support/kernel/build.js';
import { bytesOf } from '../../support/kernel/bytes.js';
import { checkRows, rowsOf } from '../../support/kernel/invariants.js';
import { CLASSES } from '../../support/kernel/random/jobs.js';
import { MemoryMedium } from '../../support/memory/medium.js';
import { openMemoryStore } from '../../support/memory/open-store.js';
import { CELL, FOLDER } from '../machine/machine.js';

type Fold = OpenedFold<OpenedJournal>;

/**
 * Starts on copies of a disk, once with its store and once without: both come to the same rows, and decide the same
 * next turn. Gives whether a fan-out was half made there. The disk is left alone.
 */
export async function compareRestarts(disk: FaultyDisk, medium: MemoryMedium): Promise<{ isInFanOut: boolean }> {
  const stored = await open(disk.copy(), medium);
  const fresh = await open(disk.copy(), new MemoryMedium());
  checkRows(stored.kernel.state);
  same('rows', rows(stored.kernel.state), rows(fresh.kernel.state));
  const isInFanOut = hasFanOut(stored.kernel.state);
  for (let n = 0; n < 2; n++) same(`turn ${n + 1} after it`, await next(stored, n), await next(fresh, n));
  await stored.close();
  await fresh.close();
  return { isInFanOut };
}

function open(disk: FaultyDisk, medium: MemoryMedium): Promise<Fold> {
  return openFold({
    cell: CELL,
    dirtyPerBatch: 1000,
    openStore: () => openMemoryStore({ medium, cell: CELL, layout: LAYOUT }),
    openJournal: (stored) =>
      openFileJournal({
        disk,
        folder: FOLDER,
        cell: CELL,
        sync: 'every-turn',
        ...(stored === null ? {} : { coveredTurn: stored.turn, coveredHash: stored.hash }),
      }),
  });
}

/** The next turn that a fold would write, when a large executor of each class comes, and a DAG. */
async function next({ kernel, cold, materializer, position }: Fold, n: number): Promise<string> {
  const at = position.at + 2000 * (n + 1);
  const inputs = n > 0 ? [] : newcomers();
  const request = {
    turn: position.turn + 1 + n,
    at,
    stoppedMs: position.stoppedMs,
    shell: [],
    inputs,
    caughtUp: true,
    published: position.turn,
  };
  await fetchNeeds(kernel, cold, materializer, request);
  const result = kernel.turn(request, cold, cold.put);
  kernel.accept();
  return bytesOf(request, result).toString('latin1');
}

function newcomers(): InputEntry[] {
  const sender = (inputId: string) => ({ inputId, receivedAtMs: 0, principal: null, traceparent: null });
  const registrations = CLASSES.map((executorClass) =>
    sealInput(
      Code.RegisterExecutor,
      sender(executorClass),
      registration(`new-${executorClass}`, { executorClass, slots: 200 }),
    ),
  );
  const jobs = [job('first'), job('last', { after: ['first'] })];
  return [...registrations, sealInput(Code.SubmitDag, sender('dag'), submission('new', jobs))];
}

/** All rows but those of terminal DAGs, which may be in memory or not, as lines. */
function rows(state: State): string {
  const lines: string[] = [Buffer.from(state.hash.toBytes()).toString('hex')];
  const { dags } = state;
  for (const table of state.tables) {
    if (table === undefined) continue;
    for (const handle of rowsOf({ table })) {
      const [keyA, keyB] = [table.keyA[handle]!, table.keyB[handle]!];
      const isOfDag = table.name === 'dag' || table.name === 'job' || table.name === 'fan';
      const dag = isOfDag ? dags.find(keyA) : 0;
      if (isOfDag && (dag === 0 || dags.c.state[dag]! >= DagState.succeeded)) continue;
      const values = table.names.map((_, f) => (table.isText(f) ? table.text(f, handle) : table.number(f, handle)));
      lines.push(`${table.name} ${keyA} ${keyB}: ${values.join(' ')}`);
    }
  }
  return lines.sort().join('\n');
}

function hasFanOut({ cursors }: State): boolean {
  return rowsOf(cursors).some((cursor) => cursors.c.kind[cursor] === CursorKind.fanOut);
}

function same(what: string, stored: string, fresh: string): void {
  if (stored === fresh) return;
  const [ours, theirs] = [stored.split('\n'), fresh.split('\n')];
  const at = ours.findIndex((line, i) => line !== theirs[i]);
  throw new Error(`a start with the store and one without differ in ${what}: ${ours[at]} | ${theirs[at]}`);
}

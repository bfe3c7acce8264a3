import { importTurns } from '../../main/kafka/place.js';
import { isOnKafka } from '../../main/readable.js';
import { CliError, Exit } from '../exit.js';
import type { Io } from '../terminal/io.js';
import { showing } from '../terminal/work.js';
import { counted } from '../text/format.js';
import { sh } from '../text/shell.js';
import { copying } from './how-far.js';
import { readJournal } from './journal-folder.js';

/** `marie journal import`: writes a journal into the empty topic of a cell. */
export async function journalImport(io: Io, place: string, to: string): Promise<void> {
  if (!isOnKafka(to)) {
    const todo = 'Name the cell as kafka://host:port/cell. An export of `marie export` is a journal of files already.';
    throw new CliError(Exit.Usage, 'config-invalid', `${to} is no cell on Kafka`, { where: to, todo });
  }
  const from = await readJournal(place);
  const total = io.isWatched ? (await from.lastTurn()) - from.firstTurn() + 1 : null;
  const { lastTurn } = await showing(io, (show) => importTurns(from, to, copying(show, total)));
  io.emit('journal-import', { to, turns: lastTurn }, () => `${counted(lastTurn, 'turn')} in ${to}`);
  io.next(sh`marie replay verify ${to}`, 'folds them again');
}

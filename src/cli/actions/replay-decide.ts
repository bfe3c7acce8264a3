import type { DecidedTurn } from '../../../replay/index.js';
import { type Io, written } from '../terminal/io.js';
import { counted, moment } from '../text/format.js';
import { dispatchWords } from '../text/parting.js';
import { openHistory, passingOver, watching } from './open-history.js';

export interface DecideOptions {
  readonly turn?: number;
}

/** `marie replay decide`: what this release decides, turn by turn. */
export async function replayDecide(io: Io, place: string, { turn }: DecideOptions): Promise<void> {
  const history = await openHistory(place);
  const { decidedTurns, dispatchesAt } = await import('../../../replay/what-if/decided.js');
  if (turn !== undefined) {
    const until = { turn: turn - 1 };
    const dispatched = await watching(
      io,
      'folded',
      history,
      ({ onProgress }) => dispatchesAt(history, turn, { onProgress, onPassedOver: passingOver(io) }),
      { until },
    );
    io.emit('replay-decide', { turn, dispatched: [...dispatched] }, (shown) =>
      shown.dispatched.length === 0
        ? `turn ${turn} dispatches nothing`
        : shown.dispatched.map(dispatchWords).join('\n'),
    );
    return;
  }
  await watching(io, 'decided', history, async (watch) => {
    for await (const decided of decidedTurns(history, watch)) {
      const text = io.json ? JSON.stringify(decided) : lineOf(decided);
      await written(`${text}\n`);
    }
  });
}

function lineOf({ turn, atMs, dispatches, entries, recorded }: DecidedTurn): string {
  const same = recorded ? 'as recorded' : 'OTHERWISE';
  return `turn ${turn}  ${moment(atMs)}  ${entries}  ${counted(dispatches, 'dispatch', 'dispatches')}  ${same}`;
}

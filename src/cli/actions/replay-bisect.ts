import type { BisectReport, History } from '../../../replay/index.js';
import { misuse } from '../exit.js';
import type { Io } from '../terminal/io.js';
import { counted, grouped } from '../text/format.js';
import { partingLines } from '../text/parting.js';
import { openHistory, watching } from './open-history.js';

export interface BisectOptions {
  readonly against?: string;
}

/** `marie replay bisect`: the first turn at which two policies, or two releases, decide differently. */
export async function replayBisect(
  io: Io,
  place: string,
  policy: string | undefined,
  other: string | undefined,
  { against }: BisectOptions,
): Promise<void> {
  if ((policy === undefined) === (against === undefined)) {
    throw misuse('name a policy, or give --against with a release');
  }
  const history = await openHistory(place);
  if (against !== undefined) return betweenReleases(io, history, place, against);
  const { bisect } = await import('../../../replay/what-if/bisect.js');
  const [a, b] = other === undefined ? [null, policy!] : [policy!, other];
  const report = await watching(io, 'read', history, (watch) => bisect(history, a, b, watch), {
    plays: a === null ? 1 : 2,
  });
  io.emit('replay-bisect', report, (shown) => textOf(shown, a ?? 'recorded'));
}

async function betweenReleases(io: Io, history: History, place: string, folder: string): Promise<void> {
  const [{ placeOf }, { bisectReleases, releaseIn }] = await Promise.all([
    import('../../../replay/history.js'),
    import('../../../replay/what-if/releases.js'),
  ]);
  const release = await releaseIn(folder);
  const onAsked = (turn: number): void => {
    if (io.isWatched) io.note(`release ${release.version} folds up to turn ${grouped(turn)} again, for its dispatches`);
  };
  const report = await watching(io, 'decided', history, ({ onProgress }) =>
    bisectReleases(history, placeOf(place), release, { onProgress, onAsked }),
  );
  io.emit('replay-bisect', report, (shown) => {
    const { firstTurn, parting } = shown;
    const lines = [textOf(shown, 'this release')];
    if (parting === null && firstTurn !== null) lines.push(`turn ${firstTurn} is the first that says anything else`);
    return lines.join('\n');
  });
}

function textOf({ same, parting, b }: BisectReport, a: string): string {
  const words = `${counted(same, 'dispatch is', 'dispatches are')} the same`;
  return parting === null ? `${words}, to the end` : [words, ...partingLines(parting, a, b)].join('\n');
}

import type { Io } from '../terminal/io.js';
import { counted } from '../text/format.js';
import { openHistory, watching } from './open-history.js';

/** `marie replay anonymise`: writes a journal without what is private in it. */
export async function replayAnonymise(io: Io, place: string, { out }: { readonly out: string }): Promise<void> {
  const history = await openHistory(place);
  const { anonymise } = await import('../../../replay/anonymise/anonymise.js');
  const report = await watching(io, 'written', history, ({ onProgress }) => anonymise(history, out, { onProgress }), {
    takesBack: true,
  });
  io.emit('replay-anonymise', report, () => `${report.folder}: ${counted(report.turns, 'turn')}`);
}

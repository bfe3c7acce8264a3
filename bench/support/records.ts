import { decodeTurn } from '../../src/catalogue/turn.js';
import { nodeDisk } from '../../src/journal/files/node-disk.js';
import { openForReading } from '../../src/journal/files/reader.js';
import { Recorder } from '../../src/simulate/report/records.js';

/** What became of the DAGs and attempts of a journal. */
export async function recordsOf(folder: string): Promise<Recorder> {
  const recorder = new Recorder();
  const reader = await openForReading(nodeDisk, folder);
  for await (const { bytes } of reader.read(reader.firstTurn())) recorder.watch(decodeTurn(bytes));
  return recorder;
}

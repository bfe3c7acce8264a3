import { Code } from '../../src/catalogue/generated/codes.js';
import { DOCUMENT_CLASSES, DOCUMENT_JOBS, document } from './dags.js';
import { Driver } from './driver.js';
import { JournalSink } from './journal.js';

/** Documents that are open at a time, and dispatches that are answered in a turn at most. */
const OPEN_DAGS = 400;
const ANSWERS_PER_TURN = 700;
const SLOTS = 4096;
const OUTPUT = Buffer.from('{"ok":true}');

/**
 * Writes a journal of documents that all end well, at least so many events, as a fabric under load would have written
 * it. Gives what it has.
 */
export async function writeDocuments(
  folder: string,
  events: number,
  {
    retainTerminalJobs = null,
    segmentBytes,
  }: { readonly retainTerminalJobs?: number | null; readonly segmentBytes?: number } = {},
): Promise<{ events: number; bytes: number; dags: number }> {
  const sink = await JournalSink.open(folder, segmentBytes);
  const driver = new Driver(sink);
  driver.elect();
  driver.step(DOCUMENT_CLASSES.map((executorClass) => driver.register(`e-${executorClass}`, executorClass, SLOTS)));
  const limits = { knownJobs: null, retainTerminalMs: null, retainTerminalJobs, retainExecutorsMs: null };
  driver.step([driver.input(Code.SetCellLimits, limits)]);
  let submitted = 0;
  while (sink.events < events || driver.running > 0 || driver.succeededDags < submitted) {
    const inputs = driver.completions(ANSWERS_PER_TURN, OUTPUT);
    const wanted = sink.events < events ? OPEN_DAGS - (submitted - driver.succeededDags) : 0;
    for (let i = 0; i < Math.min(wanted, ANSWERS_PER_TURN / DOCUMENT_JOBS); i++) {
      inputs.push(driver.input(Code.SubmitDag, document(`d-${submitted++}`)));
    }
    driver.step(inputs);
    if (driver.turn % 64 === 0) await sink.flushed();
  }
  await sink.close();
  return { events: sink.events, bytes: sink.bytes, dags: submitted };
}

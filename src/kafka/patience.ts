import { setTimeout as sleep } from 'node:timers/promises';
import { KafkaFault } from './fault.js';
import { type Fetched, PartitionReader, type ReadOptions } from './partition-reader.js';

/** How long brokers that are out of reach are asked again, in ms: a partition may change its leader meanwhile. */
const PATIENCE_MS = 15_000;
const PAUSE_MS = 250;

/** Asks once more and again while brokers are out of reach, for a while. Only for what may be asked twice. */
export async function patiently<T>(ask: () => Promise<T>): Promise<T> {
  for (let waitedMs = 0; ; waitedMs += PAUSE_MS) {
    try {
      return await ask();
    } catch (error) {
      if (!(error instanceof KafkaFault) || !error.isPassing || waitedMs >= PATIENCE_MS) throw error;
      await sleep(PAUSE_MS);
    }
  }
}

/** A reader for commands, which end when they fail: it sits out what passes by itself. */
export class PatientReader extends PartitionReader {
  override read(from: number, options: ReadOptions): Promise<Fetched> {
    return patiently(() => super.read(from, options));
  }

  override bounds(): Promise<{ readonly start: number; readonly end: number }> {
    return patiently(() => super.bounds());
  }
}

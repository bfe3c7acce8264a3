import { setTimeout as sleep } from 'node:timers/promises';
import { KafkaFault } from '../fault.js';
import { type Fetched, PartitionReader, type ReadOptions } from './partition-reader.js';

export interface PatienceOptions {
  /** How long brokers that are out of reach are asked again, in ms: a partition may change its leader meanwhile. */
  readonly forMs?: number;
  /** Hears what is waited for. */
  readonly onFault?: (fault: KafkaFault) => void;
}

const FOR_MS = 15_000;
const PAUSE_MS = 250;
/** Brokers that are silent take long to be given up: whatever that takes, they are asked so often. */
const LEAST_TRIES = 3;

/** Asks once more and again while brokers are out of reach, for a while. Only for what may be asked twice. */
export async function patiently<T>(
  ask: () => Promise<T>,
  { forMs = FOR_MS, onFault = () => undefined }: PatienceOptions = {},
): Promise<T> {
  const end = performance.now() + forMs;
  for (let tries = 1; ; tries++) {
    try {
      return await ask();
    } catch (error) {
      if (!(error instanceof KafkaFault) || !error.isPassing) throw error;
      if (tries >= LEAST_TRIES && performance.now() >= end) throw error;
      onFault(error);
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

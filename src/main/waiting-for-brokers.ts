/** What a process can't have from the brokers, told when it begins, now and then while it lasts, and when it is over. */
import type { KafkaFault } from '../kafka/fault.js';

/** What lasts is told again after so many ms. */
const AGAIN_MS = 60_000;

interface Wait {
  readonly sinceMs: number;
  toldMs: number;
}

/** Where it is told. */
export interface WaitingLog {
  warn(fields: object, message: string): void;
}

export class WaitingForBrokers {
  readonly #waits = new Map<string, Wait>();

  constructor(
    private readonly log: WaitingLog,
    private readonly nowMs: () => number,
  ) {}

  /** A part of the fabric, such as its journal, waits because of a fault; or with null goes on. */
  readonly hear = (part: string, fault: KafkaFault | null): void => {
    const wait = this.#waits.get(part);
    if (fault === null) {
      if (wait !== undefined) this.#over(part, wait);
      return;
    }
    const now = this.nowMs();
    if (wait !== undefined && now - wait.toldMs < AGAIN_MS) return;
    const sinceMs = wait?.sinceMs ?? now;
    this.#waits.set(part, { sinceMs, toldMs: now });
    const { code, message: detail } = fault;
    this.log.warn({ part, code, detail, ms: Math.round(now - sinceMs) }, 'waits for the brokers');
  };

  #over(part: string, { sinceMs }: Wait): void {
    this.#waits.delete(part);
    this.log.warn({ part, ms: Math.round(this.nowMs() - sinceMs) }, 'no longer waits for the brokers');
  }
}

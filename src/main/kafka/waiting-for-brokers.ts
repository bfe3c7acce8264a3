/** What a process can't have from the brokers, told when it begins, now and then while it lasts, and when it is over. */
import { REQUEST_MS, WRITE_MS } from '../../inbox/kafka/inbox.js';
import type { KafkaFault } from '../../kafka/fault.js';
import type { FabricLog } from '../telemetry.js';

/** What lasts is told again after so many ms. */
const AGAIN_MS = 60_000;

interface Wait {
  readonly sinceMs: number;
  toldMs: number;
  /** What is in its way now. */
  detail: string;
}

export class WaitingForBrokers {
  readonly #waits = new Map<string, Wait>();
  /** When each part last had what it wants. */
  readonly #servedMs = new Map<string, number>();

  constructor(
    private readonly log: Pick<FabricLog, 'warn'> | null,
    private readonly nowMs: () => number,
  ) {}

  /** A part of the fabric, such as its journal, waits because of a fault; or with null goes on. */
  readonly hear = (part: string, fault: KafkaFault | null): void => {
    const wait = this.#waits.get(part);
    const now = this.nowMs();
    // What others' transactions hold back has to be told; the partition is read all the same, as far as anybody can.
    if (fault === null || fault.code === 'kafka-held-back') this.#servedMs.set(part, now);
    if (fault === null) {
      if (wait !== undefined) this.#over(part, wait);
      return;
    }
    const { code, message: detail } = fault;
    if (wait !== undefined) wait.detail = detail;
    if (wait !== undefined && now - wait.toldMs < AGAIN_MS) return;
    const sinceMs = wait?.sinceMs ?? now;
    this.#waits.set(part, { sinceMs, toldMs: now, detail });
    this.log?.warn({ part, code, detail, ms: Math.round(now - sinceMs) }, 'waits for the brokers');
  };

  /**
   * Why a part has not had what it wants for as long as an input is tried: what is sent now would be refused. Null while it
   * has it, and over waits that inputs sit out, as when a partition's leader moves.
   */
  outOfReach(part: string): string | null {
    const ms = this.#missedMs(part);
    return ms < WRITE_MS
      ? null
      : `the brokers have been out of reach for ${seconds(ms)}: ${this.#waits.get(part)!.detail}`;
  }

  /**
   * The same of a topic that is read here: null while any of its partitions is, as what stands in that one is taken. For
   * one partition nobody should be led away from the work in all others.
   */
  unread(topic: string): string | null {
    const parts = [...new Set([...this.#servedMs.keys(), ...this.#waits.keys()])];
    const partitions = parts.filter((part) => part.startsWith(`${topic}/`));
    const ms = Math.min(...partitions.map((part) => this.#missedMs(part)));
    if (partitions.length === 0 || ms < WRITE_MS) return null;
    return `${topic} have not been read for ${seconds(ms)}: ${this.#waits.get(partitions[0]!)!.detail}`;
  }

  /**
   * For how long a part has not had what it wants, in ms. The time counts from when it last had it, but from no more than a
   * request before the first fault: a broker that is silent is given up only that much later, and a part that asks for
   * nothing, as an idle leader's journal, misses nothing meanwhile.
   */
  #missedMs(part: string): number {
    const wait = this.#waits.get(part);
    if (wait === undefined) return 0;
    const servedMs = this.#servedMs.get(part) ?? wait.sinceMs;
    return this.nowMs() - Math.max(servedMs, wait.sinceMs - REQUEST_MS);
  }

  #over(part: string, { sinceMs }: Wait): void {
    this.#waits.delete(part);
    this.log?.warn({ part, ms: Math.round(this.nowMs() - sinceMs) }, 'no longer waits for the brokers');
  }
}

function seconds(ms: number): string {
  return `${Math.floor(ms / 1000)} s`;
}

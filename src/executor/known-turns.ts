import type { RegisterAnswer } from './protocol.js';

/**
 * What an executor knows of the fabric's turns. A fabric that goes on from an older copy of its journal, or has lost what
 * was not on its disk, gives the tokens of the turns that are gone to other leases: its reign begins before a turn that is
 * known here.
 */
export class KnownTurns {
  /** The reign of the last registration, and the highest turn that was told of since the first. */
  private reign: string | null = null;
  private highest = 0;

  /** Whether turns that are known here are no part of the history in which this registration is. */
  areLost({ reign }: RegisterAnswer): boolean {
    if (!reign || this.reign === null || reign.id === this.reign) return false;
    return reign.turn <= this.highest;
  }

  registered({ reign, turn }: RegisterAnswer): void {
    this.reign = reign?.id ?? null;
    this.hear(turn);
  }

  hear(turn: number): void {
    this.highest = Math.max(this.highest, turn);
  }

  forget(): void {
    this.highest = 0;
  }
}

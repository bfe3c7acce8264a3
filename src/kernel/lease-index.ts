/** Tokens of the leases that hold slots, by executor. An index of rows. */
export class LeaseIndex {
  private readonly tokens = new Map<number, Set<number>>();

  add(executorSeq: number, token: number): void {
    const known = this.tokens.get(executorSeq);
    if (known === undefined) this.tokens.set(executorSeq, new Set([token]));
    else known.add(token);
  }

  remove(executorSeq: number, token: number): void {
    const known = this.tokens.get(executorSeq);
    known?.delete(token);
    if (known?.size === 0) this.tokens.delete(executorSeq);
  }

  /** Tokens of an executor's leases, in order. */
  of(executorSeq: number): readonly number[] {
    return [...(this.tokens.get(executorSeq) ?? [])].sort((a, b) => a - b);
  }
}

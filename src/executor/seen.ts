/** Tokens of ended attempts that are remembered, so that a dispatch published twice is run once. */
const REMEMBERED = 65_536;

/** Remembers at least the last `REMEMBERED` tokens and at most twice as many, in two generations. */
export class SeenTokens {
  private young = new Set<string>();
  private old = new Set<string>();

  has(token: string): boolean {
    return this.young.has(token) || this.old.has(token);
  }

  clear(): void {
    this.young.clear();
    this.old.clear();
  }

  add(token: string): void {
    this.young.add(token);
    if (this.young.size < REMEMBERED) return;
    this.old = this.young;
    this.young = new Set();
  }
}

/** Those that wait until something is over. Whoever brings it about tells them, and each looks again whether it is. */
export class Waiters {
  private waiting: (() => void)[] = [];

  /** Resolves when it is over. */
  async until(isOver: () => boolean): Promise<void> {
    while (!isOver()) await new Promise<void>((resolve) => this.waiting.push(resolve));
  }

  tell(): void {
    const { waiting } = this;
    this.waiting = [];
    for (const resolve of waiting) resolve();
  }
}

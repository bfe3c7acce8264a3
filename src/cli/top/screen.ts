const ENTER = '\u001b[?1049h\u001b[?25l';
const LEAVE = '\u001b[?25h\u001b[?1049l';
const HOME = '\u001b[H';
const CLEAR_LINE = '\u001b[K';
const CLEAR_BELOW = '\u001b[J';
const CTRL_C = '\u0003';
const ESCAPE = '\u001b';

/** The terminal while a program has it for itself; however the process ends, it is given back as it was. */
export class Screen {
  readonly #restore = (): void => this.close();
  #onKey: (data: Buffer) => void = () => undefined;
  #onResize = (): void => undefined;
  #isOpen = false;

  /** Takes the terminal. `quit` is called for q and Escape, or Ctrl-C; `resized` when its size has changed. */
  open(quit: (isInterrupt: boolean) => void, resized: () => void): void {
    this.#isOpen = true;
    process.once('exit', this.#restore);
    process.stdout.write(ENTER);
    this.#onResize = resized;
    process.stdout.on('resize', resized);
    const { stdin } = process;
    if (!stdin.isTTY) return;
    this.#onKey = (data) => {
      // Several keys come at once where they were typed before anybody read them; arrows and others begin with Escape.
      const keys = data.toString();
      if (keys.includes(CTRL_C)) quit(true);
      else if (keys === ESCAPE || (keys.includes('q') && !keys.startsWith(ESCAPE))) quit(false);
    };
    stdin.setRawMode(true);
    stdin.on('data', this.#onKey).resume();
  }

  get columns(): number {
    return process.stdout.columns || 80;
  }

  get rows(): number {
    return process.stdout.rows || 24;
  }

  /** Shows lines in the place of those that are there. */
  draw(lines: readonly string[]): void {
    const text = lines.slice(0, this.rows).map((line) => `${line}${CLEAR_LINE}`);
    process.stdout.write(`${HOME}${text.join('\r\n')}${CLEAR_BELOW}`);
  }

  /** Gives the terminal back. */
  close(): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    process.off('exit', this.#restore);
    process.stdout.off('resize', this.#onResize);
    const { stdin } = process;
    if (stdin.isTTY) {
      stdin.off('data', this.#onKey);
      stdin.setRawMode(false);
      stdin.pause();
    }
    process.stdout.write(LEAVE);
  }
}

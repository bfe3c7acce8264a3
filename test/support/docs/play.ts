import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Block } from './blocks.js';
import { isPlayed, isShown } from './kinds.js';
import { Terminal } from './terminal.js';
import { type Compared, compare, type Line, linesOf } from './transcript.js';

/** Where the blocks of pages are played. */
export interface Stage {
  readonly folder: string;
  readonly env: NodeJS.ProcessEnv;
  /** Where the pages say that the fabric listens, and where it does here. */
  readonly port: { readonly written: string; readonly taken: string };
}

/** A command that has not ended by then, nor said what the page has, never will; npm ci takes the longest. */
const LIMIT_MS = 300_000;

/** Does what a page says, word for word, from its first block to its last. Throws an error that names the block. */
export async function play(blocks: readonly Block[], stage: Stage): Promise<void> {
  const player = new Player(stage);
  try {
    for (const block of blocks) await player.play(block);
  } catch (error) {
    player.kill();
    throw error;
  } finally {
    await player.close();
  }
}

class Player {
  private readonly terminals = new Map<string, Terminal>();
  /** What stands here for what the pages have: process ids, times, hashes that a command shows. */
  private readonly meant = new Map<string, string>();

  constructor(private readonly stage: Stage) {
    this.meant.set(stage.port.written, stage.port.taken);
  }

  async play(block: Block): Promise<void> {
    const { attributes, place, text } = block;
    const file = attributes.get('file');
    if (file !== undefined) this.save(file, text);
    if (isShown(block) || !isPlayed(block)) return;
    const name = attributes.get('terminal') ?? '';
    const terminal = this.terminals.get(name) ?? new Terminal(this.stage.folder, this.stage.env);
    this.terminals.set(name, terminal);
    const lines = linesOf(text);
    for (const line of lines) {
      const mayStay = name !== '' && line === lines.at(-1);
      const exit = line === lines.at(-1) ? Number(attributes.get('exit') ?? 0) : 0;
      await this.call(terminal, line, { mayStay, exit, place });
    }
  }

  private save(file: string, text: string): void {
    const path = join(this.stage.folder, file);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, this.inOurWords(text));
  }

  private async call(
    terminal: Terminal,
    { command, expected }: Line,
    { mayStay, exit, place }: { mayStay: boolean; exit: number; place: string },
  ): Promise<void> {
    if (command === null) terminal.interrupt();
    else if (command !== '') {
      // What was killed from another terminal needs a moment to be gone.
      await terminal.until(() => false, LIMIT_MS);
      terminal.type(this.inOurWords(command));
    }
    const wanted = expected.map((line) => this.inOurWords(line));
    const look = (): Compared => compare(wanted, terminal.said);
    await terminal.until(() => mayStay && wanted.length > 0 && look().missing === null, LIMIT_MS);
    const { missing, beyond, meant } = look();
    const what = `${place}: ${command ?? 'Ctrl-C'}`;
    const said = `It said:\n${terminal.said.join('\n')}`;
    if (missing !== null) throw new Error(`${what}\nthis did not come out: ${missing}\n${said}`);
    if (terminal.ended === null && !mayStay) throw new Error(`${what}\nhas not ended. ${said}`);
    if (command !== null && terminal.ended !== null && terminal.ended.code !== exit) {
      throw new Error(`${what}\nended with ${terminal.ended.code}, not ${exit}. ${said}`);
    }
    if (terminal.ended !== null && beyond.length > 0)
      throw new Error(`${what}\nsaid more: ${beyond.join('\n')}\n${said}`);
    for (const [written, ours] of meant) if (written.length >= 4) this.meant.set(written, ours);
  }

  /** The text with what our run has in the places of what the page's run had. */
  private inOurWords(text: string): string {
    return text.replace(/\w+/g, (word) => this.meant.get(word) ?? word);
  }

  kill(): void {
    for (const terminal of this.terminals.values()) terminal.kill();
  }

  async close(): Promise<void> {
    for (const terminal of [...this.terminals.values()].reverse()) await terminal.close();
  }
}

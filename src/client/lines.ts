import { StringDecoder } from 'node:string_decoder';

/**
 * A line longer than this is no line of ours; it protects the reader's memory. In UTF-16 units. A dispatch may have some 75
 * million: 256 inputs of 256 KiB each, and 8 MiB of its submission.
 */
export const MAX_LINE = 128 * 1024 * 1024;

/** Cuts a stream of UTF-8 chunks into lines; the callback gets every complete line without its end. */
export class LineSplitter {
  private readonly decoder = new StringDecoder('utf8');
  private rest = '';

  constructor(private readonly onLine: (line: string) => void) {}

  push(chunk: Uint8Array): void {
    const text = this.decoder.write(chunk as Buffer);
    let from = 0;
    // Only what is new is looked through: a long line comes in a thousand pieces.
    for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', from)) {
      const line = this.rest + text.slice(from, end);
      this.rest = '';
      from = end + 1;
      if (line.length > 0) this.onLine(line);
    }
    this.rest += text.slice(from);
    if (this.rest.length > MAX_LINE) throw new Error(`a line of more than ${MAX_LINE} characters`);
  }

  /** Gives what stands behind the last line end, if anything does. */
  end(): void {
    const last = this.rest + this.decoder.end();
    this.rest = '';
    if (last.length > 0) this.onLine(last);
  }
}

/** Lines of a body one by one, for readers that want to be slower than the sender. */
export async function* linesOf(body: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  let ready: string[] = [];
  const splitter = new LineSplitter((line) => ready.push(line));
  for await (const chunk of body) {
    splitter.push(chunk);
    const lines = ready;
    ready = [];
    yield* lines;
  }
  splitter.end();
  yield* ready;
}

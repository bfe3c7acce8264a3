import { StringDecoder } from 'node:string_decoder';

/** A line longer than this is no line of ours; it protects the reader's memory. In UTF-16 units. */
export const MAX_LINE = 64 * 1024 * 1024;

/** Cuts a stream of UTF-8 chunks into lines; the callback gets every complete line without its end. */
export class LineSplitter {
  private readonly decoder = new StringDecoder('utf8');
  private rest = '';

  constructor(private readonly onLine: (line: string) => void) {}

  push(chunk: Uint8Array): void {
    const text = this.rest + this.decoder.write(chunk as Buffer);
    let from = 0;
    for (let end = text.indexOf('\n', from); end >= 0; end = text.indexOf('\n', from)) {
      if (end > from) this.onLine(text.slice(from, end));
      from = end + 1;
    }
    this.rest = from === 0 ? text : text.slice(from);
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

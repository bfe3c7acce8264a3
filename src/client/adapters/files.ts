import { createHash } from 'node:crypto';
import { type FileHandle, open, readFile } from 'node:fs/promises';
import { Readable } from 'node:stream';

/** Told of what has been taken of a file so far, and of its length, both in bytes. */
export type OnSent = (sent: number, total: number) => void;

/** What a file holds, to be sent as often as it takes. */
export interface FileContent {
  readonly bytes: number;
  /** From its beginning. */
  read(): Readable | Uint8Array;
  /** The SHA-256 of what was read last, as hexadecimal digits; what it is before its end is nobody's. */
  digest(): string;
  /** Why it could not be read to its end; null as long as it could. */
  failure(): Error | null;
}

/**
 * Runs with what a file holds now, without holding it in memory. Of what is no regular file, such as a pipe, nobody
 * knows the length: it is read first. Throws what opening and reading it throw.
 */
export async function withFile<T>(path: string, onSent: OnSent, run: (file: FileContent) => Promise<T>): Promise<T> {
  const handle = await open(path);
  try {
    const status = await handle.stat();
    return await run(
      status.isFile() ? pieces(handle, path, status.size, onSent) : whole(await contentOf(handle, path), onSent),
    );
  } finally {
    await handle.close();
  }
}

/** All of it. The system's errors of an open file don't say which one it is, so that of a folder is told its path. */
async function contentOf(handle: FileHandle, path: string): Promise<Uint8Array> {
  try {
    return await readFile(handle);
  } catch (error) {
    throw Object.assign(error as Error, { path });
  }
}

function whole(content: Uint8Array, onSent: OnSent): FileContent {
  const read = (): Uint8Array => {
    onSent(content.length, content.length);
    return content;
  };
  const digest = (): string => createHash('sha256').update(content).digest('hex');
  return { bytes: content.length, read, digest, failure: () => null };
}

function pieces(handle: FileHandle, path: string, bytes: number, onSent: OnSent): FileContent {
  let failure: Error | null = null;
  let digest = '';
  async function* read(): AsyncGenerator<Buffer> {
    let sent = 0;
    const hash = createHash('sha256');
    try {
      // What is appended meanwhile is not sent: the length was told before.
      const content = handle.createReadStream({ start: 0, end: bytes - 1, autoClose: false });
      for await (const piece of content as AsyncIterable<Buffer>) {
        // Before it is handed on: the answer may be here before the next piece is asked for.
        hash.update(piece);
        sent += piece.length;
        if (sent === bytes) digest = hash.digest('hex');
        yield piece;
        onSent(sent, bytes);
      }
      if (sent < bytes) throw new Error(`${path} became shorter while it was sent`);
    } catch (error) {
      failure = error as Error;
      throw error;
    }
  }
  // A range of no bytes can't be asked for.
  if (bytes === 0) return whole(Buffer.alloc(0), onSent);
  return {
    bytes,
    read: () => Readable.from(read(), { objectMode: false }),
    digest: () => digest,
    failure: () => failure,
  };
}

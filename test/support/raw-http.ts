/** HTTP by hand: what no client library would send. */
import { connect } from 'node:net';

export interface RawAnswer {
  readonly status: number;
  readonly body: string;
}

/** How often something is sent whose answer is lost. */
const TRIES = 20;
/** How a connection ends whose other side has closed it while more came. */
const RESETS = new Set(['ECONNRESET', 'EPIPE']);

/**
 * Sends once more when the connection was reset before its answer was read: whoever answers and closes while the other
 * side still sends can't keep the reset from overtaking the answer (RFC 9112, 9.6). Any other failure is one.
 */
async function answered(send: () => Promise<RawAnswer>): Promise<RawAnswer> {
  for (let tries = 1; ; tries++) {
    try {
      return await send();
    } catch (error) {
      if (tries === TRIES || !RESETS.has((error as NodeJS.ErrnoException).code ?? '')) throw error;
    }
  }
}

/** Sends bytes as they are and reads until the other side ends the connection. */
export function sendRaw(url: string, bytes: string): Promise<RawAnswer> {
  return answered(() => sendRawOnce(url, bytes));
}

function sendRawOnce(url: string, bytes: string): Promise<RawAnswer> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname, () => socket.write(bytes));
    let text = '';
    socket.setEncoding('utf8');
    socket.on('data', (chunk: string) => {
      text += chunk;
    });
    socket.on('error', (error) => (isWhole(text) ? undefined : reject(error)));
    socket.on('close', () => resolve(answerOf(text)));
  });
}

/**
 * POSTs a body of so many bytes, made while it is sent, and resolves with the answer, which may come long before the
 * end of the body; then nothing more is sent.
 */
export function sendLarge(url: string, bytes: number, headers: Readonly<Record<string, string>>): Promise<RawAnswer> {
  return answered(() => sendLargeOnce(url, bytes, headers));
}

function sendLargeOnce(url: string, bytes: number, headers: Readonly<Record<string, string>>): Promise<RawAnswer> {
  const { hostname, port, pathname, search } = new URL(url);
  const head = { host: `${hostname}:${port}`, connection: 'close', ...headers };
  const lines = Object.entries(head).map(([name, value]) => `${name}: ${value}`);
  const chunk = Buffer.alloc(1024 * 1024, '[');
  return new Promise((resolve, reject) => {
    let left = bytes;
    let text = '';
    const socket = connect(Number(port), hostname, () => {
      socket.write(`POST ${pathname}${search} HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n`);
      send();
    });
    const isChunked = headers['transfer-encoding'] === 'chunked';
    const send = () => {
      while (left > 0 && text === '' && !socket.destroyed) {
        const part = chunk.subarray(0, Math.min(left, chunk.length));
        left -= part.length;
        if (isChunked) socket.write(`${part.length.toString(16)}\r\n`);
        const hasRoom = socket.write(part);
        if (isChunked) socket.write(left === 0 ? '\r\n0\r\n\r\n' : '\r\n');
        if (!hasRoom) break;
      }
    };
    socket.setEncoding('utf8');
    socket.on('drain', send);
    socket.on('data', (chunk: string) => {
      text += chunk;
      if (text.includes('\r\n\r\n') && isWhole(text)) socket.destroy();
    });
    socket.on('error', (error) => (isWhole(text) ? undefined : reject(error)));
    socket.on('close', () => resolve(answerOf(text)));
  });
}

function isWhole(text: string): boolean {
  const { body, length } = partsOf(text);
  return length !== null && Buffer.byteLength(body) >= length;
}

function partsOf(text: string): { readonly head: string; readonly body: string; readonly length: number | null } {
  const end = text.indexOf('\r\n\r\n');
  const head = text.slice(0, end);
  const length = /^content-length: (\d+)$/imu.exec(head)?.[1];
  return { head, body: text.slice(end + 4), length: length === undefined ? null : Number(length) };
}

function answerOf(text: string): RawAnswer {
  const { head, body } = partsOf(text);
  return { status: Number(/^HTTP\/1\.1 (\d{3})/u.exec(head)?.[1] ?? 0), body };
}

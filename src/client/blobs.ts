import { createHash } from 'node:crypto';
import type { Readable } from 'node:stream';
import { type OnSent, withFile } from './adapters/files.js';
import { type HttpCalls, type HttpRequest, transportError } from './adapters/http.js';
import { ClientCode, FabricError } from './errors.js';
import type { Machine } from './ports.js';
import { backoffMs, DEFAULT_PATIENCE, type OnAgain, type Patience, pause, type Tries, withRetry } from './retry.js';

/** Names bytes in the fabric's blob store. */
export interface BlobRef {
  /** `blob:sha256:HEX` */
  readonly uri: string;
  /** Lower-case hex. */
  readonly sha256: string;
  readonly bytes: number;
}

/** Answers with other bytes than those of a blob, of a proxy or a disk, until it counts as damaged. */
const MAX_DAMAGED = 5;

const BLOB_URI = /^blob:sha256:([0-9a-f]{64})$/;

/** The digest in a blob's uri, or null when the uri names something else. */
export function digestOfUri(uri: string): string | null {
  return BLOB_URI.exec(uri)?.[1] ?? null;
}

/** The fabric's blob store: content-addressed, so that putting the same bytes again changes nothing. */
export class Blobs {
  private readonly tries: Tries;

  constructor(
    private readonly http: HttpCalls,
    machine: Machine,
    patience: Patience = DEFAULT_PATIENCE,
    onAgain?: OnAgain,
  ) {
    this.tries = { machine, patience, closing: http.closing, onAgain };
  }

  /**
   * Stores bytes, or text as UTF-8; rejects with `blob-digest-mismatch` where others arrive. A stream is sent as it comes,
   * unchecked, and is not tried again when the connection breaks.
   */
  async put(content: Uint8Array | string | Readable, signal?: AbortSignal): Promise<BlobRef> {
    if (typeof content !== 'string' && !(content instanceof Uint8Array)) return this.send(content, {}, signal, true);
    const digest = { 'marie-sha256': createHash('sha256').update(content).digest('hex') };
    return withRetry(this.tries, signal, () => this.send(content, digest, signal));
  }

  /**
   * Stores a file, piece by piece; `onSent` is told of each. Rejects with `blob-digest-mismatch` where others arrived than
   * were read. Throws what reading it throws.
   */
  async putFile(path: string, signal?: AbortSignal, onSent: OnSent = () => undefined): Promise<BlobRef> {
    return withFile(path, onSent, (file) =>
      withRetry(this.tries, signal, async () => {
        try {
          const stored = await this.send(file.read(), { 'content-length': String(file.bytes) }, signal);
          if (stored.sha256 === file.digest()) return stored;
          const detail = `other bytes than those of ${path} arrived: they are ${stored.uri}`;
          throw new FabricError({ code: 'blob-digest-mismatch', status: 0, detail });
        } catch (error) {
          throw file.failure() ?? error;
        }
      }),
    );
  }

  private send(
    body: NonNullable<HttpRequest['body']>,
    more: Readonly<Record<string, string>>,
    signal?: AbortSignal,
    isStream = false,
  ): Promise<BlobRef> {
    const headers = { 'content-type': 'application/octet-stream', ...more };
    const request: HttpRequest = { method: 'PUT', path: '/v1/blobs', headers, body, signal, isStream };
    return this.http.json<BlobRef>(request, 'uri', 'sha256');
  }

  /** The bytes of a blob, checked against their digest. Throws FabricError `blob-not-found`, `blob-damaged`, … */
  async get(ref: string | { readonly uri: string }, signal?: AbortSignal): Promise<Buffer> {
    const digest = digestOf(ref);
    for (let tries = 1; ; tries++) {
      const bytes = await withRetry(this.tries, signal, () => this.fetch(digest, signal));
      if (createHash('sha256').update(bytes).digest('hex') === digest) return bytes;
      const detail = `the bytes of ${digest} have another digest`;
      const damaged = new FabricError({ code: ClientCode.BlobDamaged, status: 0, detail });
      const { machine, patience, onAgain } = this.tries;
      if (tries >= Math.min(MAX_DAMAGED, patience.attempts)) throw damaged;
      const delayMs = backoffMs(tries, patience, machine.random(), null);
      onAgain?.(damaged, delayMs);
      await pause(this.tries, delayMs, signal);
    }
  }

  private async fetch(digest: string, signal: AbortSignal | undefined): Promise<Buffer> {
    const { body } = await this.http.send({ method: 'GET', path: `/v1/blobs/${digest}`, signal });
    try {
      return Buffer.from(await body.arrayBuffer());
    } catch (error) {
      throw transportError(error, signal);
    }
  }

  /** The bytes as a stream, unchecked: for what is too large to hold. Once it has begun, it is not asked for again. */
  async stream(ref: string | { readonly uri: string }, signal?: AbortSignal): Promise<Readable> {
    const request: HttpRequest = { method: 'GET', path: `/v1/blobs/${digestOf(ref)}`, signal, isStream: true };
    const { body } = await withRetry(this.tries, signal, () => this.http.send(request));
    return body;
  }

  /** A blob that holds JSON, parsed. Throws FabricError `blob-not-json` where it holds none. */
  async json<T = unknown>(ref: string | { readonly uri: string }, signal?: AbortSignal): Promise<T> {
    return (await this.readJson<T>(ref, signal)).value;
  }

  /** The same as text. */
  async jsonText(ref: string | { readonly uri: string }, signal?: AbortSignal): Promise<string> {
    return (await this.readJson(ref, signal)).text;
  }

  /** Its digest was checked: whatever it holds, nobody in between has answered. */
  private async readJson<T>(ref: string | { readonly uri: string }, signal: AbortSignal | undefined) {
    const text = (await this.get(ref, signal)).toString('utf8');
    try {
      return { text, value: JSON.parse(text) as T };
    } catch (cause) {
      const detail = `${digestOf(ref)} holds no JSON: ${text.slice(0, 80)}`;
      throw new FabricError({ code: ClientCode.BlobNotJson, status: 0, detail, cause });
    }
  }
}

function digestOf(ref: string | { readonly uri: string }): string {
  const uri = typeof ref === 'string' ? ref : ref.uri;
  const digest = digestOfUri(uri);
  if (digest !== null) return digest;
  throw new FabricError({ code: 'not-a-blob', status: 0, detail: `${uri} is not the uri of a blob (blob:sha256:…)` });
}

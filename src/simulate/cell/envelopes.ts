/** Inputs that nobody sent. */
import type { InputEntry } from '../../catalogue/generated/types.js';
import type { Arrival } from './world.js';

/** Gives the digest of an input. */
export type DigestOf = (code: InputEntry['code'], body: InputEntry['body']) => Uint8Array;

/** Stands for the digest of an input that nobody checks; zeros would look like a repeat of nothing. */
const DIGEST = new Uint8Array(16).fill(1);

/** Makes inputs of bodies, numbered under a name. */
export class Envelopes {
  #inputs = 0;

  /** `digestOf`: where somebody will check digests. */
  constructor(
    private readonly name: string,
    private readonly digestOf: DigestOf = () => DIGEST,
  ) {}

  input(at: number, code: Arrival['code'], body: Arrival['body']): InputEntry {
    const inputId = `${this.name}-${++this.#inputs}`;
    const digest = this.digestOf(code, body);
    return {
      code,
      envelope: { inputId, receivedAtMs: at, principal: null, traceparent: null, digest },
      body,
    } as InputEntry;
  }
}

import type { FabricMessage } from './protocol.js';

/** The fabric writes what a dispatch is about first, so that it can be told even where the rest is no JSON. */
const HEAD = /^\{"type":"dispatch","token":("(?:[^"\\]|\\.)*")/u;

/**
 * A message of the fabric. What can't be read is one, too: whoever waits for an end of the attempt must get one, and
 * what concerns nobody must stop nobody.
 */
export function readMessage(text: string): FabricMessage {
  try {
    const message: unknown = JSON.parse(text);
    if (isMessage(message)) return message;
    return { type: 'unreadable', token: null, detail: `no message: ${text.slice(0, 200)}` };
  } catch (error) {
    return { type: 'unreadable', token: tokenIn(text), detail: String(error) };
  }
}

function isMessage(value: unknown): value is FabricMessage {
  if (typeof value !== 'object' || value === null) return false;
  const { type, token } = value as { readonly type?: unknown; readonly token?: unknown };
  return typeof type === 'string' && ((type !== 'dispatch' && type !== 'stop') || typeof token === 'string');
}

function tokenIn(text: string): string | null {
  const quoted = HEAD.exec(text)?.[1];
  try {
    return quoted === undefined ? null : (JSON.parse(quoted) as string);
  } catch {
    return null;
  }
}

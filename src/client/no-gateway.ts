import type { HttpCalls } from './adapters/http.js';
import { ClientCode, FabricError } from './errors.js';

function refuse(): Promise<never> {
  const detail = 'blobs and collections come from a gateway: give its address (url)';
  return Promise.reject(new FabricError({ code: ClientCode.NoGateway, status: 0, detail }));
}

/** Calls of whoever uses topics alone: there is nobody to call. */
export const noGateway: HttpCalls = {
  send: refuse,
  text: refuse,
  json: refuse,
  close: async () => undefined,
  closing: new AbortController().signal,
};

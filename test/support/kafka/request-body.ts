/** Where the length of the client's id stands in a request: after length, api, version and correlation id. */
const CLIENT_AT = 12;

/** Where a request's body begins: after the client's id. */
export function bodyAt(request: Buffer): number {
  return CLIENT_AT + 2 + Math.max(0, request.readInt16BE(CLIENT_AT));
}

/** A broker's answer to a request for offsets (versions 2 and 3): that it can't say them. */

/** Where a request's body begins: after length, api, version, correlation id, and the length of the client's id. */
const CLIENT_AT = 12;
/** The replica, and which records count. */
const BODY_BYTES = 4 + 1;
/** A partition and a time. */
const ASKED_BYTES = 4 + 8;

/** What follows the correlation id. */
export function offsetsRefused(request: Buffer, errorCode: number): Buffer {
  let at = CLIENT_AT + 2 + Math.max(0, request.readInt16BE(CLIENT_AT)) + BODY_BYTES;
  const parts = [Buffer.alloc(4), request.subarray(at, at + 4)];
  let topics = request.readInt32BE(at);
  at += 4;
  for (; topics > 0; topics--) {
    const nameEnd = at + 2 + request.readInt16BE(at);
    parts.push(request.subarray(at, nameEnd + 4));
    let partitions = request.readInt32BE(nameEnd);
    at = nameEnd + 4;
    for (; partitions > 0; partitions--, at += ASKED_BYTES) {
      const said = Buffer.alloc(4 + 2 + 8 + 8);
      request.copy(said, 0, at, at + 4);
      said.writeInt16BE(errorCode, 4);
      said.writeBigInt64BE(-1n, 6);
      said.writeBigInt64BE(-1n, 14);
      parts.push(said);
    }
  }
  return Buffer.concat(parts);
}

/** A broker's answer to a request for records (version 10): that it has none of these partitions. */

/** Where a request's body begins: after length, api, version, correlation id, and the length of the client's id. */
const CLIENT_AT = 12;
/** Replica, time to wait, bytes at least and at most, which records count, session and its epoch. */
const BODY_BYTES = 4 + 4 + 4 + 4 + 1 + 4 + 4;
/** Partition, its leader's epoch, position, first position, bytes at most. */
const ASKED_BYTES = 4 + 4 + 8 + 8 + 4;

/** What follows the correlation id. */
export function fetchRefused(request: Buffer, errorCode: number): Buffer {
  let at = CLIENT_AT + 2 + Math.max(0, request.readInt16BE(CLIENT_AT)) + BODY_BYTES;
  // Not held back, no error of the whole, no session.
  const parts = [Buffer.alloc(4 + 2 + 4), request.subarray(at, at + 4)];
  let topics = request.readInt32BE(at);
  at += 4;
  for (; topics > 0; topics--) {
    const nameEnd = at + 2 + request.readInt16BE(at);
    parts.push(request.subarray(at, nameEnd + 4));
    let partitions = request.readInt32BE(nameEnd);
    at = nameEnd + 4;
    for (; partitions > 0; partitions--, at += ASKED_BYTES) {
      const said = Buffer.alloc(4 + 2 + 8 + 8 + 8 + 4 + 4);
      request.copy(said, 0, at, at + 4);
      said.writeInt16BE(errorCode, 4);
      said.fill(0xff, 6);
      parts.push(said);
    }
  }
  return Buffer.concat(parts);
}

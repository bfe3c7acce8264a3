/** A broker's answer to a produce request (version 7) for one partition: that it could not be done. */
import { bodyAt } from './request-body.js';

/** No transaction, acks, time-out, and the count of topics. */
const BODY_BYTES = 2 + 2 + 4 + 4;

/** What follows the correlation id. */
export function produceRefused(request: Buffer, errorCode: number): Buffer {
  let at = bodyAt(request) + BODY_BYTES;
  const topic = request.subarray(at, at + 2 + request.readInt16BE(at));
  at += topic.length + 4;
  const partition = request.readInt32BE(at);
  const rest = Buffer.alloc(4 + 4 + 2 + 8 + 8 + 8 + 4);
  rest.writeInt32BE(1, 0);
  rest.writeInt32BE(partition, 4);
  rest.writeInt16BE(errorCode, 8);
  rest.writeBigInt64BE(-1n, 10);
  rest.writeBigInt64BE(-1n, 18);
  rest.writeBigInt64BE(-1n, 26);
  return Buffer.concat([Buffer.from([0, 0, 0, 1]), topic, rest]);
}

/** A broker's answers to requests for what many partitions have: that it can say it of none of them. */
import { bodyAt } from './request-body.js';

/** How long, in bytes, the parts of a request and of its answer are. */
interface Shape {
  /** Before the request's topics, and of each partition in it. */
  readonly body: number;
  readonly asked: number;
  /** Before the answer's topics, and of each partition in it: its number, the error, and what is not known then. */
  readonly head: number;
  readonly said: number;
}

/** Offsets, versions 2 and 3. */
const OFFSETS: Shape = { body: 4 + 1, asked: 4 + 8, head: 4, said: 4 + 2 + 8 + 8 };
/** Records, version 10. */
const FETCH: Shape = {
  body: 4 + 4 + 4 + 4 + 1 + 4 + 4,
  asked: 4 + 4 + 8 + 8 + 4,
  head: 4 + 2 + 4,
  said: 4 + 2 + 8 + 8 + 8 + 4 + 4,
};

/** What follows the correlation id in the answer to a request for offsets. */
export function offsetsRefused(request: Buffer, errorCode: number): Buffer {
  return refused(request, OFFSETS, errorCode);
}

/** What follows the correlation id in the answer to a request for records. */
export function fetchRefused(request: Buffer, errorCode: number): Buffer {
  return refused(request, FETCH, errorCode);
}

function refused(request: Buffer, { body, asked, head, said }: Shape, errorCode: number): Buffer {
  let at = bodyAt(request) + body;
  const parts = [Buffer.alloc(head), request.subarray(at, at + 4)];
  let topics = request.readInt32BE(at);
  at += 4;
  for (; topics > 0; topics--) {
    const nameEnd = at + 2 + request.readInt16BE(at);
    parts.push(request.subarray(at, nameEnd + 4));
    let partitions = request.readInt32BE(nameEnd);
    at = nameEnd + 4;
    for (; partitions > 0; partitions--, at += asked) {
      const one = Buffer.alloc(said, 0xff);
      request.copy(one, 0, at, at + 4);
      one.writeInt16BE(errorCode, 4);
      parts.push(one);
    }
  }
  return Buffer.concat(parts);
}

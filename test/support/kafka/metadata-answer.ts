/** A broker's answer to a request for metadata (version 6), in which it leads what is led. */
import { bodyAt } from './request-body.js';

const ONLY_BROKER = 1;
const LEADER_NOT_AVAILABLE = 5;

/** The topics that are asked for; none where all are. */
export function topicsAsked(request: Buffer): readonly string[] {
  let at = bodyAt(request);
  const names: string[] = [];
  let left = request.readInt32BE(at);
  at += 4;
  for (; left > 0; left--) {
    const end = at + 2 + request.readInt16BE(at);
    names.push(request.toString('utf8', at + 2, end));
    at = end;
  }
  return names;
}

/** Of a topic, which of its partitions has a leader. */
export interface TopicLed {
  readonly name: string;
  readonly isLed: readonly boolean[];
}

/** What follows the correlation id. */
export function metadataAnswer(port: number, topics: readonly TopicLed[]): Buffer {
  const broker = [int32(ONLY_BROKER), text('127.0.0.1'), int32(port), int16(-1)];
  const partition = (isLed: boolean, index: number): Buffer[] => {
    const copies = [int32(1), int32(ONLY_BROKER)];
    const state = isLed
      ? [int16(0), int32(index), int32(ONLY_BROKER)]
      : [int16(LEADER_NOT_AVAILABLE), int32(index), int32(-1)];
    return [...state, ...copies, ...copies, int32(0)];
  };
  const topic = ({ name, isLed }: TopicLed): Buffer[] => [
    int16(0),
    text(name),
    Buffer.alloc(1),
    int32(isLed.length),
    ...isLed.flatMap(partition),
  ];
  return Buffer.concat([
    int32(0), // not held back
    int32(1),
    ...broker,
    int16(-1), // the cluster's id
    int32(ONLY_BROKER), // who leads the controllers
    int32(topics.length),
    ...topics.flatMap(topic),
  ]);
}

function int16(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeInt16BE(value);
  return bytes;
}

function int32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return bytes;
}

function text(value: string): Buffer {
  return Buffer.concat([int16(Buffer.byteLength(value)), Buffer.from(value)]);
}

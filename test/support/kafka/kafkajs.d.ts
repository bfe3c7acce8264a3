/** The client's own reading of batches, beside which ours is tested. */
declare module 'kafkajs/src/protocol/decoder.js' {
  export default class Decoder {
    constructor(bytes: Buffer);
  }
}

declare module 'kafkajs/src/protocol/recordBatch/v0/decoder.js' {
  import type Decoder from 'kafkajs/src/protocol/decoder.js';

  export default function decodeBatch(decoder: Decoder): Promise<{
    readonly records: readonly {
      readonly key: Buffer | null;
      readonly value: Buffer | null;
      readonly headers: Readonly<Record<string, Buffer>>;
      readonly offset: string;
      readonly timestamp: string;
    }[];
  }>;
}

declare module 'kafkajs/src/errors.js' {
  /** What it makes of a broker's answer to a request that records be deleted. */
  export class KafkaJSConnectionError extends Error {
    constructor(message: string, parts: { broker: string });
  }
  export class KafkaJSDeleteTopicRecordsError extends Error {
    constructor(what: {
      readonly partitions: readonly { readonly partition: number; readonly offset: string; readonly error: Error }[];
    });
  }
}

/**
 * The parts inside kafkajs 2.2.4 that the adapters stand on (docs/adr/0009-kafkajs.md): its cluster and brokers, without
 * producer and consumer around them. The package has no export map and no releases any more; the version is pinned.
 */
declare module 'kafkajs/src/cluster/index.js' {
  import type { ConnectionOptions } from 'node:tls';
  import type { ISocketFactory, SASLOptions } from 'kafkajs';

  export interface ClusterOptions {
    readonly logger: unknown;
    readonly socketFactory: ISocketFactory;
    readonly brokers: readonly string[];
    readonly ssl: ConnectionOptions | boolean | undefined;
    readonly sasl: SASLOptions | undefined;
    readonly clientId: string;
    readonly connectionTimeout: number;
    readonly authenticationTimeout: number;
    readonly requestTimeout: number;
    readonly enforceRequestTimeout: boolean;
    readonly metadataMaxAge: number;
    readonly retry: { readonly retries: number };
    readonly allowAutoTopicCreation: boolean;
    readonly maxInFlightRequests: number | null;
    readonly isolationLevel: 0 | 1;
  }

  export interface PartitionMetadata {
    readonly partitionErrorCode: number;
    readonly partitionId: number;
    readonly leader: number;
    readonly isr: readonly number[];
    readonly replicas: readonly number[];
  }

  export interface RawMessage {
    readonly key: Buffer | null;
    readonly value: Buffer | null;
    readonly headers: Readonly<Record<string, Buffer | Buffer[] | undefined>>;
    readonly timestamp: string;
    readonly offset: string;
    readonly isControlRecord: boolean;
    readonly batchContext: { readonly inTransaction: boolean; readonly producerId: string };
  }

  export interface FetchedPartition {
    readonly partition: number;
    readonly errorCode: number;
    readonly highWatermark: string;
    readonly lastStableOffset: string;
    readonly lastStartOffset: string;
    readonly abortedTransactions: readonly { readonly producerId: string; readonly firstOffset: string }[] | null;
    readonly messages: readonly RawMessage[];
  }

  export interface FetchRequest {
    readonly isolationLevel: 0 | 1;
    readonly maxWaitTime: number;
    readonly minBytes: number;
    readonly maxBytes: number;
    readonly topics: readonly {
      readonly topic: string;
      readonly partitions: readonly {
        readonly partition: number;
        readonly fetchOffset: string;
        readonly maxBytes: number;
      }[];
    }[];
  }

  export interface ProducedMessage {
    readonly key: Buffer | string | null;
    readonly value: Uint8Array | null;
    readonly headers?: Readonly<Record<string, string | Buffer>>;
    readonly timestamp?: number;
  }

  export interface ProduceRequest {
    readonly acks: -1;
    readonly timeout: number;
    readonly topicData: readonly {
      readonly topic: string;
      readonly partitions: readonly { readonly partition: number; readonly messages: readonly ProducedMessage[] }[];
    }[];
  }

  export interface Broker {
    fetch(request: FetchRequest): Promise<{
      readonly responses: readonly { readonly topicName: string; readonly partitions: readonly FetchedPartition[] }[];
    }>;
    produce(request: ProduceRequest): Promise<{
      readonly topics: readonly {
        readonly partitions: readonly { readonly baseOffset: string; readonly logAppendTime: string }[];
      }[];
    }>;
  }

  export default class Cluster {
    constructor(options: ClusterOptions);
    connect(): Promise<void>;
    disconnect(): Promise<void>;
    addTargetTopic(topic: string): Promise<void>;
    refreshMetadata(): Promise<void>;
    findBroker(which: { readonly nodeId: number | string }): Promise<Broker>;
    findTopicPartitionMetadata(topic: string): readonly PartitionMetadata[];
    fetchTopicsOffset(
      topics: readonly {
        readonly topic: string;
        readonly partitions: readonly { readonly partition: number }[];
        readonly fromBeginning: boolean;
      }[],
    ): Promise<readonly { readonly partitions: readonly { readonly partition: number; readonly offset: string }[] }[]>;
  }
}

declare module 'kafkajs/src/loggers/index.js' {
  const loggers: { createLogger(options: { readonly level: number; readonly logCreator: unknown }): unknown };
  export default loggers;
}

/**
 * The parts inside kafkajs 2.2.4 that the adapters stand on (docs/adr/0009-kafkajs.md): its cluster and brokers, without
 * producer and consumer around them. The package has no export map and no releases any more; the version is pinned.
 */
declare module 'kafkajs/src/cluster/index.js' {
  import type { ConnectionOptions } from 'node:tls';
  import type { ISocketFactory, Mechanism } from 'kafkajs';

  export interface ClusterOptions {
    readonly logger: unknown;
    readonly socketFactory: ISocketFactory;
    readonly brokers: readonly string[];
    readonly ssl: ConnectionOptions | boolean | undefined;
    readonly sasl: Mechanism | undefined;
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

  /** How an answer is read: its bytes, and whether it tells of an error. */
  export interface ResponseCodec<T> {
    decode(bytes: Buffer): Promise<T>;
    parse(decoded: T): Promise<T>;
  }

  /** A request that the client sends, and whose answer it waits for, as it does with its own. */
  export interface Exchange<T> {
    readonly request: {
      readonly apiKey: number;
      readonly apiVersion: number;
      readonly apiName: string;
      encode(): Promise<{ readonly buf: Buffer; readonly buffer: Buffer }>;
    };
    readonly response: ResponseCodec<T>;
    /** How long the client waits for the answer, in ms, where that is longer than for all. */
    readonly requestTimeout?: number;
  }

  /** What a broker says of topics; a partition that has no leader now is led by -1. */
  export interface Metadata {
    readonly brokers: readonly { readonly host: string; readonly port: number }[];
    readonly topicMetadata: readonly {
      readonly topicErrorCode: number;
      readonly topic: string;
      readonly partitionMetadata: readonly PartitionMetadata[];
    }[];
  }

  export interface Broker {
    /** Its connections, authenticated when they are used. */
    readonly connectionPool: {
      readonly host: string;
      readonly port: number;
      send<T>(exchange: Exchange<T>): Promise<T>;
    };
    /** What it says of topics; of all where none is named. */
    metadata(topics?: readonly string[]): Promise<Metadata>;
  }

  export default class Cluster {
    constructor(options: ClusterOptions);
    readonly brokerPool: {
      createBroker(options: unknown): Broker;
      /** Asks one broker after the other until one answers; null where none does. */
      withBroker<T>(ask: (which: { readonly broker: Broker }) => Promise<T>): Promise<T | null>;
      readonly metadata: Metadata;
    };
    connect(): Promise<void>;
    addTargetTopic(topic: string): Promise<void>;
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

declare module 'kafkajs/src/admin/index.js' {
  import type { Admin } from 'kafkajs';
  import type Cluster from 'kafkajs/src/cluster/index.js';

  export default function createAdmin(options: {
    readonly logger: unknown;
    readonly retry: { readonly retries: number };
    readonly cluster: Cluster;
  }): Admin;
}

declare module 'kafkajs/src/protocol/requests/metadata/v6/request.js' {
  import type { Exchange, Metadata } from 'kafkajs/src/cluster/index.js';

  export default function request(asked: {
    readonly topics: readonly string[];
    readonly allowAutoTopicCreation: boolean;
  }): Exchange<Metadata>['request'];
}

declare module 'kafkajs/src/protocol/requests/metadata/v6/response.js' {
  import type { Metadata, ResponseCodec } from 'kafkajs/src/cluster/index.js';

  const codec: ResponseCodec<Metadata>;
  export default codec;
}

declare module 'kafkajs/src/loggers/index.js' {
  const loggers: { createLogger(options: { readonly level: number; readonly logCreator: unknown }): unknown };
  export default loggers;
}

declare module 'kafkajs/src/protocol/error.js' {
  export function createErrorFromCode(code: number): Error;
}

declare module 'kafkajs/src/broker/saslAuthenticator/plain.js' {
  import type { Mechanism } from 'kafkajs';

  export default function provider(credentials: {
    readonly username: string;
    readonly password: string;
  }): Mechanism['authenticationProvider'];
}

declare module 'kafkajs/src/broker/saslAuthenticator/scram256.js' {
  import type { Mechanism } from 'kafkajs';

  export default function provider(credentials: {
    readonly username: string;
    readonly password: string;
  }): Mechanism['authenticationProvider'];
}

declare module 'kafkajs/src/broker/saslAuthenticator/scram512.js' {
  import type { Mechanism } from 'kafkajs';

  export default function provider(credentials: {
    readonly username: string;
    readonly password: string;
  }): Mechanism['authenticationProvider'];
}

declare module 'kafkajs/src/broker/saslAuthenticator/oauthBearer.js' {
  import type { Mechanism } from 'kafkajs';

  export default function provider(credentials: {
    readonly oauthBearerProvider: () => Promise<{ readonly value: string }>;
  }): Mechanism['authenticationProvider'];
}

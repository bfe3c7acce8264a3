/** The client's knowledge of a cluster, from which links and commands begin. */
import { logLevel } from 'kafkajs';
import Cluster, { type Broker, type Metadata } from 'kafkajs/src/cluster/index.js';
import loggers from 'kafkajs/src/loggers/index.js';
import metadataRequest from 'kafkajs/src/protocol/requests/metadata/v6/request.js';
import metadataResponse from 'kafkajs/src/protocol/requests/metadata/v6/response.js';
import { errorOf } from '../protocol/answer.js';
import { CONNECT_TIMEOUT_MS, type KafkaConnection, type Sockets } from './connection.js';
import { saslOf } from './credentials.js';

export interface ClusterOptions {
  /** How long an answer may take, in ms. */
  readonly requestTimeoutMs: number;
  /** How often the client tries again by itself. */
  readonly retries: number;
  /** Read only what committed transactions wrote. */
  readonly committedOnly?: boolean;
}

/** The client says nothing by itself: whoever asked gets the error. */
export const SILENT = loggers.createLogger({ level: logLevel.NOTHING, logCreator: () => () => undefined });

/** A cluster of the client whose connections are of these sockets. */
export function clusterOf(
  { brokers, clientId, tls, credentials }: KafkaConnection,
  sockets: Sockets,
  { requestTimeoutMs, retries, committedOnly }: ClusterOptions,
): Cluster {
  const cluster = new Cluster({
    logger: SILENT,
    socketFactory: sockets.factory,
    brokers: [...brokers],
    ssl: tls,
    sasl: saslOf(credentials),
    clientId,
    connectionTimeout: CONNECT_TIMEOUT_MS,
    authenticationTimeout: CONNECT_TIMEOUT_MS,
    requestTimeout: requestTimeoutMs,
    enforceRequestTimeout: true,
    metadataMaxAge: Number.MAX_SAFE_INTEGER,
    retry: { retries },
    allowAutoTopicCreation: false,
    maxInFlightRequests: null,
    isolationLevel: committedOnly === true ? 1 : 0,
  });
  const { brokerPool } = cluster;
  const create = brokerPool.createBroker;
  brokerPool.createBroker = (options) => {
    const broker = create(options);
    broker.metadata = (topics = []) => metadataOf(broker, topics);
    return broker;
  };
  const withBroker = brokerPool.withBroker.bind(brokerPool);
  brokerPool.withBroker = async (ask) => {
    let cause: unknown;
    const answer = await withBroker((which) =>
      ask(which).catch((error: unknown) => {
        cause = error;
        throw error;
      }),
    );
    if (answer !== null) return answer;
    // The client takes it for an answer that no broker gave one. Each has had its time: that is not tried again.
    throw Object.assign(new Error('no broker answers', { cause }), { retriable: false });
  };
  return cluster;
}

/**
 * What a broker says of topics, or of all. The client itself takes an answer for an error as a whole when a single
 * partition in it has no leader, whoever's that is: then nothing could be read, written or made beside it.
 */
function metadataOf(broker: Broker, topics: readonly string[]): Promise<Metadata> {
  const request = metadataRequest({ topics, allowAutoTopicCreation: false });
  const parse = async (answer: Metadata): Promise<Metadata> => {
    for (const { topicErrorCode } of answer.topicMetadata) {
      const error = errorOf(topicErrorCode);
      if (error !== null) throw error;
    }
    return answer;
  };
  return broker.connectionPool.send({ request, response: { decode: metadataResponse.decode, parse } });
}
